//===- CheckMagnitudes.cpp - numbers that drown others --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"
#include "passes/NN/Ranges.h"
#include "passes/NN/Secrecy.h"

#include <cmath>

namespace secformer::nn {
#define GEN_PASS_DEF_CHECKMAGNITUDES
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

/// Smaller numbers are never in the way.
static constexpr double harmless = 1000;
/// Larger ones may be so many times what they are put beside.
static constexpr double largestRatio = 100;

/// The largest absolute value, if it is known.
static std::optional<double> magnitude(Value value) {
  std::optional<Range> range = getRange(value);
  if (DenseElementsAttr elements = constantElements(value))
    range = rangeOf(Tensor::fromAttribute(elements));
  if (!range)
    return std::nullopt;
  return std::max(std::abs(range->low), std::abs(range->high));
}

/// Does the value of one element of the result come from operands that are put
/// side by side?
static bool joins(Operation *op) {
  return isa<AddOp, SubOp, MaxOp, MinOp, SelectOp>(op);
}

static LogicalResult check(Operation *op, const SecrecyAnalysis &secrecy) {
  if (!joins(op) || secrecy.of(op->getResult(0)) == Secrecy::Public ||
      !tensorType(op->getResult(0)).getElementType().isF32())
    return success();
  ValueRange operands = op->getOperands().take_back(2);
  std::optional<double> a = magnitude(operands[0]), b = magnitude(operands[1]);
  if (!a || !b)
    return success();
  const double large = std::max(*a, *b), small = std::min(*a, *b);
  if (large < harmless || large < largestRatio * small)
    return success();
  return op->emitError("numbers up to ")
         << toText(large) << " beside numbers up to " << toText(small)
         << ", which they drown in fixed point: expected at most "
         << toText(harmless) << ", or " << toText(largestRatio)
         << " times as large. If it is an attention mask, -v says why it was "
            "not recognized";
}

namespace {
struct CheckMagnitudes
    : secformer::nn::impl::CheckMagnitudesBase<CheckMagnitudes> {
  void runOnOperation() override {
    SecrecyAnalysis secrecy(getOperation());
    auto result = getOperation()->walk([&](Operation *op) {
      return failed(check(op, secrecy)) ? WalkResult::interrupt()
                                        : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
