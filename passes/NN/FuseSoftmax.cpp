//===- FuseSoftmax.cpp - softmax spelled with exp and sum -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_FUSESOFTMAX
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

/// x if y = x - m, where m is the same all along the axis: softmax does not see
/// m. Otherwise y.
static Value withoutShift(Value y, int64_t axis) {
  auto difference = y.getDefiningOp<SubOp>();
  if (!difference || difference.getLhs().getType() != difference.getType())
    return y;
  RankedTensorType shift = tensorType(difference.getRhs());
  // Axis of the shift, which may have fewer leading axes.
  int64_t own = axis - (tensorType(y).getRank() - shift.getRank());
  return own < 0 || shift.getDimSize(own) == 1 ? difference.getLhs() : y;
}

/// e * (1 / sum(e)) with e = exp(y)
static void fuse(MulOp product) {
  for (auto [e, factor] : {std::pair(product.getLhs(), product.getRhs()),
                           std::pair(product.getRhs(), product.getLhs())}) {
    Value y = unaryInput(e, UnaryKind::Exp);
    Value total = unaryInput(factor, UnaryKind::Reciprocal);
    auto sum = total ? total.getDefiningOp<ReduceOp>() : nullptr;
    if (!y || !sum || sum.getKind() != ReduceKind::Sum || sum.getInput() != e)
      continue;
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
                          /*mask=*/Value(), axis, APFloat(1.0f));
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
