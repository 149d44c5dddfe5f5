//===- LowerReduce.cpp - sums and means of secrets along axes -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"

using namespace mlir;
using namespace secformer;

/// Sum or mean over the trailing axes.
LogicalResult secformer::lowerReduce(nn::ReduceOp op, Lowering &state) {
  Emitter &emit = state.emit;
  StringRef kind = nn::stringifyReduceKind(op.getKind());
  bool mean = op.getKind() == nn::ReduceKind::Mean;
  if (!mean && op.getKind() != nn::ReduceKind::Sum)
    return op.emitError("'")
           << kind << "' over secrets needs comparisons; it is not supported";
  auto x = state.secret(op.getInput());
  auto bounds = state.range(op.getResult());
  if (failed(x) || failed(bounds))
    return failure();
  // Bring the reduced axes to the end, as one.
  int64_t rank = x->shape().size(), count = 1;
  SmallVector<int64_t> permutation, shape;
  for (int64_t axis = 0; axis < rank; ++axis) {
    if (llvm::is_contained(op.getAxes(), axis))
      continue;
    permutation.push_back(axis);
    shape.push_back(x->shape()[axis]);
  }
  for (int64_t axis : op.getAxes()) {
    permutation.push_back(axis);
    count *= x->shape()[axis];
  }
  shape.push_back(count);
  Value wire = x->wire;
  if (!llvm::is_sorted(permutation))
    wire = emit.transpose(wire, permutation);
  wire = emit.reshape(emit.sumLast(emit.reshape(wire, shape)),
                      shapeOf(op.getResult()));
  if (mean) {
    unsigned bits = emit.fraction + llvm::Log2_64_Ceil(count);
    wire = llvm::isPowerOf2_64(count)
               ? emit.relabel(wire, llvm::Log2_64(count))
               : emit.mulPublic(wire, emit.splat(1.0 / count), bits);
  }
  state.bind(op.getResult(), Secret{wire, bounds->bound()});
  return success();
}
