//===- GoldschmidtTest.cpp - plans of iterations --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Plans are followed here in float64, with the factor's argument rounded as the
// wires round it.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Goldschmidt.h"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace secformer;

namespace {

constexpr unsigned kFraction = 12;

/// The plan's result for one argument, which is compared in units of the
/// thresholds, rounded down or up; b is to be in (0, bound] throughout, and a
/// in (0, largest].
double follow(Inverse kind, const GoldschmidtPlan &plan, double x,
              bool roundUp = false) {
  double compared = std::ldexp(x, int(plan.thresholdBits));
  compared = std::ldexp(roundUp ? std::ceil(compared) : std::floor(compared),
                        -int(plan.thresholdBits));
  auto segment = std::upper_bound(plan.thresholds.begin(),
                                  plan.thresholds.end(), compared) -
                 plan.thresholds.begin();
  const auto multiple = double(plan.multiples[size_t(segment)]);
  double b = x * multiple / plan.deflation;
  double a = plan.start(kind) * ofFactor(kind, multiple);
  for (const GoldschmidtStep &step : plan.steps) {
    EXPECT_GT(b, 0) << x << " after deflation by " << plan.deflation;
    EXPECT_LE(b, plan.bound) << x;
    double unit = std::ldexp(1.0, int(step.factorBits));
    double m = step.factor(std::round(b * unit) / unit);
    b *= kind == Inverse::Root ? m * m : m;
    a *= m;
    EXPECT_GT(a, 0) << x;
    EXPECT_LE(a, plan.largest) << x;
  }
  return a / ofFactor(kind, plan.deflation);
}

double exact(Inverse kind, double x) {
  return kind == Inverse::Root ? 1 / std::sqrt(x) : 1 / x;
}

/// Largest relative error over a range.
double error(Inverse kind, const GoldschmidtPlan &plan, Range range) {
  double largest = 0;
  constexpr int points = 20000;
  for (int i = 0; i <= points; ++i) {
    double x = range.low * std::pow(range.high / range.low, double(i) / points);
    for (bool roundUp : {false, true})
      largest = std::max(
          largest,
          std::abs(follow(kind, plan, x, roundUp) / exact(kind, x) - 1));
  }
  return largest;
}

TEST(Goldschmidt, PlansReachTheirErrorOnEveryRange) {
  for (Inverse kind : {Inverse::Reciprocal, Inverse::Root})
    for (Range range :
         {Range{1, 1}, Range{0.9, 1.1}, Range{1, 128}, Range{10, 50},
          Range{1.0 / 512, 1}, Range{0.01, 900}, Range{3000, 26000}}) {
      GoldschmidtPlan plan = planGoldschmidt(kind, range, kFraction);
      EXPECT_TRUE(plan.fits);
      EXPECT_LE(plan.error, std::ldexp(2.0, -int(kFraction)))
          << range.low << " to " << range.high << ", " << plan.steps.size()
          << " steps";
      EXPECT_LE(error(kind, plan, range), 1.01 * plan.error)
          << range.low << " to " << range.high;
    }
}

struct Expected {
  Inverse kind;
  Range range;
  unsigned rounds; ///< without segments: two for each step
  size_t steps, segments;
};

TEST(Goldschmidt, SegmentsTakeTheFewestRounds) {
  for (Expected expected :
       {Expected{Inverse::Root, {1, 1}, 2, 1, 1},
        // Variances of BERT, of 1/sqrt(x) on [0.1, 100], of deviations from 0.1
        // to 30: 4, 6 and 9 steps of one segment.
        Expected{Inverse::Root, {0.2, 12}, 3, 1, 15},
        Expected{Inverse::Root, {0.1, 100}, 5, 2, 6},
        Expected{Inverse::Root, {0.01, 900}, 5, 2, 9},
        Expected{Inverse::Reciprocal, {0.5, 50}, 5, 2, 4}}) {
    GoldschmidtPlan plan =
        planGoldschmidt(expected.kind, expected.range, kFraction);
    EXPECT_EQ(plan.rounds(), expected.rounds) << expected.range.high;
    EXPECT_EQ(plan.steps.size(), expected.steps) << expected.range.high;
    EXPECT_EQ(plan.multiples.size(), expected.segments) << expected.range.high;
    EXPECT_EQ(plan.thresholds.size() + 1, plan.multiples.size());
  }
}

TEST(Goldschmidt, RangesThatNoWireHoldsAreRefused) {
  EXPECT_FALSE(
      planGoldschmidt(Inverse::Reciprocal, {1e-9, 900}, kFraction).fits);
  EXPECT_FALSE(planGoldschmidt(Inverse::Root, {1e-12, 1}, kFraction).fits);
}

TEST(Goldschmidt, PublishedConstantsCoverWhatThePaperSays) {
  Range sums{0.001 * 5000, 1.999 * 5000};
  GoldschmidtPlan division =
      publishedGoldschmidt(Inverse::Reciprocal, sums, 5000, 13, kFraction);
  ASSERT_LE(division.end.low, division.end.high);
  EXPECT_LE(error(Inverse::Reciprocal, division, sums), 1.1e-3);
  Range variances{0.001 * 2000, 2.9 * 2000};
  GoldschmidtPlan root =
      publishedGoldschmidt(Inverse::Root, variances, 2000, 11, kFraction);
  ASSERT_LE(root.end.low, root.end.high);
  EXPECT_LE(error(Inverse::Root, root, variances), 2e-3);
}

TEST(Goldschmidt, PublishedConstantsFailWhereTheyMust) {
  // 512 tokens: sums of squares up to 13300, beyond 2 * 5000.
  GoldschmidtPlan longer = publishedGoldschmidt(
      Inverse::Reciprocal, {1000, 13300}, 5000, 13, kFraction);
  EXPECT_GT(longer.end.low, longer.end.high);
  // A variance of 1 is 0.0005 after deflation by 2000.
  GoldschmidtPlan small =
      publishedGoldschmidt(Inverse::Root, {1, 100}, 2000, 11, kFraction);
  EXPECT_NEAR(error(Inverse::Root, small, {1, 100}), 0.017, 0.002);
}

} // namespace
