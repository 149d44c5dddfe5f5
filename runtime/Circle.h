//===- Circle.h - points of the unit circle, the same everywhere ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Both parties must round the same public factors from the same opened value.
// A point is the product of one of a coarse and one of a fine table, made by
// integer arithmetic; from there on float64 alone, whose sums and products are
// exact up to one rounding that IEEE 754 fixes (the runtime is compiled without
// contraction). With units of u = 2^-53 a point errs by at most 4 u, a product
// by what its factors do and 2.24 u (Brent, Percival, Zimmermann: Error bounds
// on complex floating-point multiplication, 2007), hence the K-th of a sequence
// point(a) point(b)^(K-1) by at most 7 K u.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_CIRCLE_H
#define SECFORMER_RUNTIME_CIRCLE_H

#include "runtime/Multiarch.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace secformer::runtime {

struct Point {
  double cosine, sine;

  friend SECFORMER_INLINE Point operator*(Point a, Point b) {
    return {a.cosine * b.cosine - a.sine * b.sine,
            a.cosine * b.sine + a.sine * b.cosine};
  }
};

constexpr unsigned circleMaxRing = 20;

class Circle {
public:
  /// 2^ring points; 2 <= ring <= 20. Circles are made once and kept.
  static std::shared_ptr<const Circle> of(unsigned ring);

  /// Of the angle 2 pi index / 2^ring; any index.
  SECFORMER_INLINE Point at(uint64_t index) const {
    return coarse[(index & mask) >> fineBits] *
           fine[index & ((uint64_t(1) << fineBits) - 1)];
  }

  explicit Circle(unsigned ring);

private:
  uint64_t mask;
  unsigned fineBits;
  std::vector<Point> coarse, fine;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_CIRCLE_H
