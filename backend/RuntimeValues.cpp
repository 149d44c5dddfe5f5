//===- RuntimeValues.cpp - what an mpc module says, in runtime types ------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "backend/RuntimeValues.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

runtime::Shape secformer::shapeOf(Value value) {
  auto wire = dyn_cast<WireTypeInterface>(value.getType());
  ArrayRef<int64_t> shape = wire ? wire.getShape() : plainShape(value);
  return {shape.begin(), shape.end()};
}

runtime::WireType secformer::wireTypeOf(Value wire) {
  auto type = cast<WireTypeInterface>(wire.getType());
  return {shapeOf(wire), type.getScale(), type.getRing()};
}

runtime::Univariate secformer::univariateOf(FitOp fit) {
  const double unit = std::ldexp(1.0, -int(fit.getInputScale()));
  double low = fit.getLow().convertToDouble();
  double high = fit.getHigh().convertToDouble();
  // An even function is fitted on both sides.
  if (llvm::all_of(fit.getSine(), [](int64_t b) { return b == 0; })) {
    high = std::max(std::abs(low), std::abs(high));
    low = -high;
  }
  return {fit.getInputRing(),
          fit.getFirstFrequency(),
          fit.getFrequencyStep(),
          fit.getFactorBits(),
          fit.getCoefficientBits(),
          int64_t(fit.getConstant()),
          {fit.getDealtBits().begin(), fit.getDealtBits().end()},
          {fit.getCosine().begin(), fit.getCosine().end()},
          {fit.getSine().begin(), fit.getSine().end()},
          int64_t(std::ceil(low / unit)),
          int64_t(std::floor(high / unit))};
}

runtime::Comparison secformer::comparisonOf(CompareOp compare) {
  return {{compare.getThresholds().begin(), compare.getThresholds().end()},
          compare.getDrop(),
          {compare.getChunks().begin(), compare.getChunks().end()}};
}

runtime::OpenTruncation secformer::openTruncationOf(TruncateOpenOp truncate) {
  return {signedBits(truncate.getBound().convertToDouble(),
                     truncate.getInput().getType().getScale()) -
              1,
          truncate.getStatistical()};
}

std::vector<double> secformer::valuesOf(ConstantOp constant) {
  auto elements = cast<DenseElementsAttr>(constant.getValue());
  if (elements.isSplat())
    return {elements.getSplatValue<APFloat>().convertToDouble()};
  std::vector<double> values;
  for (const APFloat &value : elements.getValues<APFloat>())
    values.push_back(value.convertToDouble());
  return values;
}

bool secformer::isSharedFromOutside(func::FuncOp program) {
  return program
      .walk([](CostInterface op) {
        return op.getCost().outsideToParty1 ? WalkResult::interrupt()
                                            : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Is the operand of an output, made in a round or not, what was revealed?
static LogicalResult checkOutput(OutputOp output) {
  Value value = output.getInput();
  if (auto round = value.getDefiningOp<RoundOp>())
    value = round.getBody().front().getTerminator()->getOperand(
        cast<OpResult>(value).getResultNumber());
  if (value.getDefiningOp<RevealOp>())
    return success();
  return output.emitOpError("expected a value that was revealed");
}

/// No input is secret in one place and sent in the clear in another, and only
/// what was revealed is output.
static LogicalResult checkSecrecy(func::FuncOp program) {
  llvm::StringSet<> secret;
  program.walk([&](InputOp input) { secret.insert(input.getName()); });
  WalkResult checked = program.walk([&](Operation *op) -> WalkResult {
    if (auto input = dyn_cast<PublicInputOp>(op);
        input && secret.contains(input.getName()))
      return input.emitError("sends the input '")
             << input.getName()
             << "' in the clear, which is a secret elsewhere";
    auto output = dyn_cast<OutputOp>(op);
    return output ? checkOutput(output) : success();
  });
  return failure(checked.wasInterrupted());
}

FailureOr<func::FuncOp> secformer::programOf(ModuleOp module) {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  if (functions.size() != 1 || !functions[0].getBody().hasOneBlock())
    return module.emitError("expected one function of one block, found ")
           << functions.size();
  if (failed(checkSecrecy(functions[0])))
    return failure();
  return functions[0];
}

LogicalResult secformer::checkScheduled(Operation *op) {
  if (isMessage(op) && !isa<RoundOp>(op->getParentOp()))
    return op->emitError("sends a message outside of a round: run "
                         "secformer-schedule-rounds before");
  if (auto share = dyn_cast<ShareOp>(op);
      share && share.getInput().getType().getOwner() == kProvider &&
      !op->getParentOfType<SetupOp>())
    return op->emitError("shares weights of the provider outside of the setup: "
                         "run secformer-schedule-rounds before");
  return success();
}
