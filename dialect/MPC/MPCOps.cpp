//===- MPCOps.cpp - verifiers of the mpc dialect --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCOps.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static WireTypeInterface wire(Value value) {
  return cast<WireTypeInterface>(value.getType());
}

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
// Checks that several operations share
//===----------------------------------------------------------------------===//

/// Same scale and ring in `a` and `b`.
static LogicalResult verifySameFormat(Operation *op, Value a, Value b) {
  if (wire(a).getScale() != wire(b).getScale())
    return op->emitOpError("expected one scale, found ")
           << wire(a).getScale() << " and " << wire(b).getScale();
  if (wire(a).getRing() != wire(b).getRing())
    return op->emitOpError("expected one ring, found ")
           << wire(a).getRing() << " and " << wire(b).getRing();
  return success();
}

/// Shared stays shared and masked stays masked.
static LogicalResult verifySameKind(Operation *op, Value a, Value b) {
  if (isa<SharedType>(a.getType()) != isa<SharedType>(b.getType()))
    return op->emitOpError("expected all shared or all masked, found ")
           << a.getType() << " and " << b.getType();
  return success();
}

static LogicalResult verifyLinear(Operation *op, ValueRange operands,
                                  Value result) {
  for (Value operand : operands)
    if (failed(verifySameKind(op, operand, result)) ||
        failed(verifySameFormat(op, operand, result)))
      return failure();
  return success();
}

static LogicalResult verifyShape(Operation *op, ArrayRef<int64_t> expected,
                                 Value result) {
  if (wire(result).getShape() == expected)
    return success();
  auto error = op->emitOpError("expected a result of shape [");
  llvm::interleaveComma(expected, error);
  return error << "], found " << result.getType();
}

static LogicalResult verifySameShape(Operation *op, Value a, Value b) {
  return verifyShape(op, wire(a).getShape(), b);
}

/// numpy broadcasting of two shapes; failure if they do not fit.
static FailureOr<SmallVector<int64_t>> broadcast(ArrayRef<int64_t> a,
                                                 ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()), 1);
  for (size_t i = 0; i < result.size(); ++i) {
    size_t fromEnd = result.size() - i;
    int64_t x = fromEnd <= a.size() ? a[a.size() - fromEnd] : 1;
    int64_t y = fromEnd <= b.size() ? b[b.size() - fromEnd] : 1;
    if (x != y && x != 1 && y != 1)
      return failure();
    result[i] = std::max(x, y);
  }
  return result;
}

static LogicalResult verifyBroadcast(Operation *op,
                                     ArrayRef<ArrayRef<int64_t>> operands,
                                     Value result) {
  SmallVector<int64_t> shape;
  for (ArrayRef<int64_t> operand : operands) {
    auto next = broadcast(shape, operand);
    if (failed(next))
      return op->emitOpError("operand shapes do not broadcast");
    shape = *next;
  }
  return verifyShape(op, shape, result);
}

/// The shape of a matrix product, batch axes broadcasting.
static LogicalResult verifyMatmulShape(Operation *op, ArrayRef<int64_t> a,
                                       ArrayRef<int64_t> b, Value result) {
  if (a.size() < 2 || b.size() < 2 || a.back() != b[b.size() - 2])
    return op->emitOpError("expected operands ...xMxK and ...xKxN, found ")
           << op->getOperand(0).getType() << " and "
           << op->getOperand(1).getType();
  auto shape = broadcast(a.drop_back(2), b.drop_back(2));
  if (failed(shape))
    return op->emitOpError("batch axes do not broadcast");
  shape->append({a[a.size() - 2], b.back()});
  return verifyShape(op, *shape, result);
}

/// The scale of a product is the sum of the scales; operands may be wider than
/// the ring of the result, never narrower.
static LogicalResult verifyProduct(Operation *op, ValueRange operands,
                                   Value result) {
  unsigned scale = 0;
  for (Value operand : operands) {
    scale += wire(operand).getScale();
    if (wire(operand).getRing() < wire(result).getRing())
      return op->emitOpError("operand of ring ")
             << wire(operand).getRing()
             << " is narrower than the result's ring "
             << wire(result).getRing();
  }
  if (scale != wire(result).getScale())
    return op->emitOpError("expected a result of scale ")
           << scale << ", found " << wire(result).getScale();
  return success();
}

static ArrayRef<int64_t> tensorShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
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
// Linear operations
//===----------------------------------------------------------------------===//

static LogicalResult verifyBinary(Operation *op, Value lhs, Value rhs,
                                  Value result) {
  if (failed(verifyLinear(op, {lhs, rhs}, result)))
    return failure();
  return verifyBroadcast(op, {wire(lhs).getShape(), wire(rhs).getShape()},
                         result);
}

LogicalResult AddOp::verify() {
  return verifyBinary(*this, getLhs(), getRhs(), getResult());
}

LogicalResult SubOp::verify() {
  return verifyBinary(*this, getLhs(), getRhs(), getResult());
}

LogicalResult ScaleByOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  return verifySameShape(*this, getInput(), getResult());
}

/// A factor of \p fractionBits adds to the scale; the ring stays.
static LogicalResult verifyTimesPublic(Operation *op, SharedType from,
                                       unsigned fractionBits, SharedType to) {
  if (from.getScale() + fractionBits != to.getScale())
    return op->emitOpError("expected a result of scale ")
           << from.getScale() + fractionBits << ", found " << to.getScale();
  if (from.getRing() != to.getRing())
    return op->emitOpError("keeps the ring");
  return success();
}

LogicalResult MulPublicOp::verify() {
  auto from = getInput().getType(), to = getResult().getType();
  if (failed(verifyTimesPublic(*this, from, getFractionBits(), to)))
    return failure();
  return verifyBroadcast(
      *this, {wire(getInput()).getShape(), tensorShape(getFactor())},
      getResult());
}

LogicalResult MatmulPublicOp::verify() {
  bool left = isa<SharedType>(getLhs().getType());
  if (left == isa<SharedType>(getRhs().getType()))
    return emitOpError("expected one shared and one public operand");
  auto from = cast<SharedType>((left ? getLhs() : getRhs()).getType());
  if (failed(verifyTimesPublic(*this, from, getFractionBits(),
                               getResult().getType())))
    return failure();
  ArrayRef<int64_t> matrix = tensorShape(left ? getRhs() : getLhs());
  return verifyMatmulShape(*this, left ? from.getShape() : matrix,
                           left ? matrix : from.getShape(), getResult());
}

LogicalResult AddPublicOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  return verifyBroadcast(*this,
                         {wire(getInput()).getShape(), tensorShape(getTerm())},
                         getResult());
}

LogicalResult SumLastOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInput()).getShape());
  if (shape.empty())
    return emitOpError("expected an operand with at least one axis");
  shape.back() = 1;
  return verifyShape(*this, shape, getResult());
}

LogicalResult ReshapeOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  if (wire(getInput()).getNumElements() != wire(getResult()).getNumElements())
    return emitOpError("changes the number of elements from ")
           << wire(getInput()).getNumElements() << " to "
           << wire(getResult()).getNumElements();
  return success();
}

LogicalResult TransposeOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  ArrayRef<int64_t> from = wire(getInput()).getShape();
  SmallVector<int64_t> sorted(getPermutation()), expected, shape;
  llvm::sort(sorted);
  for (size_t i = 0; i < from.size(); ++i)
    expected.push_back(i);
  if (sorted != expected)
    return emitOpError("expected a permutation of ") << from.size() << " axes";
  for (int64_t axis : getPermutation())
    shape.push_back(from[axis]);
  return verifyShape(*this, shape, getResult());
}

LogicalResult BroadcastOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  return verifyBroadcast(
      *this, {wire(getInput()).getShape(), wire(getResult()).getShape()},
      getResult());
}

LogicalResult SliceOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  ArrayRef<int64_t> from = wire(getInput()).getShape();
  ArrayRef<int64_t> to = wire(getResult()).getShape();
  if (getStarts().size() != from.size() || getStrides().size() != from.size() ||
      to.size() != from.size())
    return emitOpError("expected a start and a stride for each of ")
           << from.size() << " axes";
  for (size_t i = 0; i < from.size(); ++i) {
    int64_t first = getStarts()[i];
    int64_t last = first + (to[i] - 1) * getStrides()[i];
    if (getStrides()[i] == 0)
      return emitOpError("expected strides other than 0");
    if (std::min(first, last) < 0 || std::max(first, last) >= from[i])
      return emitOpError("leaves the operand along axis ") << i;
  }
  return success();
}

LogicalResult TakeOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInput()).getShape());
  uint64_t axis = getAxis();
  if (axis >= shape.size())
    return emitOpError("has no axis ") << getAxis();
  for (int64_t index : getIndices())
    if (index < 0 || index >= shape[axis])
      return emitOpError("expected indices of 0 to ")
             << shape[axis] - 1 << ", found " << index;
  shape[axis] = getIndices().size();
  return verifyShape(*this, shape, getResult());
}

LogicalResult PadOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInput()).getShape());
  if (getLow().size() != shape.size() || getHigh().size() != shape.size())
    return emitOpError("expected two amounts for each of ")
           << shape.size() << " axes";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (getLow()[i] < 0 || getHigh()[i] < 0)
      return emitOpError("expected amounts of 0 or more along axis ") << i;
    shape[i] += getLow()[i] + getHigh()[i];
  }
  return verifyShape(*this, shape, getResult());
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError("expected at least one operand");
  if (failed(verifyLinear(*this, getInputs(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInputs().front()).getShape());
  uint64_t axis = getAxis();
  if (axis >= shape.size())
    return emitOpError("has no axis ") << getAxis();
  shape[axis] = 0;
  for (Value input : getInputs()) {
    SmallVector<int64_t> other(wire(input).getShape());
    if (other.size() != shape.size())
      return emitOpError("expected operands of one rank");
    shape[axis] += other[axis];
    other[axis] = shape[axis];
    if (other != shape)
      return emitOpError("expected operands alike but for axis ") << getAxis();
  }
  return verifyShape(*this, shape, getResult());
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
  if (getInputRing() < 2 || getInputRing() > 20)
    return emitOpError("expected an input ring of 2 to 20 bits, found ")
           << getInputRing();
  if (getLow().convertToDouble() >= getHigh().convertToDouble())
    return emitOpError("expected a range with low < high");
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
