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
  Value slice = emit.slice(x->wire, starts, sizes, strides);
  state.bind(op->getResult(0),
             Secret{emit.reshape(slice, shapeOf(op->getResult(0))), x->bound});
  return success();
}

/// Slices by constant indices; evenly spaced ones are a slice.
LogicalResult secformer::lowerGather(Operation *op, Value input, Value indices,
                                     int64_t axis, Lowering &state) {
  Emitter &emit = state.emit;
  DenseIntElementsAttr constant;
  if (!matchPattern(indices, m_Constant(&constant)))
    return lowerLookup(op, input, indices, axis, state);
  ArrayRef<int64_t> shape = shapeOf(input);
  const int64_t extent = shape[axis];
  SmallVector<int64_t> ids;
  for (const APInt &value : constant.getValues<APInt>()) {
    int64_t id = value.getSExtValue();
    if (id < -extent || id >= extent)
      return op->emitError("index ") << id << " is outside of axis " << axis
                                     << ", which has " << extent << " elements";
    ids.push_back(id < 0 ? id + extent : id);
  }
  int64_t stride = ids.size() > 1 ? ids[1] - ids[0] : 1;
  bool even = stride != 0;
  for (size_t i = 1; i < ids.size(); ++i)
    even &= ids[i] - ids[i - 1] == stride;
  if (even) {
    SmallVector<int64_t> starts(shape.size(), 0), sizes(shape),
        strides(shape.size(), 1);
    starts[axis] = ids.front();
    sizes[axis] = ids.size();
    strides[axis] = stride;
    return lowerSlice(op, input, starts, sizes, strides, state);
  }
  auto x = state.secret(input);
  if (failed(x))
    return failure();
  state.bind(op->getResult(0),
             Secret{emit.reshape(emit.take(x->wire, ids, axis),
                                 shapeOf(op->getResult(0))),
                    x->bound});
  return success();
}

LogicalResult secformer::lowerConcat(nn::ConcatOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto bounds = state.range(op.getResult());
  if (failed(bounds))
    return failure();
  SmallVector<Secret> parts;
  unsigned scale = 0;
  for (Value input : op.getInputs()) {
    auto part = asSecret(input, bounds->bound(), state);
    if (failed(part))
      return failure();
    scale = std::max(scale, part->scale());
    parts.push_back(*part);
  }
  SmallVector<Value> wires;
  for (Secret part : parts)
    wires.push_back(emit.atScale(part, scale).wire);
  state.bind(op.getResult(),
             Secret{emit.concat(wires, op.getAxis()), bounds->bound()});
  return success();
}

/// Zeros around x - v, plus v.
LogicalResult secformer::lowerPad(nn::PadOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  if (failed(x))
    return failure();
  const double value = op.getValue().convertToDouble();
  Value wire = x->wire;
  if (value != 0)
    wire = emit.addPublic(wire, emit.splat(-value));
  wire = emit.pad(wire, op.getLow(), op.getHigh());
  if (value != 0)
    wire = emit.addPublic(wire, emit.splat(value));
  state.bind(op.getResult(), Secret{wire, std::max(x->bound, std::abs(value))});
  return success();
}

/// Times a constant triangle of 0 and 1.
LogicalResult secformer::lowerTrilu(nn::TriluOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  if (failed(x))
    return failure();
  ArrayRef<int64_t> matrix = x->shape().take_back(2);
  SmallVector<float> inside;
  for (int64_t row = 0; row < matrix[0]; ++row)
    for (int64_t column = 0; column < matrix[1]; ++column)
      inside.push_back(op.getUpper() ? column >= row + int64_t(op.getK())
                                     : column <= row + int64_t(op.getK()));
  auto type = RankedTensorType::get(matrix, emit.builder.getF32Type());
  Value triangle = emit.create<mpc::ConstantOp>(
      type, DenseElementsAttr::get(type, ArrayRef<float>(inside)));
  state.bind(op.getResult(),
             Secret{emit.mulPublic(x->wire, triangle, 0), x->bound});
  return success();
}
