//===- RoleShapes.cpp - elements of values elsewhere ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Role.h"

#include "runtime/Kernels.h"
#include "runtime/Tensor.h"

#include <algorithm>

namespace secformer::runtime {

namespace {
/// Extents before, along and after an axis, as one number each.
struct AroundAxis {
  AroundAxis(const Shape &shape, size_t axis) : extent(size_t(shape[axis])) {
    for (size_t d = 0; d < shape.size(); ++d)
      (d < axis ? outer : inner) *= d == axis ? 1 : size_t(shape[d]);
  }
  size_t outer = 1, extent, inner = 1;
};
} // namespace

Wire Role::take(Wire x, const Shape &indices, int64_t axis) {
  const Slot &from = get(x);
  WireType type = from.type;
  if (axis < 0 || size_t(axis) >= type.shape.size())
    misuse("take: no such axis");
  const AroundAxis around(type.shape, size_t(axis));
  for (int64_t index : indices)
    if (index < 0 || size_t(index) >= around.extent)
      misuse("take: index " + std::to_string(index) + " of " +
             toString(type.shape));
  type.shape[size_t(axis)] = int64_t(indices.size());
  return mapParts(from, type, [&](const Array &v) {
    Array out(elementCount(type.shape));
    uint64_t *to = out.data();
    for (size_t row = 0; row < around.outer; ++row)
      for (int64_t index : indices)
        to = std::copy_n(v.data() + (row * around.extent + size_t(index)) *
                                        around.inner,
                         around.inner, to);
    return out;
  });
}

Wire Role::pad(Wire x, const Shape &low, const Shape &high) {
  const Slot &from = get(x);
  const Shape &inside = from.type.shape;
  if (low.size() != inside.size() || high.size() != inside.size())
    misuse("pad: amounts of another rank");
  WireType type = from.type;
  for (size_t d = 0; d < inside.size(); ++d) {
    if (low[d] < 0 || high[d] < 0)
      misuse("pad: a negative amount");
    type.shape[d] += low[d] + high[d];
  }
  const Shape strides = denseStrides(type.shape);
  size_t offset = 0;
  for (size_t d = 0; d < inside.size(); ++d)
    offset += size_t(low[d] * strides[d]);
  // The walk goes over the operand; its "operand" is the padded array.
  const RowWalk walk(inside, {strides});
  return mapParts(from, type, [&](const Array &v) {
    Array out = Array::filled(elementCount(type.shape), 0);
    walk.run([&](size_t row, const size_t *to) {
      for (size_t i = 0; i < walk.rowLength(); ++i)
        out.data()[offset + to[0] + i * walk.rowStride(0)] = v.data()[row + i];
    });
    return out;
  });
}

Wire Role::reshape(Wire x, const Shape &shape) {
  const Slot &from = get(x);
  if (elementCount(shape) != elementCount(from.type.shape))
    misuse("reshape of " + toString(from.type.shape) + " to " +
           toString(shape));
  return mapParts(from, {shape, from.type.scale, from.type.ring},
                  [](const Array &v) { return v; });
}

Wire Role::restride(const Slot &x, const Shape &shape, const Shape &strides,
                    size_t offset) {
  return mapParts(x, {shape, x.type.scale, x.type.ring}, [&](const Array &v) {
    return kernels::gather(v, shape, strides, offset);
  });
}

Wire Role::transpose(Wire x, const Shape &permutation) {
  const Slot &from = get(x);
  Shape sorted = permutation, dense = denseStrides(from.type.shape), shape,
        strides;
  std::sort(sorted.begin(), sorted.end());
  for (size_t d = 0; d < sorted.size(); ++d)
    if (sorted[d] != int64_t(d))
      misuse("transpose: " + toString(permutation) + " is no permutation");
  if (sorted.size() != from.type.shape.size())
    misuse("transpose: permutation of another rank");
  for (int64_t d : permutation) {
    shape.push_back(from.type.shape[size_t(d)]);
    strides.push_back(dense[size_t(d)]);
  }
  return restride(from, shape, strides);
}

Wire Role::broadcast(Wire x, const Shape &shape) {
  const Slot &from = get(x);
  if (shape == from.type.shape)
    return reshape(x, shape);
  return restride(from, shape, broadcastStrides(from.type.shape, shape));
}

Wire Role::slice(Wire x, const Shape &starts, const Shape &sizes,
                 const Shape &steps) {
  const Slot &from = get(x);
  const Shape &shape = from.type.shape;
  if (starts.size() != shape.size() || sizes.size() != shape.size() ||
      steps.size() != shape.size())
    misuse("slice: bounds of another rank");
  Shape strides = denseStrides(shape);
  size_t offset = 0;
  for (size_t d = 0; d < shape.size(); ++d) {
    const int64_t last = starts[d] + (sizes[d] - 1) * steps[d];
    if (sizes[d] < 1 || steps[d] == 0 || std::min(starts[d], last) < 0 ||
        std::max(starts[d], last) >= shape[d])
      misuse("slice: outside dimension " + std::to_string(d) + " of " +
             toString(shape));
    offset += size_t(starts[d] * strides[d]);
    strides[d] *= steps[d];
  }
  return restride(from, sizes, strides, offset);
}

Wire Role::concat(const std::vector<Wire> &xs, int64_t axis) {
  if (xs.empty())
    misuse("concat of nothing");
  const Slot &first = get(xs[0]);
  const bool inClear = first.kind == Kind::Public || first.kind == Kind::Local;
  std::vector<const Slot *> operands;
  for (Wire x : xs)
    operands.push_back(&get(x));
  Slot result = inClear ? clear(operands, first.type.shape, "concat")
                        : Slot{first.kind, first.type, {}, first.owner};
  if (axis < 0 || size_t(axis) >= first.type.shape.size())
    misuse("concat: no such axis");
  int64_t &extent = result.type.shape[size_t(axis)];
  extent = 0;
  size_t outer = 1; // rows; within a row the operands stand one after another
  for (size_t d = 0; d < size_t(axis); ++d)
    outer *= size_t(first.type.shape[d]);
  for (const Slot *slot : operands) {
    Shape shape = slot->type.shape;
    extent += shape.size() > size_t(axis) ? shape[size_t(axis)] : 0;
    if (shape.size() == first.type.shape.size())
      shape[size_t(axis)] = first.type.shape[size_t(axis)];
    if (shape != first.type.shape ||
        (!inClear &&
         (slot->kind != first.kind || slot->owner != first.owner)) ||
        slot->type.scale != first.type.scale ||
        slot->type.ring != first.type.ring)
      misuse("concat of wires that do not fit");
  }
  size_t rowLength = elementCount(result.type.shape) / outer;
  if (inClear && !knows(operands))
    return make(std::move(result));
  result.parts.clear();
  for (unsigned part = 0; part < first.parts.size(); ++part) {
    bool null =
        std::none_of(operands.begin(), operands.end(),
                     [&](const Slot *x) { return bool(x->parts[part]); });
    Array joined = null ? Array() : Array(outer * rowLength);
    size_t column = 0;
    for (const Slot *x : operands) {
      if (null)
        break;
      Array from = dense(*x, part);
      size_t length = from.size() / outer;
      for (size_t row = 0; row < outer; ++row)
        std::copy_n(from.data() + row * length, length,
                    joined.data() + row * rowLength + column);
      column += length;
    }
    result.parts.push_back(joined);
  }
  return make(std::move(result));
}

} // namespace secformer::runtime
