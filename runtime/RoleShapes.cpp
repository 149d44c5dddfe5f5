//===- RoleShapes.cpp - elements of values elsewhere ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Role.h"

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

} // namespace secformer::runtime
