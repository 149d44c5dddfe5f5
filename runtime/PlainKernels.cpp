//===- PlainKernels.cpp - float64 arithmetic that is the same everywhere --===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Both parties must get the same bits from the same public values: every
// operation here rounds once, in a fixed order. The file is compiled without
// contraction to fused multiply-adds.
//
//===----------------------------------------------------------------------===//

#include "runtime/Error.h"
#include "runtime/Kernels.h"
#include "runtime/Ring.h"

#include <bit>
#include <cmath>
#include <stdexcept>

namespace secformer::runtime::kernels {
namespace {

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
  default:
    throw std::logic_error("plain: not an operation of two operands");
  }
}

} // namespace

Array encodePublic(const Array &values, unsigned scale, unsigned ring) {
  Array out(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    double scaled = std::ldexp(std::bit_cast<double>(values.data()[i]),
                               static_cast<int>(scale));
    if (!(std::fabs(scaled) < 0x1p63))
      throw Error("public value at index " + std::to_string(i) +
                  " is not finite or does not fit 64 bits at scale " +
                  std::to_string(scale));
    out.data()[i] = uint64_t(std::llrint(scaled)) & ringMask(ring);
  }
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
      out.data()[to + i] = std::bit_cast<uint64_t>(
          compute(op, std::bit_cast<double>(x), std::bit_cast<double>(y)));
    }
  });
  return out;
}

Array plainSumRows(const Array &a, size_t length) {
  Array out(length ? a.size() / length : 0);
  for (size_t i = 0; i < out.size(); ++i) {
    double sum = 0;
    for (size_t j = 0; j < length; ++j)
      sum += std::bit_cast<double>(a.data()[i * length + j]);
    out.data()[i] = std::bit_cast<uint64_t>(sum);
  }
  return out;
}

Array plainNotZero(const Array &a) {
  Array out(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    out.data()[i] = std::bit_cast<uint64_t>(
        std::bit_cast<double>(a.data()[i]) != 0 ? 1.0 : 0.0);
  return out;
}

} // namespace secformer::runtime::kernels
