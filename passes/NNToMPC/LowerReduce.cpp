//===- LowerReduce.cpp - sums and means of secrets along axes -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"

using namespace mlir;
using namespace secformer;

Value secformer::withAxesLast(Emitter &emit, Value wire,
                              ArrayRef<int64_t> axes) {
  ArrayRef<int64_t> extents = cast<mpc::SharedType>(wire.getType()).getShape();
  SmallVector<int64_t> permutation, shape;
  for (int64_t axis = 0; axis < int64_t(extents.size()); ++axis) {
    if (llvm::is_contained(axes, axis))
      continue;
    permutation.push_back(axis);
    shape.push_back(extents[axis]);
  }
  shape.push_back(1);
  for (int64_t axis : axes) {
    permutation.push_back(axis);
    shape.back() *= extents[axis];
  }
  if (!llvm::is_sorted(permutation))
    wire = emit.transpose(wire, permutation);
  return emit.reshape(wire, shape);
}

/// Sum or mean over the trailing axes.
LogicalResult secformer::lowerReduce(nn::ReduceOp op, Lowering &state) {
  Emitter &emit = state.emit;
  StringRef kind = nn::stringifyReduceKind(op.getKind());
  bool mean = op.getKind() == nn::ReduceKind::Mean;
  if (!mean && op.getKind() != nn::ReduceKind::Sum)
    return op.emitError("'") << kind << "' over secrets is not supported";
  auto x = state.secret(op.getInput());
  auto bounds = state.range(op.getResult());
  if (failed(x) || failed(bounds))
    return failure();
  Value last = withAxesLast(emit, x->wire, op.getAxes());
  const int64_t count = cast<mpc::SharedType>(last.getType()).getShape().back();
  Value wire = emit.reshape(emit.sumLast(last), shapeOf(op.getResult()));
  if (mean) {
    unsigned bits = emit.fraction + llvm::Log2_64_Ceil(count);
    wire = llvm::isPowerOf2_64(count)
               ? emit.relabel(wire, llvm::Log2_64(count))
               : emit.mulPublic(wire, emit.splat(1.0 / count), bits);
  }
  state.bind(op.getResult(), Secret{wire, bounds->bound()});
  return success();
}
