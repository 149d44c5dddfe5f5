//===- FuseSoftmaxScale.cpp - factors of queries and keys -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A factor of the queries or the keys is one of the scores, where softmax
// applies it for nothing.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_FUSESOFTMAXSCALE
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

/// Past rearrangements, as long as nobody else uses what they are of.
static Value throughOwnShapes(Value value) {
  while (value.hasOneUse() && isRearrangement(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// Takes positive factors out of the value; their product.
static double takeFactor(SoftmaxOp softmax, Value value) {
  Value source = throughOwnShapes(value);
  auto product = source.getDefiningOp<MulOp>();
  std::optional<double> factor;
  if (product && product.getLhs().getType() == product.getType())
    factor = splatValue(product.getRhs());
  if (!factor)
    return 1;
  if (*factor <= 0 || !source.hasOneUse()) {
    softmax.emitRemark("keeps the factor ")
        << toText(*factor) << " of an operand of its scores: "
        << (*factor <= 0 ? "expected a positive one"
                         : "the scaled operand has other uses");
    return 1;
  }
  Value rest = product.getLhs();
  product.getResult().replaceAllUsesWith(rest);
  product.erase();
  return *factor * takeFactor(softmax, rest);
}

static void fuse(SoftmaxOp softmax) {
  Value scores = throughOwnShapes(softmax.getInput());
  auto product = scores.getDefiningOp<MatmulOp>();
  if (!product || !scores.hasOneUse())
    return;
  double scale = softmax.getScale().convertToDouble();
  for (unsigned i : {0u, 1u})
    scale *= takeFactor(softmax, product->getOperand(i));
  softmax.setScale(APFloat(float(scale)));
}

namespace {
struct FuseSoftmaxScale
    : secformer::nn::impl::FuseSoftmaxScaleBase<FuseSoftmaxScale> {
  void runOnOperation() override {
    getOperation()->walk([](SoftmaxOp op) { fuse(op); });
    eraseDeadOperations(getOperation());
  }
};
} // namespace
