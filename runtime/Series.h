//===- Series.h - sums of harmonics on masked arguments -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The loops of fitted functions. Vectors of elements stay in registers while
// they walk through the harmonics, so a point of the circle is looked up twice
// an element and turned from one harmonic to the next.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SERIES_H
#define SECFORMER_RUNTIME_SERIES_H

#include "runtime/Circle.h"

#include <bit>
#include <cstddef>
#include <span>

namespace secformer::runtime {

/// One harmonic of a fit, ready for the loops.
struct Harmonic {
  double a, b;    ///< coefficients times 2^factorBits
  double unit;    ///< 2^dealtBits
  unsigned shift; ///< from its scale to the result's
  size_t row;     ///< of its cosines among the dealt words; sines are the next
};

/// The harmonics in order of frequency.
struct Series {
  const Circle &circle;
  uint64_t first, step; ///< frequencies
  std::span<const Harmonic> harmonics;
};

/// \p v rounded to an integer, halves to even; |v| < 2^51.
SECFORMER_INLINE uint64_t rounded(double v) {
  constexpr double shift = 0x1.8p52;
  return std::bit_cast<uint64_t>(v + shift) - std::bit_cast<uint64_t>(shift);
}

/// Calls each(harmonic, lane, point) for `lanes` angles and all harmonics.
template <size_t lanes, class Each>
SECFORMER_INLINE void walk(const Series &series, const uint64_t *angle,
                           Each each) {
  Point at[lanes], turn[lanes];
  for (size_t l = 0; l < lanes; ++l) {
    at[l] = series.circle.at(series.first * angle[l]);
    turn[l] = series.circle.at(series.step * angle[l]);
  }
  double cosine[lanes], sine[lanes], turnCosine[lanes], turnSine[lanes];
  for (size_t l = 0; l < lanes; ++l) {
    cosine[l] = at[l].cosine;
    sine[l] = at[l].sine;
    turnCosine[l] = turn[l].cosine;
    turnSine[l] = turn[l].sine;
  }
  for (const Harmonic &h : series.harmonics)
    for (size_t l = 0; l < lanes; ++l) {
      const Point here = {cosine[l], sine[l]};
      each(h, l, here);
      const Point next = here * Point{turnCosine[l], turnSine[l]};
      cosine[l] = next.cosine;
      sine[l] = next.sine;
    }
}

/// Calls work(lanes, first) for pieces of n elements.
template <class Work> SECFORMER_INLINE void forLanes(size_t n, Work work) {
  constexpr size_t many = 16;
  size_t i = 0;
  for (; i + many <= n; i += many)
    work(std::integral_constant<size_t, many>(), i);
  for (; i < n; ++i)
    work(std::integral_constant<size_t, 1>(), i);
}

/// sum[i] += for every harmonic (p c + q s) 2^shift, p and q its public factors
/// at D[i], c and s in its rows of n words.
SECFORMER_INLINE void addSeriesTo(uint64_t *sum, size_t n, const uint64_t *D,
                                  const Series &series, const uint64_t *words) {
  forLanes(n, [&](auto lanes, size_t i) SECFORMER_LAMBDA {
    uint64_t total[lanes()];
    for (size_t l = 0; l < lanes(); ++l)
      total[l] = sum[i + l];
    walk<lanes()>(series, D + i,
                  [&](const Harmonic &h, size_t l, Point z) SECFORMER_LAMBDA {
                    const uint64_t p = rounded(h.a * z.cosine + h.b * z.sine);
                    const uint64_t q = rounded(h.a * z.sine - h.b * z.cosine);
                    const uint64_t *c = words + h.row * n + i;
                    total[l] += (p * c[l] + q * c[n + l]) << h.shift;
                  });
    for (size_t l = 0; l < lanes(); ++l)
      sum[i + l] = total[l];
  });
}

/// The rows of words round(2^T cos(f w d)), round(2^T sin(f w d)).
SECFORMER_INLINE void cosinesTo(uint64_t *words, size_t n, const uint64_t *d,
                                const Series &series) {
  forLanes(n, [&](auto lanes, size_t i) SECFORMER_LAMBDA {
    walk<lanes()>(series, d + i,
                  [&](const Harmonic &h, size_t l, Point z) SECFORMER_LAMBDA {
                    uint64_t *c = words + h.row * n + i;
                    c[l] = rounded(h.unit * z.cosine);
                    c[n + l] = rounded(h.unit * z.sine);
                  });
  });
}

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SERIES_H
