//===- FuseSoftmax.cpp - softmax spelled with exp and sum -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/MaskExpression.h"
#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_FUSESOFTMAX
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

/// e * (1 / sum(e)) with e = exp(y)
static void fuse(MulOp product) {
  for (auto [e, factor] : {std::pair(product.getLhs(), product.getRhs()),
                           std::pair(product.getRhs(), product.getLhs())}) {
    Value y = unaryInput(e, UnaryKind::Exp);
    Value total = unaryInput(factor, UnaryKind::Reciprocal);
    auto sum = total ? total.getDefiningOp<ReduceOp>() : nullptr;
    if (!sum || sum.getKind() != ReduceKind::Sum)
      continue;
    if (auto weighted = e.getDefiningOp<MulOp>();
        weighted && sum.getInput() == e &&
        (unaryInput(weighted.getLhs(), UnaryKind::Exp) ||
         unaryInput(weighted.getRhs(), UnaryKind::Exp)))
      product.emitRemark(
          "looks like softmax but is not: expected exponentials, "
          "found exponentials times something: a mask belongs "
          "before the exponential");
    if (!y)
      continue;
    if (sum.getInput() != e) {
      product.emitRemark("looks like softmax but is not: expected the sum of "
                         "the exponentials that it divides, found the sum of "
                         "something else");
      return;
    }
    if (sum.getAxes().size() != 1 || !sum.getKeepdims()) {
      product.emitRemark("looks like softmax but is not: expected a sum over "
                         "one axis that keeps it, found axes [")
          << sum.getAxes() << "]";
      return;
    }
    int64_t axis = sum.getAxes().front();
    OpBuilder builder(product);
    auto softmax =
        SoftmaxOp::create(builder, product.getLoc(), withoutShift(y, axis),
                          /*mask=*/Value(), axis, APFloat(1.0f),
                          /*quad=*/FloatAttr());
    product.getResult().replaceAllUsesWith(softmax);
    return;
  }
}

namespace {
struct FuseSoftmax : secformer::nn::impl::FuseSoftmaxBase<FuseSoftmax> {
  void runOnOperation() override {
    getOperation()->walk([](MulOp op) { fuse(op); });
    eraseDeadOperations(getOperation());
  }
};
} // namespace
