//===- CircleTest.cpp - points of the circle and series of them -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Series.h"

#include <cmath>
#include <gtest/gtest.h>

namespace secformer::runtime {
namespace {

/// Distance from the point of the angle 2 pi index / 2^ring, in 2^-53.
double errorAt(Point p, uint64_t index, unsigned ring) {
  const long double angle =
      2 * std::acos(-1.0L) *
      std::ldexp((long double)(index & ((uint64_t(1) << ring) - 1)),
                 -int(ring));
  return double(std::ldexp(
      std::hypot(p.cosine - std::cos(angle), p.sine - std::sin(angle)), 53));
}

TEST(Circle, PointsErrByFourUnits) {
  for (unsigned ring = 2; ring <= circleMaxRing; ++ring) {
    const auto circle = Circle::of(ring);
    double worst = 0;
    for (uint64_t i = 0; i < uint64_t(1) << ring; ++i)
      worst = std::max(worst, errorAt(circle->at(i), i, ring));
    EXPECT_LT(worst, 4) << ring;
  }
}

TEST(Circle, SequencesErrBySevenUnitsAStep) {
  const auto circle = Circle::of(20);
  for (uint64_t x = 1; x < uint64_t(1) << 20; x += 9973) {
    Point p = circle->at(3 * x);
    const Point turn = circle->at(2 * x);
    for (uint64_t j = 1; j <= 512; ++j, p = p * turn)
      ASSERT_LT(errorAt(p, (2 * j + 1) * x, 20), 7 * double(j)) << x;
  }
}

TEST(Circle, RefusesOtherRings) {
  EXPECT_THROW(Circle::of(1), std::logic_error);
  EXPECT_THROW(Circle::of(21), std::logic_error);
}

/// A series of 40 harmonics at many angles: what the parties and the dealer
/// compute, one word for all.
struct Case {
  std::shared_ptr<const Circle> circle = Circle::of(17);
  std::vector<Harmonic> harmonics;
  static constexpr size_t n = 16 * 64 + 5;
  std::vector<uint64_t> angles, words, sum;

  static uint64_t mixed(uint64_t i) {
    i = (i ^ i >> 31) * 0x9e3779b97f4a7c15U;
    return i ^ i >> 29;
  }

  Case() {
    for (size_t j = 0; j < 40; ++j)
      harmonics.push_back({std::ldexp(double(mixed(j + 1) >> 36), -12),
                           -std::ldexp(double(mixed(j + 77) >> 36), -12),
                           std::ldexp(1, int(10 + j / 2)), unsigned(j % 7),
                           2 * (39 - j)});
    for (size_t i = 0; i < n; ++i)
      angles.push_back(mixed(1000 + i));
    words.resize(2 * harmonics.size() * n);
    sum.resize(n);
  }

  Series series() const { return {*circle, 3, 2, harmonics}; }

  uint64_t hash() const {
    uint64_t h = 0;
    for (const auto *part : {&words, &sum})
      for (uint64_t word : *part)
        h = h * 0x100000001b3U ^ word;
    return h;
  }
};

// As in protocols/Univariate.cpp, but each set of instructions by name.
#define EVALUATE                                                               \
  {                                                                            \
    cosinesTo(c.words.data(), c.n, c.angles.data(), c.series());               \
    addSeriesTo(c.sum.data(), c.n, c.angles.data(), c.series(),                \
                c.words.data());                                               \
  }
void evaluateBaseline(Case &c) EVALUATE
#if defined(__x86_64__)
    __attribute__((target("arch=x86-64-v3"))) void evaluateV3(Case &c) EVALUATE
    __attribute__((target("arch=x86-64-v4"))) void evaluateV4(Case &c) EVALUATE
#endif

    // The bits themselves: a machine that disagrees with this word disagrees
    // with its peer.
    TEST(Series, IsTheSameEverywhere) {
  constexpr uint64_t expected = 13944239631703680956U;
  Case baseline;
  evaluateBaseline(baseline);
  EXPECT_EQ(baseline.hash(), expected);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    Case c;
    evaluateV3(c);
    EXPECT_EQ(c.hash(), expected);
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl")) {
    Case c;
    evaluateV4(c);
    EXPECT_EQ(c.hash(), expected);
  }
#endif
}

} // namespace
} // namespace secformer::runtime
