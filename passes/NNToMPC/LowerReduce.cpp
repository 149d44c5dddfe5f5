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

/// Halves of the last axis are multiplied until one number is left.
static Secret productOfLast(Emitter &emit, Secret x) {
  while (x.shape().back() > 1) {
    SmallVector<int64_t> starts(x.shape().size(), 0), sizes(x.shape()),
        strides(x.shape().size(), 1);
    const int64_t count = sizes.back(), half = count / 2;
    Value factors = emit.opened(x, emit.factorScale(x.bound));
    auto part = [&](int64_t start, int64_t size) {
      starts.back() = start;
      sizes.back() = size;
      return emit.slice(factors, starts, sizes, strides);
    };
    Secret product{emit.mul(part(0, half), part(half, half)),
                   x.bound * x.bound};
    if (count % 2) {
      // The one left over joins the others.
      starts.back() = count - 1;
      sizes.back() = 1;
      Secret rest{emit.slice(x.wire, starts, sizes, strides), x.bound};
      unsigned scale = emit.factorScale(product.bound);
      product = {emit.concat({emit.atScale(product, scale).wire,
                              emit.atScale(rest, scale).wire},
                             sizes.size() - 1),
                 std::max(product.bound, x.bound)};
    }
    x = product;
  }
  return x;
}

LogicalResult secformer::lowerReduce(nn::ReduceOp op, Lowering &state) {
  Emitter &emit = state.emit;
  if (op.getKind() == nn::ReduceKind::Max ||
      op.getKind() == nn::ReduceKind::Min)
    return op.emitError("'")
           << nn::stringifyReduceKind(op.getKind())
           << "' over secrets needs comparisons; it is not supported";
  auto x = state.secret(op.getInput());
  auto bounds = state.range(op.getResult());
  if (failed(x) || failed(bounds))
    return failure();
  Secret rows{withAxesLast(emit, x->wire, op.getAxes()), x->bound};
  const int64_t count = rows.shape().back();
  Secret result = rows;
  if (op.getKind() == nn::ReduceKind::Prod)
    result = productOfLast(emit, rows);
  else
    result.wire = emit.sumLast(rows.wire);
  if (op.getKind() == nn::ReduceKind::Mean) {
    const bool power = llvm::isPowerOf2_64(count);
    const unsigned bits =
        llvm::Log2_64_Ceil(count) + (power ? 0 : emit.fraction);
    result.bound = bounds->bound() * double(count);
    result = emit.withRoom(result, bits, bounds->bound(), emit.fraction);
    result.wire =
        power ? emit.relabel(result.wire, bits)
              : emit.mulPublic(result.wire, emit.splat(1.0 / count), bits);
  }
  state.bind(op.getResult(),
             Secret{emit.reshape(result.wire, shapeOf(op.getResult())),
                    bounds->bound()});
  return success();
}

/// Adds the values 1, 2, 4, ... places before, zeros at the start: free.
LogicalResult secformer::lowerCumsum(nn::CumsumOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto bounds = state.range(op.getResult());
  if (failed(x) || failed(bounds))
    return failure();
  const int64_t axis = op.getAxis(), count = x->shape()[axis];
  const SmallVector<int64_t> sizes(x->shape());
  auto shifted = [&](Value wire, int64_t places) {
    SmallVector<int64_t> low(sizes.size(), 0), none(low);
    low[axis] = places;
    SmallVector<int64_t> starts(none);
    // In reverse the zeros stand at the end.
    if (op.getReverse()) {
      starts[axis] = places;
      wire = emit.pad(wire, none, low);
    } else {
      wire = emit.pad(wire, low, none);
    }
    return emit.slice(wire, starts, sizes,
                      SmallVector<int64_t>(sizes.size(), 1));
  };
  Value sum = op.getExclusive() ? shifted(x->wire, 1) : x->wire;
  for (int64_t places = 1; places < count; places *= 2)
    sum = emit.add(sum, shifted(sum, places));
  state.bind(op.getResult(), Secret{sum, bounds->bound()});
  return success();
}
