//===- ShapeMath.h - shapes, strides and walks over them ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What all element-wise operations need: numpy broadcasting and a walk over a
// tensor one row at a time, with neighbouring dimensions merged where the
// operands allow it. Misuse throws std::logic_error.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SHAPEMATH_H
#define SECFORMER_RUNTIME_SHAPEMATH_H

#include "runtime/Wire.h"

#include <algorithm>
#include <cstddef>

namespace secformer::runtime {

/// Number of elements; 1 for a scalar.
size_t elementCount(const Shape &shape);
/// numpy's result shape of an element-wise operation.
Shape broadcastShapes(const Shape &a, const Shape &b);
/// Strides in elements of a dense C-order tensor.
Shape denseStrides(const Shape &shape);
/// Strides that read a dense tensor of shape \p from as one of shape \p to.
Shape broadcastStrides(const Shape &from, const Shape &to);
/// \p shape with the last dimension replaced by 1 (sum over it).
Shape withoutLast(const Shape &shape);

/// A walk over \p shape in C order with one stride list per operand.
class RowWalk {
public:
  RowWalk(const Shape &shape, std::vector<Shape> operandStrides);

  /// Calls row(out, offsets): a row of rowLength() elements of the result
  /// starts at element out and at offsets[i] of operand i, whose elements are
  /// rowStride(i) apart.
  template <class Row> void run(Row row) const {
    runPart(0, total, [&](size_t out, size_t, const size_t *offsets) {
      row(out, offsets);
    });
  }

  /// The elements \p begin to \p end of the result alone: row(out, count,
  /// offsets), where rows are cut at both ends.
  template <class Row> void runPart(size_t begin, size_t end, Row row) const {
    if (begin >= end)
      return;
    std::vector<size_t> offsets(strides.size(), 0);
    Shape index(extents.size(), 0);
    size_t out = begin / length * length;
    for (size_t d = extents.size(), rest = begin / length; d-- > 0;) {
      index[d] = int64_t(rest % size_t(extents[d]));
      rest /= size_t(extents[d]);
      for (size_t i = 0; i < strides.size(); ++i)
        offsets[i] += size_t(index[d] * strides[i][d]);
    }
    if (out < begin) { // the rest of a row
      std::vector<size_t> inside = offsets;
      for (size_t i = 0; i < strides.size(); ++i)
        inside[i] += (begin - out) * inner[i];
      row(begin, std::min(out + length, end) - begin, inside.data());
      out += length;
      advance(index, offsets);
    }
    for (; out < end; out += length) {
      row(out, std::min(length, end - out), offsets.data());
      advance(index, offsets);
    }
  }
  size_t size() const { return total; }
  size_t rowLength() const { return length; }
  size_t rowStride(size_t operand) const { return inner[operand]; }

private:
  /// To the next row.
  void advance(Shape &index, std::vector<size_t> &offsets) const {
    for (size_t d = extents.size(); d-- > 0;) {
      const bool wrapped = ++index[d] == extents[d];
      if (wrapped)
        index[d] = 0;
      for (size_t i = 0; i < strides.size(); ++i)
        offsets[i] +=
            size_t(wrapped ? -(extents[d] - 1) * strides[i][d] : strides[i][d]);
      if (!wrapped)
        return;
    }
  }

  Shape extents; // outer dimensions, merged
  std::vector<Shape> strides;
  size_t length;
  std::vector<size_t> inner;
  size_t total;
};

/// numpy's batched matrix product: batch dimensions broadcast.
struct MatmulPlan {
  Shape result;
  size_t rows, columns, depth;
  /// Offsets in elements of each product's operands and result.
  struct Item {
    size_t a, b, c;
  };
  std::vector<Item> items;
};
MatmulPlan planMatmul(const Shape &a, const Shape &b);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SHAPEMATH_H
