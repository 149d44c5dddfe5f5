//===- GoldschmidtTest.cpp - plans of iterations --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Plans are followed here in float64, with the factor's argument rounded as the
// wires round it.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Goldschmidt.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace secformer;

namespace {

constexpr unsigned kFraction = 12;

/// The plan's result for one argument; b is to be in (0, bound] throughout.
double follow(Inverse kind, const GoldschmidtPlan &plan, double x) {
  double b = x / plan.deflation;
  double a = 1 / (kind == Inverse::Root ? std::sqrt(plan.scale) : plan.scale);
  for (const GoldschmidtStep &step : plan.steps) {
    EXPECT_GT(b, 0) << x << " after deflation by " << plan.deflation;
    EXPECT_LE(b, plan.bound) << x;
    double unit = std::ldexp(1.0, int(plan.factorBits));
    double m = step.factor(std::round(b * unit) / unit);
    b *= kind == Inverse::Root ? m * m : m;
    a *= m;
  }
  double deflation =
      kind == Inverse::Root ? std::sqrt(plan.deflation) : plan.deflation;
  return a / deflation;
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
    largest =
        std::max(largest, std::abs(follow(kind, plan, x) / exact(kind, x) - 1));
  }
  return largest;
}

TEST(Goldschmidt, PlansReachTheirErrorOnEveryRange) {
  for (Inverse kind : {Inverse::Reciprocal, Inverse::Root})
    for (Range range :
         {Range{1, 1}, Range{0.9, 1.1}, Range{1, 128}, Range{10, 50},
          Range{1.0 / 512, 1}, Range{0.01, 900}, Range{3000, 26000}}) {
      GoldschmidtPlan plan = planGoldschmidt(kind, range, kFraction);
      EXPECT_LE(plan.error, std::ldexp(4.0, -int(plan.factorBits)))
          << range.low << " to " << range.high << ", " << plan.steps.size()
          << " steps";
      EXPECT_LE(error(kind, plan, range), 1.01 * plan.error)
          << range.low << " to " << range.high;
    }
}

TEST(Goldschmidt, RangesAreNarrowedAsFastAsTheDegreeAllows) {
  // Published: 13 and 11.
  EXPECT_LE(planGoldschmidt(Inverse::Reciprocal, {0.001, 1.999}, kFraction)
                .steps.size(),
            5U);
  EXPECT_LE(
      planGoldschmidt(Inverse::Root, {0.001, 2.99}, kFraction).steps.size(),
      7U);
  EXPECT_EQ(planGoldschmidt(Inverse::Root, {0.01, 900}, kFraction).steps.size(),
            9U);
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
