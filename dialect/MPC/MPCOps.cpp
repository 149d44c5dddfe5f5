//===- MPCOps.cpp - verifiers of what is not linear -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCVerify.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

StringRef mpc::sourceName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (StringRef name = sourceName(part); !name.empty())
        return name;
  return {};
}

//===----------------------------------------------------------------------===//
// Kinds and formats
//===----------------------------------------------------------------------===//

LogicalResult ShareOp::verify() {
  return success(succeeded(verifySameShape(*this, getInput(), getResult())) &&
                 succeeded(verifySameFormat(*this, getInput(), getResult())));
}

LogicalResult MaskOp::verify() {
  if (unsigned owner = getInput().getType().getOwner(); isOutside(owner))
    return emitOpError("expected a value of a party, found one of the ")
           << ownerName(owner) << ": share and open it";
  return success(succeeded(verifySameShape(*this, getInput(), getResult())) &&
                 succeeded(verifySameFormat(*this, getInput(), getResult())));
}

LogicalResult OpenOp::verify() {
  return success(succeeded(verifySameShape(*this, getInput(), getResult())) &&
                 succeeded(verifySameFormat(*this, getInput(), getResult())));
}

LogicalResult UnmaskOp::verify() {
  return success(succeeded(verifySameShape(*this, getInput(), getResult())) &&
                 succeeded(verifySameFormat(*this, getInput(), getResult())));
}

LogicalResult PublicInputOp::verify() {
  return verifyOwnerOfInput(*this, getOwner());
}

LogicalResult OutputOp::verify() {
  if (!llvm::is_contained({"float32", "int64", "int32", "bool"}, getDtype()))
    return emitOpError("expected dtype float32, int64, int32 or bool, found '")
           << getDtype() << "'";
  return success();
}

LogicalResult RevealOp::verify() {
  if (unsigned to = getResult().getType().getOwner(), all = resultsOwner(*this);
      to != all)
    return emitOpError("expected ")
           << ownerName(all) << ", to whom all results go, found "
           << ownerName(to);
  if (failed(verifySameShape(*this, getInput(), getResult())) ||
      failed(verifySameFormat(*this, getInput(), getResult())))
    return failure();
  if (getOperandRing(0) > getInput().getType().getRing())
    return emitOpError("values up to ")
           << getBound().convertToDouble() << " at scale "
           << getInput().getType().getScale() << " need a ring of "
           << getOperandRing(0) << " bits, found "
           << getInput().getType().getRing();
  return success();
}

/// What both truncations that use a range ask for.
template <typename Truncation>
static LogicalResult verifyTruncation(Truncation op) {
  auto from = op.getInput().getType();
  auto to = op.getResult().getType();
  if (failed(verifySameShape(op, op.getInput(), op.getResult())))
    return failure();
  if (to.getScale() >= from.getScale())
    return op.emitOpError("expected a scale below ")
           << from.getScale() << ", found " << to.getScale();
  if (from.getScale() - to.getScale() > from.getRing() - 2)
    return op.emitOpError("shifts out the whole ring of ")
           << from.getRing() << " bits";
  if (op.getOperandRing(0) > from.getRing())
    return op.emitOpError("values up to ")
           << op.getBound().convertToDouble() << " at scale " << from.getScale()
           << " need a ring of " << op.getOperandRing(0) << " bits, found "
           << from.getRing();
  return success();
}

LogicalResult TruncateOp::verify() { return verifyTruncation(*this); }
LogicalResult TruncateOpenOp::verify() { return verifyTruncation(*this); }

LogicalResult NarrowOp::verify() {
  auto from = getInput().getType(), to = getResult().getType();
  if (failed(verifySameShape(*this, getInput(), getResult())))
    return failure();
  if (to.getScale() > from.getScale())
    return emitOpError("expected a scale of at most ")
           << from.getScale() << ", found " << to.getScale();
  if (getOperandRing(0) > from.getRing())
    return emitOpError("a ring of ")
           << to.getRing() << " bits after dropping "
           << from.getScale() - to.getScale() << " needs a ring of at least "
           << getOperandRing(0) << ", found " << from.getRing();
  return success();
}

LogicalResult ReduceOp::verify() {
  if (failed(verifySameKind(*this, getInput(), getResult())) ||
      failed(verifySameShape(*this, getInput(), getResult())))
    return failure();
  if (wire(getInput()).getScale() != wire(getResult()).getScale())
    return emitOpError("keeps the scale");
  if (wire(getResult()).getRing() > wire(getInput()).getRing())
    return emitOpError("expected a ring of at most ")
           << wire(getInput()).getRing() << ", found "
           << wire(getResult()).getRing();
  return success();
}

LogicalResult RelabelOp::verify() {
  if (failed(verifySameKind(*this, getInput(), getResult())) ||
      failed(verifySameShape(*this, getInput(), getResult())))
    return failure();
  if (wire(getInput()).getRing() != wire(getResult()).getRing())
    return emitOpError("keeps the ring");
  return success();
}

//===----------------------------------------------------------------------===//
// Products and functions
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::verify() {
  if (failed(verifyProduct(*this, getOperands(), getResult())))
    return failure();
  return verifyMatmulShape(*this, wire(getLhs()).getShape(),
                           wire(getRhs()).getShape(), getResult());
}

LogicalResult MulOp::verify() {
  if (failed(verifyProduct(*this, getOperands(), getResult())))
    return failure();
  return verifyBroadcast(*this,
                         {wire(getLhs()).getShape(), wire(getRhs()).getShape()},
                         getResult());
}

LogicalResult Mul3Op::verify() {
  if (failed(verifyProduct(*this, getOperands(), getResult())))
    return failure();
  return verifyBroadcast(*this,
                         {wire(getA()).getShape(), wire(getB()).getShape(),
                          wire(getC()).getShape()},
                         getResult());
}

LogicalResult FitOp::verify() {
  if (getCosine().empty() || getCosine().size() != getSine().size())
    return emitOpError("expected as many sine as cosine coefficients, and at "
                       "least one");
  if (getDealtBits().size() != getCosine().size())
    return emitOpError("expected dealt bits for each of ")
           << getCosine().size() << " harmonics, found "
           << getDealtBits().size();
  for (int32_t bits : getDealtBits())
    if (bits < 1 || bits > 40)
      return emitOpError("expected 1 to 40 dealt bits, found ") << bits;
  if (getInputRing() < 2 || getInputRing() > 20)
    return emitOpError("expected an input ring of 2 to 20 bits, found ")
           << getInputRing();
  if (getLow().convertToDouble() >= getHigh().convertToDouble())
    return emitOpError("expected a range with low < high");
  if (int32_t(getFirstFrequency()) < 1 || int32_t(getFrequencyStep()) < 1)
    return emitOpError("expected a first frequency and a step of 1 or more");
  if (getFactorBits() > getCoefficientBits() + 16)
    return emitOpError("expected at most ")
           << getCoefficientBits() + 16
           << " factor bits, 16 more than coefficient bits, found "
           << getFactorBits();
  for (ArrayRef<int64_t> part : {getCosine(), getSine()})
    for (int64_t coefficient : part)
      if (coefficient <= -(int64_t(1) << 32) || coefficient >= int64_t(1) << 32)
        return emitOpError("coefficient ")
               << coefficient << " has over 32 bits";
  return success();
}

FitOp UnivariateOp::lookupFit() {
  return SymbolTable::lookupNearestSymbolFrom<FitOp>(*this, getFitAttr());
}

LogicalResult
UnivariateOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto fit = symbolTable.lookupNearestSymbolFrom<FitOp>(*this, getFitAttr());
  if (!fit)
    return emitOpError("names the fit ")
           << getFit() << ", which does not exist";
  MaskedType input = getInput().getType();
  SharedType result = getResult().getType();
  if (input.getScale() != fit.getInputScale() ||
      input.getRing() < fit.getInputRing())
    return emitOpError("the fit reads scale ")
           << fit.getInputScale() << ", ring " << fit.getInputRing()
           << ", found " << getInput().getType();
  if (result.getScale() != fit.getResultScale())
    return emitOpError("expected a result of scale ")
           << fit.getResultScale() << ", found " << result.getScale();
  return verifySameShape(*this, getInput(), getResult());
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

LogicalResult CompareOp::verify() {
  MaskedType from = getInput().getType();
  DecidedType to = getResult().getType();
  for (int32_t bits : getChunks())
    if (bits < 1 || bits > 8)
      return emitOpError("expected chunks of 1 to 8 bits, found ") << bits;
  if (getOperandRing(0) > from.getRing())
    return emitOpError("compares ")
           << getOperandRing(0) << " bits of a ring of " << from.getRing();
  if (to.getShape() != from.getShape() ||
      to.getChunks() != getChunks().size() ||
      to.getThresholds() != getThresholds().size())
    return emitOpError("of ")
           << getThresholds().size() << " thresholds in " << getChunks().size()
           << " chunks does not give " << to;
  return success();
}

static CompareOp comparisonOf(Value decided) {
  if (auto round = decided.getDefiningOp<RoundOp>())
    decided = round.getBody().front().getTerminator()->getOperand(
        cast<OpResult>(decided).getResultNumber());
  return decided.getDefiningOp<CompareOp>();
}

CompareOp IndicatorOp::lookupComparison() { return comparisonOf(getDecided()); }
CompareOp SelectOp::lookupComparison() { return comparisonOf(getDecided()); }

/// A decision of \p decided for every element of the result.
static LogicalResult verifyDecision(Operation *op, DecidedType decided,
                                    unsigned index, Value result) {
  if (index >= decided.getThresholds())
    return op->emitOpError("has no threshold ") << index;
  return verifyShape(op, decided.getShape(), result);
}

LogicalResult IndicatorOp::verify() {
  if (getResult().getType().getScale() != 0)
    return emitOpError("expected a result of scale 0, found ")
           << getResult().getType().getScale();
  return verifyDecision(*this, getDecided().getType(), getIndex(), getResult());
}

LogicalResult SelectOp::verify() {
  if (failed(verifyProduct(*this, getInput(), getResult())) ||
      failed(verifySameShape(*this, getInput(), getResult())))
    return failure();
  return verifyDecision(*this, getDecided().getType(), getIndex(), getResult());
}

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

static LogicalResult verifyYield(Operation *op, Region &body) {
  Operation *yield = body.front().getTerminator();
  if (yield->getOperandTypes() != op->getResultTypes())
    return op->emitOpError("expected to yield values of its result types");
  return success();
}

LogicalResult RoundOp::verify() {
  for (Operation &op : getBody().front().without_terminator()) {
    if (!isMessage(&op))
      return op.emitOpError(
          "sends no message and does not belong into a round");
    for (Value operand : op.getOperands())
      if (operand.getParentRegion() == &getBody())
        return op.emitOpError("needs a value of the round it is in");
  }
  return verifyYield(*this, getBody());
}

LogicalResult SetupOp::verify() {
  for (Operation &op : getBody().front().without_terminator()) {
    if (!isa<ParamOp, PublicParamOp, ShareOp, MaskOp, RoundOp, ReduceOp>(op))
      return op.emitOpError("does not belong into the setup of a model");
    if (auto round = dyn_cast<RoundOp>(op))
      for (Operation &message : round.getBody().front().without_terminator())
        if (!isa<MaskOp, OpenOp>(message))
          return message.emitOpError("does not belong into the setup of a "
                                     "model");
  }
  return verifyYield(*this, getBody());
}

#define GET_OP_CLASSES
#include "dialect/MPC/MPCOps.cpp.inc"
