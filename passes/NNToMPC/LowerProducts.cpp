//===- LowerProducts.cpp - matrix products of secrets ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"

using namespace mlir;
using namespace secformer;

LogicalResult secformer::lowerMatmul(nn::MatmulOp op, Lowering &state) {
  Emitter &emit = state.emit;
  if (state.isPublic(op.getLhs()) || state.isPublic(op.getRhs()))
    return op.emitError("matrix product of a secret and a public run-time "
                        "tensor is not supported: make the tensor a weight");
  auto b = state.secret(op.getRhs());
  auto bounds = state.range(op.getResult());
  if (failed(b) || failed(bounds))
    return failure();
  Lowered lhs = state.get(op.getLhs());
  ArrayRef<int64_t> shape = shapeOf(op.getLhs());
  // A factor per row passes through: (r e) V = r (e V).
  if (!lhs.factors.empty() && shape.size() >= 2 &&
      shapeOf(op.getRhs()).size() <= shape.size()) {
    // What belongs to a column of e belongs to a row of V as well.
    Secret v = lhs.columns ? emit.timesRows(*b, lhs.columns)
                           : emit.atScale(*b, emit.fraction);
    Value numerator = emit.matmul(emit.opened(lhs.secret, lhs.secret.scale()),
                                  emit.opened(v, v.scale()));
    Secret product{numerator, lhs.rowSum * b->bound};
    state.bind(op.getResult(),
               Lowered{{},
                       product,
                       lhs.factors,
                       product.bound * double(product.shape().back())});
    return success();
  }
  auto a = state.secret(op.getLhs());
  if (failed(a))
    return failure();
  if (a->shape().size() < 2 || b->shape().size() < 2)
    return op.emitError("matrix products of vectors are not supported on "
                        "secrets: reshape them to matrices");
  state.bind(op.getResult(), Secret{emit.matmul(emit.opened(*a, emit.fraction),
                                                emit.opened(*b, emit.fraction)),
                                    bounds->bound()});
  return success();
}
