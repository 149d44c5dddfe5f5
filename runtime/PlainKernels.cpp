//===- PlainKernels.cpp - float64 arithmetic that is the same everywhere --===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Both parties must get the same bits from the same public values: every
// operation here rounds once, in a fixed order. The file is compiled without
// contraction to fused multiply-adds.
//
//===----------------------------------------------------------------------===//

#include "runtime/Blocks.h"
#include "runtime/Error.h"
#include "runtime/Kernels.h"
#include "runtime/Multiarch.h"
#include "runtime/Ring.h"
#include "runtime/Threads.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace secformer::runtime::kernels {
namespace {

SECFORMER_INLINE double asDouble(uint64_t bits) {
  return std::bit_cast<double>(bits);
}
uint64_t asBits(double value) { return std::bit_cast<uint64_t>(value); }

double compute(PlainOp op, double a, double b) {
  switch (op) {
  case PlainOp::Add:
    return a + b;
  case PlainOp::Sub:
    return a - b;
  case PlainOp::Mul:
    return a * b;
  case PlainOp::Div:
    return a / b;
  case PlainOp::Max:
    return a < b ? b : a;
  case PlainOp::Min:
    return b < a ? b : a;
  case PlainOp::Equal:
    return a == b ? 1 : 0;
  case PlainOp::Less:
    return a < b ? 1 : 0;
  case PlainOp::LessEqual:
    return a <= b ? 1 : 0;
  default:
    throw std::logic_error("plain: not an operation of two operands");
  }
}

constexpr size_t encodedBlock = size_t(1) << 12;

/// Are all of these finite, and below 2^63 when scaled?
SECFORMER_MULTIARCH bool fits(const uint64_t *values, size_t n, double factor) {
  bool all = true;
  for (size_t i = 0; i < n; ++i)
    all &= std::fabs(asDouble(values[i]) * factor) < 0x1p63;
  return all;
}

/// Names the first from \p i on that does not fit.
[[noreturn]] void refuse(const uint64_t *values, size_t i, double factor,
                         unsigned scale) {
  while (fits(values + i, 1, factor))
    ++i;
  throw Error("public value at index " + std::to_string(i) +
              " is not finite or does not fit 64 bits at scale " +
              std::to_string(scale));
}

SECFORMER_MULTIARCH void encodeRow(uint64_t *out, const uint64_t *values,
                                   size_t n, double factor, uint64_t mask) {
  for (size_t i = 0; i < n; ++i)
    out[i] =
        uint64_t(int64_t(std::nearbyint(asDouble(values[i]) * factor))) & mask;
}

double compute(PlainOp op, double a) {
  switch (op) {
  case PlainOp::NotZero:
    return a != 0 ? 1 : 0;
  case PlainOp::Not:
    return a == 0 ? 1 : 0;
  case PlainOp::Abs:
    return std::fabs(a);
  case PlainOp::Floor:
    return std::floor(a);
  case PlainOp::Ceil:
    return std::ceil(a);
  case PlainOp::Round:
    return std::nearbyint(a);
  case PlainOp::Trunc:
    return std::trunc(a);
  case PlainOp::Sqrt:
    return std::sqrt(a);
  default:
    throw std::logic_error("plain: not an operation of one operand");
  }
}

/// An index as a row number, counted from the end where negative.
size_t rowOf(const Array &ids, size_t i, size_t rows,
             const std::string &place) {
  double id = asDouble(ids.data()[i]);
  if (id < 0)
    id += double(rows);
  if (!(id >= 0 && id < double(rows)) || id != std::trunc(id))
    throw Error(place + "the index at position " + std::to_string(i) +
                " is not a whole number below " + std::to_string(rows));
  return size_t(id);
}

} // namespace

Array encodePublic(const Array &values, unsigned scale, unsigned ring) {
  const double factor = std::ldexp(1.0, static_cast<int>(scale)); // exact
  Array out(values.size());
  parallelFor(values.size(), encodedBlock, [&](size_t begin, size_t end) {
    forPieces(end - begin, encodedBlock, [&](size_t first, size_t n) {
      const size_t i = begin + first;
      if (!fits(values.data() + i, n, factor))
        refuse(values.data(), i, factor, scale);
      encodeRow(out.data() + i, values.data() + i, n, factor, ringMask(ring));
    });
  });
  return out;
}

Array plainBinary(PlainOp op, const Array &a, const Shape &aShape,
                  const Array &b, const Shape &bShape, const Shape &shape) {
  Array out(elementCount(shape));
  RowWalk walk(shape, {broadcastStrides(aShape, shape),
                       broadcastStrides(bShape, shape)});
  walk.run([&](size_t to, const size_t *from) {
    for (size_t i = 0; i < walk.rowLength(); ++i) {
      uint64_t x = a.data()[from[0] + i * walk.rowStride(0)];
      uint64_t y = b.data()[from[1] + i * walk.rowStride(1)];
      out.data()[to + i] = asBits(compute(op, asDouble(x), asDouble(y)));
    }
  });
  return out;
}

Array plainUnary(PlainOp op, const Array &a) {
  Array out(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    out.data()[i] = asBits(compute(op, asDouble(a.data()[i])));
  return out;
}

Array plainRows(PlainOp op, const Array &a, size_t length) {
  const bool running = op == PlainOp::CumsumLast;
  const size_t rows = length ? a.size() / length : 0;
  Array out(running ? a.size() : rows);
  for (size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (size_t j = 0; j < length; ++j) {
      double value = asDouble(a.data()[i * length + j]);
      if (op == PlainOp::MaxLast)
        sum = j == 0 || sum < value ? value : sum;
      else
        sum += value;
      if (running)
        out.data()[i * length + j] = asBits(sum);
    }
    if (!running)
      out.data()[i] = asBits(sum);
  }
  return out;
}

Array plainSelect(const Array &condition, const Shape &conditionShape,
                  const Array &a, const Shape &aShape, const Array &b,
                  const Shape &bShape, const Shape &shape) {
  Array out(elementCount(shape));
  RowWalk walk(shape, {broadcastStrides(conditionShape, shape),
                       broadcastStrides(aShape, shape),
                       broadcastStrides(bShape, shape)});
  walk.run([&](size_t to, const size_t *from) {
    for (size_t i = 0; i < walk.rowLength(); ++i)
      out.data()[to + i] =
          asDouble(condition.data()[from[0] + i * walk.rowStride(0)]) != 0
              ? a.data()[from[1] + i * walk.rowStride(1)]
              : b.data()[from[2] + i * walk.rowStride(2)];
  });
  return out;
}

Array plainOneHot(const Array &ids, size_t depth, const std::string &place) {
  Array out = Array::filled(ids.size() * depth, asBits(0));
  for (size_t i = 0; i < ids.size(); ++i)
    out.data()[i * depth + rowOf(ids, i, depth, place)] = asBits(1);
  return out;
}

Array plainGather(const Array &table, size_t rows, const Array &ids,
                  const std::string &place) {
  const size_t length = rows ? table.size() / rows : 0;
  Array out(ids.size() * length);
  for (size_t i = 0; i < ids.size(); ++i)
    std::copy_n(table.data() + rowOf(ids, i, rows, place) * length, length,
                out.data() + i * length);
  return out;
}

} // namespace secformer::runtime::kernels
