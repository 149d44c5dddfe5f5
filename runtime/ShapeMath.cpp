//===- ShapeMath.cpp - shapes, strides and walks over them ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/ShapeMath.h"

#include "runtime/Tensor.h"

#include <algorithm>
#include <stdexcept>

namespace secformer::runtime {

size_t elementCount(const Shape &shape) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

Shape broadcastShapes(const Shape &a, const Shape &b) {
  const Shape &longer = a.size() >= b.size() ? a : b;
  const Shape &shorter = a.size() >= b.size() ? b : a;
  Shape result = longer;
  for (size_t i = 0; i < shorter.size(); ++i) {
    int64_t &extent = result[longer.size() - shorter.size() + i];
    if (extent != shorter[i] && extent != 1 && shorter[i] != 1)
      throw std::logic_error("shapes " + toString(a) + " and " + toString(b) +
                             " do not broadcast");
    if (extent == 1)
      extent = shorter[i];
  }
  return result;
}

Shape denseStrides(const Shape &shape) {
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d])
    strides[d] = stride;
  return strides;
}

Shape broadcastStrides(const Shape &from, const Shape &to) {
  if (from.size() > to.size() || broadcastShapes(from, to) != to)
    throw std::logic_error("shape " + toString(from) +
                           " does not broadcast to " + toString(to));
  Shape strides(to.size(), 0), dense = denseStrides(from);
  size_t shift = to.size() - from.size();
  for (size_t d = 0; d < from.size(); ++d)
    if (from[d] != 1)
      strides[shift + d] = dense[d];
  return strides;
}

Shape withoutLast(const Shape &shape) {
  if (shape.empty())
    throw std::logic_error("a scalar has no last dimension to sum over");
  Shape result = shape;
  result.back() = 1;
  return result;
}

RowWalk::RowWalk(const Shape &shape, std::vector<Shape> operandStrides)
    : strides(operandStrides.size()), total(elementCount(shape)) {
  // Drop dimensions of one element, merge a dimension into the one before it
  // where every operand steps evenly across both.
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1)
      continue;
    bool merges = !extents.empty();
    for (size_t i = 0; i < strides.size() && merges; ++i)
      merges = strides[i].back() == operandStrides[i][d] * shape[d];
    if (merges)
      extents.back() *= shape[d];
    else
      extents.push_back(shape[d]);
    for (size_t i = 0; i < strides.size(); ++i)
      if (merges)
        strides[i].back() = operandStrides[i][d];
      else
        strides[i].push_back(operandStrides[i][d]);
  }
  length = extents.empty() ? 1 : size_t(extents.back());
  for (Shape &operand : strides) {
    inner.push_back(extents.empty() ? 1 : size_t(operand.back()));
    if (!extents.empty())
      operand.pop_back();
  }
  if (!extents.empty())
    extents.pop_back();
}

MatmulPlan planMatmul(const Shape &a, const Shape &b) {
  if (a.size() < 2 || b.size() < 2 || a.back() != b[b.size() - 2])
    throw std::logic_error("matmul: shapes " + toString(a) + " and " +
                           toString(b) + " do not fit");
  MatmulPlan plan;
  Shape batchA(a.begin(), a.end() - 2), batchB(b.begin(), b.end() - 2);
  Shape batch = broadcastShapes(batchA, batchB);
  plan.rows = size_t(a[a.size() - 2]);
  plan.depth = size_t(a.back());
  plan.columns = size_t(b.back());
  plan.result = batch;
  plan.result.push_back(int64_t(plan.rows));
  plan.result.push_back(int64_t(plan.columns));
  if (elementCount(batchB) == 1 && batch == batchA) {
    plan.rows *= elementCount(batch); // one tall product
    plan.items = {{0, 0, 0}};
    return plan;
  }
  Shape strideA = broadcastStrides(batchA, batch);
  Shape strideB = broadcastStrides(batchB, batch);
  RowWalk walk(batch, {strideA, strideB});
  walk.run([&](size_t out, const size_t *offsets) {
    for (size_t i = 0; i < walk.rowLength(); ++i)
      plan.items.push_back(
          {(offsets[0] + i * walk.rowStride(0)) * plan.rows * plan.depth,
           (offsets[1] + i * walk.rowStride(1)) * plan.depth * plan.columns,
           (out + i) * plan.rows * plan.columns});
  });
  return plan;
}

} // namespace secformer::runtime
