//===- Kernels.cpp - operations on arrays of ring words -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Kernels.h"

#include "runtime/Multiarch.h"
#include "runtime/Ring.h"
#include "runtime/Threads.h"

#include <algorithm>
#include <cstring>

namespace secformer::runtime::kernels {
namespace {

/// Rows of an element-wise operation: each operand is dense (stride 1),
/// repeated (0) or strided.
template <class F>
SECFORMER_INLINE void forRow(size_t n, const uint64_t *a, size_t strideA,
                             const uint64_t *b, size_t strideB, F f) {
  if (strideA == 1 && strideB == 1)
    for (size_t i = 0; i < n; ++i)
      f(i, a[i], b[i]);
  else if (strideA == 1 && strideB == 0)
    for (size_t i = 0; i < n; ++i)
      f(i, a[i], *b);
  else if (strideA == 0 && strideB == 1)
    for (size_t i = 0; i < n; ++i)
      f(i, *a, b[i]);
  else
    for (size_t i = 0; i < n; ++i)
      f(i, a[i * strideA], b[i * strideB]);
}

SECFORMER_MULTIARCH void binaryRow(Binary op, uint64_t *out, size_t n,
                                   const uint64_t *a, size_t strideA,
                                   const uint64_t *b, size_t strideB,
                                   uint64_t mask) {
  switch (op) {
  case Binary::Add:
    return forRow(n, a, strideA, b, strideB,
                  [=](size_t i, uint64_t x, uint64_t y)
                      SECFORMER_LAMBDA { out[i] = (x + y) & mask; });
  case Binary::Sub:
    return forRow(n, a, strideA, b, strideB,
                  [=](size_t i, uint64_t x, uint64_t y)
                      SECFORMER_LAMBDA { out[i] = (x - y) & mask; });
  case Binary::Mul:
    return forRow(n, a, strideA, b, strideB,
                  [=](size_t i, uint64_t x, uint64_t y)
                      SECFORMER_LAMBDA { out[i] = (x * y) & mask; });
  }
}

SECFORMER_MULTIARCH void multiplyRow(uint64_t *out, size_t n, const uint64_t *a,
                                     size_t strideA, const uint64_t *b,
                                     size_t strideB, uint64_t mask, Sign sign) {
  // Minus is a multiplication by the negative, one loop for both.
  uint64_t factor = sign == Sign::Plus ? 1 : ~uint64_t(0);
  forRow(n, a, strideA, b, strideB,
         [=](size_t i, uint64_t x, uint64_t y)
             SECFORMER_LAMBDA { out[i] = (out[i] + x * factor * y) & mask; });
}

SECFORMER_MULTIARCH void affineRow(uint64_t *out, const uint64_t *a, size_t n,
                                   uint64_t factor, uint64_t term,
                                   uint64_t mask) {
  for (size_t i = 0; i < n; ++i)
    out[i] = (a[i] * factor + term) & mask;
}

SECFORMER_MULTIARCH void shiftRow(uint64_t *out, const uint64_t *a, size_t n,
                                  unsigned shift, uint64_t mask) {
  for (size_t i = 0; i < n; ++i)
    out[i] = a[i] >> shift & mask;
}

SECFORMER_MULTIARCH void shiftUpRow(uint64_t *out, const uint64_t *a, size_t n,
                                    unsigned shift, uint64_t mask) {
  const uint64_t dropped = (uint64_t(1) << shift) - 1;
  for (size_t i = 0; i < n; ++i)
    out[i] = ((a[i] >> shift) + uint64_t((a[i] & dropped) != 0)) & mask;
}

SECFORMER_MULTIARCH uint64_t sumRow(const uint64_t *a, size_t n) {
  uint64_t sum = 0;
  for (size_t i = 0; i < n; ++i)
    sum += a[i];
  return sum;
}

RowWalk walkOf(const Shape &aShape, const Shape &bShape, const Shape &shape) {
  return RowWalk(shape, {broadcastStrides(aShape, shape),
                         broadcastStrides(bShape, shape)});
}

constexpr size_t grain = size_t(1) << 15; // elements; worth a thread

/// A walk's rows, see RowWalk::runPart, in several threads.
template <class Row> void forRows(const RowWalk &walk, Row row) {
  parallelFor(walk.size(), grain,
              [&](size_t begin, size_t end) { walk.runPart(begin, end, row); });
}

/// A new array, of which loop(to, from, n) makes n elements of those of \p a.
template <class Loop> Array mapped(const Array &a, Loop loop) {
  Array out(a.size());
  parallelFor(a.size(), grain, [&](size_t begin, size_t end) {
    loop(out.data() + begin, a.data() + begin, end - begin);
  });
  return out;
}

} // namespace

Array binary(Binary op, const Array &a, const Shape &aShape, const Array &b,
             const Shape &bShape, const Shape &shape, unsigned ring) {
  Array out(elementCount(shape));
  RowWalk walk = walkOf(aShape, bShape, shape);
  forRows(walk, [&](size_t to, size_t n, const size_t *from) {
    binaryRow(op, out.data() + to, n, a.data() + from[0], walk.rowStride(0),
              b.data() + from[1], walk.rowStride(1), ringMask(ring));
  });
  return out;
}

Array binary(Binary op, const Array &a, const Array &b, unsigned ring) {
  const Shape shape{int64_t(a.size())};
  return binary(op, a, shape, b, shape, shape, ring);
}

void binaryTo(Binary op, std::span<uint64_t> out, const uint64_t *a,
              const uint64_t *b, unsigned ring) {
  binaryRow(op, out.data(), out.size(), a, 1, b, 1, ringMask(ring));
}

void multiplyInto(Array &c, const Array &a, const Shape &aShape, const Array &b,
                  const Shape &bShape, const Shape &shape, unsigned ring,
                  Sign sign) {
  RowWalk walk = walkOf(aShape, bShape, shape);
  forRows(walk, [&](size_t to, size_t n, const size_t *from) {
    multiplyRow(c.data() + to, n, a.data() + from[0], walk.rowStride(0),
                b.data() + from[1], walk.rowStride(1), ringMask(ring), sign);
  });
}

void matmulInto(Array &c, const Factor &a, const Factor &b,
                const MatmulPlan &plan, unsigned ring, Sign sign) {
  std::vector<MatrixProduct> products;
  products.reserve(plan.items.size());
  for (const MatmulPlan::Item &item : plan.items)
    products.push_back({c.data() + item.c, a.matrix(item.a, plan.depth),
                        b.matrix(item.b, plan.columns)});
  gemm(products, plan.rows, plan.columns, plan.depth, ring, sign);
}

Array affine(const Array &a, uint64_t factor, uint64_t term, unsigned ring) {
  return mapped(a, [&](uint64_t *to, const uint64_t *from, size_t n) {
    affineRow(to, from, n, factor, term, ringMask(ring));
  });
}

Array reduced(const Array &a, unsigned ring) { return shiftRight(a, 0, ring); }

Array shiftRight(const Array &a, unsigned shift, unsigned ring) {
  return mapped(a, [&](uint64_t *to, const uint64_t *from, size_t n) {
    shiftRow(to, from, n, shift, ringMask(ring));
  });
}

Array shiftRightUp(const Array &a, unsigned shift, unsigned ring) {
  return mapped(a, [&](uint64_t *to, const uint64_t *from, size_t n) {
    shiftUpRow(to, from, n, shift, ringMask(ring));
  });
}

Array shiftRightSigned(const Array &a, unsigned shift) {
  return mapped(a, [&](uint64_t *to, const uint64_t *from, size_t n) {
    for (size_t i = 0; i < n; ++i)
      to[i] = uint64_t(int64_t(from[i]) >> shift);
  });
}

Array sumRows(const Array &a, size_t length, unsigned ring) {
  Array out(length ? a.size() / length : 0);
  const size_t rows = std::max<size_t>(grain / std::max<size_t>(length, 1), 1);
  parallelFor(out.size(), rows, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i)
      out.data()[i] = sumRow(a.data() + i * length, length) & ringMask(ring);
  });
  return out;
}

Array gather(const Array &a, const Shape &shape, const Shape &strides,
             size_t offset) {
  Array out(elementCount(shape));
  RowWalk walk(shape, {strides});
  forRows(walk, [&](size_t to, size_t n, const size_t *from) {
    const uint64_t *source = a.data() + offset + from[0];
    const size_t stride = walk.rowStride(0);
    if (stride == 1)
      std::copy_n(source, n, out.data() + to);
    else
      for (size_t i = 0; i < n; ++i)
        out.data()[to + i] = source[i * stride];
  });
  return out;
}

Array spread(const Array &a, const Shape &from, const Shape &to) {
  return from == to ? a : gather(a, to, broadcastStrides(from, to));
}

} // namespace secformer::runtime::kernels
