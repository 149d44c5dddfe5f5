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

namespace {
/// What is refused: numbers that reach `size` and `ratio` times what they are
/// put beside.
struct Limit {
  double size, ratio;
};
} // namespace

/// Among scores, large numbers are masks. Elsewhere models have large numbers
/// of their own, such as a few positions of the residual stream.
static constexpr Limit amongScores = {1e3, 1e2};
static constexpr Limit elsewhere = {1e6, 1e3};
/// At most so many operations before a softmax.
static constexpr unsigned maxDepth = 8;

/// Is the value an argument of a softmax, after element-wise operations?
static bool isScore(Value value, unsigned depth = 0) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (isa<SoftmaxOp, LogSoftmaxOp>(user) || unaryKind(user) == UnaryKind::Exp)
      return true;
    return (isElementwise(user) || isRearrangement(user)) && depth < maxDepth &&
           isScore(user->getResult(0), depth + 1);
  });
}

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
/// side by side? (A limit out of reach is dropped from maxima and minima.)
static bool joins(Operation *op) { return isa<AddOp, SubOp, SelectOp>(op); }

static LogicalResult check(Operation *op, const SecrecyAnalysis &secrecy) {
  if (!joins(op) || secrecy.of(op->getResult(0)) == Secrecy::Public ||
      !tensorType(op->getResult(0)).getElementType().isF32())
    return success();
  ValueRange operands = op->getOperands().take_back(2);
  std::optional<double> a = magnitude(operands[0]), b = magnitude(operands[1]);
  if (!a || !b)
    return success();
  const double large = std::max(*a, *b), small = std::min(*a, *b);
  const Limit limit = isScore(op->getResult(0)) ? amongScores : elsewhere;
  if (large < limit.size || large < limit.ratio * small)
    return success();
  return op->emitError("numbers up to ")
         << toText(large) << " beside numbers up to " << toText(small)
         << ", which they drown in fixed point: expected at most "
         << toText(limit.size) << ", or " << toText(limit.ratio)
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
