//===- Product.cpp - products of masked values ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// With y0 = Delta - d0, which P0 knows, a masked value is y = y0 - d1. So any
// bilinear x * y is x0 * y0 - x0 * e1 - d1 * y0 + d1 * e1 (d, e: the masks of x
// and y), which the roles split as
//   P0: x0 * y0 + c0,   P1: c1 - Delta_x * e1 - d1 * Delta_y,
//   c0 + c1 = c = delta_x * e1 + d1 * e0  (dealt; delta_x = d0 + d1).
// Compared with the symmetric split, P0 computes one product instead of two,
// and where one operand is P0's (weights: e1 = 0) so does P1, on words that do
// not depend on the input. c1 is uniform to P1, c0 comes from P0's key: neither
// learns anything. k bits an element of the result to P1, no opening.
//
//===----------------------------------------------------------------------===//

#include "runtime/Dealer.h"
#include "runtime/Kernels.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Tensor.h"

#include <stdexcept>

namespace secformer::runtime {
namespace {

void check(const char *op, const WireType &x, const WireType &y,
           const WireType &result, const Shape &shape) {
  if (result.ring > x.ring || result.ring > y.ring ||
      result.scale != x.scale + y.scale || result.shape != shape)
    throw std::logic_error(std::string(op) +
                           ": the result's type does not fit the operands'");
}

kernels::Bilinear matmulOf(const WireType &x, const WireType &y,
                           const WireType &result, unsigned ring) {
  MatmulPlan plan = planMatmul(x.shape, y.shape);
  check("matmul", x, y, result, plan.result);
  return [=](Array &c, const Factor &a, const Factor &b, Sign sign) {
    kernels::matmulInto(c, a, b, plan, ring, sign);
  };
}

kernels::Bilinear mulOf(const WireType &x, const WireType &y,
                        const WireType &result, unsigned ring) {
  check("mul", x, y, result, broadcastShapes(x.shape, y.shape));
  return [=](Array &c, const Factor &a, const Factor &b, Sign sign) {
    kernels::multiplyInto(c, a.array(), x.shape, b.array(), y.shape,
                          result.shape, ring, sign);
  };
}

} // namespace

//===-- The three faces ---------------------------------------------------===//

Wire Party::product(const Slot &x, const Slot &y, const WireType &result,
                    const Bilinear &accumulate) {
  Array c = dealt(elementCount(result.shape), result.ring, nextOperation());
  if (id == 0) {
    accumulate(c, ownView(x), ownView(y), Sign::Plus);
  } else {
    // Products with what is known since setup are prepared (Preparation).
    if (holds(y, 1) && !(prepared && x.fixed))
      accumulate(c, factor(x, 0), factor(y, 1), Sign::Minus);
    if (holds(x, 1) && !(prepared && y.fixed))
      accumulate(c, factor(x, 1), factor(y, 0), Sign::Minus);
  }
  return make({Kind::Shared, result, {c}});
}

Wire Dealer::product(const Slot &x, const Slot &y, const WireType &result,
                     const Bilinear &accumulate) {
  Array c = Array::filled(elementCount(result.shape), 0);
  if (holds(y, 1))
    accumulate(c, maskFactor(x), factor(y, 1), Sign::Plus);
  if (holds(x, 1) && holds(y, 0))
    accumulate(c, factor(x, 1), factor(y, 0), Sign::Plus);
  deal(c, result.ring, nextOperation());
  return make({Kind::Shared, result, {}});
}

Wire Preparation::product(const Slot &x, const Slot &y, const WireType &result,
                          const Bilinear &accumulate) {
  const size_t n = elementCount(result.shape);
  nextOperation();
  if (!x.fixed && !y.fixed) {
    forward(n, result.ring);
  } else {
    Array c = received(n, result.ring);
    if (x.fixed && holds(y, 1))
      accumulate(c, factor(x, 0), factor(y, 1), Sign::Minus);
    if (y.fixed && holds(x, 1))
      accumulate(c, factor(x, 1), factor(y, 0), Sign::Minus);
    handOn(c, result.ring);
  }
  return make({Kind::Shared, result, {}});
}

Wire Reference::product(const Slot &x, const Slot &y, const WireType &result,
                        const Bilinear &accumulate) {
  Array c = Array::filled(elementCount(result.shape), 0);
  accumulate(c, x.parts[0], y.parts[0], Sign::Plus);
  return make({Kind::Shared, result, {c}});
}

//===-- Two bilinear products ---------------------------------------------===//

Wire Role::matmul(Wire x, Wire y, const WireType &result) {
  const Slot &a = held(x, Kind::Masked, "matmul"),
             &b = held(y, Kind::Masked, "matmul");
  return product(a, b, result,
                 matmulOf(a.type, b.type, result, arrayRing(result)));
}

Wire Role::mul(Wire x, Wire y, const WireType &result) {
  const Slot &a = get(x, Kind::Masked, "mul"), &b = get(y, Kind::Masked, "mul");
  if (a.type.ring < result.ring)
    return extendedProduct(a, b, result);
  if (b.type.ring < result.ring)
    return extendedProduct(b, a, result);
  return product(a, b, result,
                 mulOf(a.type, b.type, result, arrayRing(result)));
}

} // namespace secformer::runtime
