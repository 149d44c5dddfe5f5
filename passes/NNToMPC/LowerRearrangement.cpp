//===- LowerRearrangement.cpp - elements of secrets elsewhere -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Matchers.h"
#include "passes/NNToMPC/Linear.h"

using namespace mlir;
using namespace secformer;

LogicalResult secformer::lowerSlice(Operation *op, Value input,
                                    ArrayRef<int64_t> starts,
                                    ArrayRef<int64_t> sizes,
                                    ArrayRef<int64_t> strides,
                                    Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(input);
  if (failed(x))
    return failure();
  for (int64_t stride : strides)
    if (stride < 1)
      return op->emitError("a slice of a secret needs positive steps, found ")
             << stride;
  Value slice = emit.create<mpc::SliceOp>(emit.shared(sizes, x->scale()),
                                          x->wire, starts, strides);
  state.bind(op->getResult(0),
             Secret{emit.reshape(slice, shapeOf(op->getResult(0))), x->bound});
  return success();
}

/// Gather with constant, evenly spaced indices is a slice.
LogicalResult secformer::lowerGather(nn::GatherOp op, Lowering &state) {
  DenseIntElementsAttr constant;
  if (!matchPattern(op.getIds(), m_Constant(&constant)))
    return lowerLookup(op, op.getInput(), op.getIds(), op.getAxis(), state);
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  SmallVector<int64_t> ids, starts(shape.size(), 0), sizes(shape),
      strides(shape.size(), 1);
  for (const APInt &value : constant.getValues<APInt>())
    ids.push_back(value.getSExtValue() +
                  (value.isNegative() ? shape[op.getAxis()] : 0));
  int64_t stride = ids.size() > 1 ? ids[1] - ids[0] : 1;
  for (size_t i = 1; i < ids.size(); ++i)
    if (ids[i] - ids[i - 1] != stride || stride == 0)
      return op.emitError("gather on a secret needs evenly spaced indices");
  starts[op.getAxis()] = ids.front();
  sizes[op.getAxis()] = ids.size();
  strides[op.getAxis()] = stride;
  return lowerSlice(op, op.getInput(), starts, sizes, strides, state);
}

LogicalResult secformer::lowerConcat(nn::ConcatOp op, Lowering &state) {
  Emitter &emit = state.emit;
  SmallVector<Secret> parts;
  unsigned scale = 0;
  for (Value input : op.getInputs()) {
    auto part = state.secret(input);
    if (failed(part))
      return failure();
    scale = std::max(scale, part->scale());
    parts.push_back(*part);
  }
  SmallVector<Value> wires;
  double bound = 0;
  for (Secret part : parts) {
    wires.push_back(emit.atScale(part, scale).wire);
    bound = std::max(bound, part.bound);
  }
  state.bind(op.getResult(),
             Secret{emit.create<mpc::ConcatOp>(
                        emit.shared(shapeOf(op.getResult()), scale), wires,
                        op.getAxis()),
                    bound});
  return success();
}
