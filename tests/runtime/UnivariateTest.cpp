//===- UnivariateTest.cpp - fitted functions ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

#include <cmath>

namespace secformer::runtime::test {
namespace {

const double pi = std::acos(-1.0);

/// f(x) = 0.5 + sum of cosines and sines with given coefficients.
Univariate makeFit(unsigned inputRing, const std::vector<double> &cosine,
                   const std::vector<double> &sine) {
  Univariate f{inputRing, unsigned(std::max(cosine.size(), sine.size())),
               14,        20,
               28,        int64_t(0.5 * std::ldexp(1, 34)),
               {},        {}};
  for (double c : cosine)
    f.cosine.push_back(std::llrint(std::ldexp(c, 28)));
  for (double s : sine)
    f.sine.push_back(std::llrint(std::ldexp(s, 28)));
  return f;
}

double evaluate(const Univariate &f, int64_t x) {
  double sum = 0.5, w = 2 * pi / std::ldexp(1, int(f.inputRing));
  for (unsigned j = 0; j < f.harmonics; ++j) {
    if (!f.cosine.empty())
      sum += std::ldexp(double(f.cosine[j]), -28) *
             std::cos(double(j + 1) * w * double(x));
    if (!f.sine.empty())
      sum += std::ldexp(double(f.sine[j]), -28) *
             std::sin(double(j + 1) * w * double(x));
  }
  return sum;
}

template <class R>
Wire apply(R &role, const Univariate &f, const Shape &shape) {
  Wire opened = openedInput(role, {shape, 0, f.inputRing});
  return role.univariate(opened, f, {shape, 34, 44});
}

// Two harmonics, every x and every mask of an 8-bit ring.
TEST(Univariate, EveryValueAndMask) {
  constexpr unsigned m = 8;
  const Univariate f = makeFit(m, {0.25, -1.5}, {2, 0.125});
  constexpr size_t n = size_t(1) << (2 * m);
  std::vector<int64_t> x(n), zero(n, 0);
  for (size_t i = 0; i < n; ++i)
    x[i] = toSigned(i & 255, m);
  auto mix = [](uint64_t i) { return i * 0x9e3779b97f4a7c15U; };
  const TableRandomness r0([&](Purpose p, uint32_t, uint64_t i) {
    return p == Purpose::Mask ? mix(i) >> 40 : mix(i);
  });
  // delta takes every value: d1 = i / 256 - d0.
  const TableRandomness r1(
      [&](Purpose, uint32_t, uint64_t i) { return (i >> m) - (mix(i) >> 40); });
  Setting setting = withTables(r0, r1);
  giveShares(setting, "x", x, zero);
  const Shape shape = {int64_t(n)};
  auto body = [&](auto &role) { show(role, "y", apply(role, f, shape)); };
  Outcome outcome = run(setting, body);
  TensorMap exact = runReference(setting, body);
  double worst = 0, worstReference = 0;
  for (size_t i = 0; i < n; ++i) {
    double expected = evaluate(f, x[i]);
    worst = std::max(worst, std::fabs(outcome.outputs["y"].at(i) - expected));
    worstReference =
        std::max(worstReference, std::fabs(exact["y"].at(i) - expected));
  }
  // Four public factors at 14 bits, four dealt ones at 20 bits.
  EXPECT_LT(worst, 4 * std::ldexp(0.5, -14) * 1.1 + 4e-6);
  EXPECT_LT(worstReference, 2 * std::ldexp(0.5, -14) * 1.1 + 1e-6);
  EXPECT_EQ(outcome.dealerBytes, packedBytes(4 * n, 44));
}

TEST(Univariate, LargePeriodCosinesOnly) {
  constexpr unsigned m = 20;
  const Univariate f = makeFit(m, {0.25, 0, 0, 0, 1}, {});
  std::vector<int64_t> x, zero;
  for (int64_t i = -(1 << 19); i < 1 << 19; i += 997)
    x.push_back(i);
  zero.assign(x.size(), 0);
  Setting setting;
  giveShares(setting, "x", zero, x);
  const Shape shape = {int64_t(x.size())};
  Outcome outcome =
      run(setting, [&](auto &role) { show(role, "y", apply(role, f, shape)); });
  for (size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(outcome.outputs["y"].at(i), evaluate(f, x[i]), 4e-4);
}

TEST(Univariate, ReferenceNotesArgumentsOutsideTheFit) {
  Univariate f = makeFit(7, {0.25}, {2});
  f.low = -20;
  f.high = 10;
  Setting setting;
  setting.inputs0["x0"] = integers({-20, -21, 10, 11, 30, 0});
  setting.inputs1["x1"] = integers({0, 0, 0, 0, 0, 0});
  setting.inputs1["m"] = integers({1, 1, 1, 0, 1, 1});
  auto violations = [&](bool masked) {
    std::vector<RangeViolation> found;
    runReference(
        setting,
        [&](auto &role) {
          role.beginRound();
          Wire mask = role.publicInput("m", {6}, 1);
          role.endRound();
          Wire y = apply(role, f, {6});
          if (masked)
            role.mulPublic(y, mask, 0);
        },
        &found);
    return found;
  };
  auto all = violations(false), rest = violations(true);
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].outside.size(), 3U);
  EXPECT_EQ(all[0].outside[1].index, 3U);
  EXPECT_EQ(all[0].outside[1].value, 11);
  EXPECT_EQ(all[0].allowedBits(), 5U);
  // What a mask makes 0 does not matter.
  ASSERT_EQ(rest.size(), 1U);
  ASSERT_EQ(rest[0].outside.size(), 2U);
  EXPECT_EQ(rest[0].outside[0].index, 1U);
  EXPECT_EQ(rest[0].outside[1].index, 4U);
  setting.inputs1["m"] = integers({1, 0, 1, 0, 0, 1});
  EXPECT_TRUE(violations(true).empty());
}

// What the dealer sends is uniform whatever the value and party 0's mask are.
TEST(Univariate, DealtWordsDoNotDependOnTheValue) {
  constexpr unsigned m = 3, ring = 4;
  Univariate f{m, 1, 2, 2, 4, 0, {16}, {3}};
  // x, d0, d1 and the halves of two words; a block holds all cosines first.
  constexpr size_t n = 512;
  Histogram seen;
  for (uint64_t half = 0; half < 256; ++half) {
    const TableRandomness r0([&](Purpose p, uint32_t, uint64_t i) {
      if (p == Purpose::Mask)
        return i >> 3;
      return i < n ? half & 15 : half >> 4;
    });
    const TableRandomness r1(
        [&](Purpose, uint32_t, uint64_t i) { return i >> 6; });
    std::vector<int64_t> x(n), zero(n, 0);
    for (size_t i = 0; i < n; ++i)
      x[i] = toSigned(i & 7, m);
    Setting setting = withTables(r0, r1);
    giveShares(setting, "x", x, zero);
    Outcome outcome = run(setting, [&](auto &role) {
      Wire opened = openedInput(role, {{int64_t(n)}, 0, m});
      role.univariate(opened, f, {{int64_t(n)}, 4, ring});
    });
    auto dealt = unpackWords(outcome.fromDealer, 0, 2 * n, ring);
    for (size_t i = 0; i < n; ++i)
      ++seen[i & 63][(i >> 6) << 8 | dealt[i] << 4 | dealt[n + i]];
  }
  EXPECT_EQ(seen.size(), 64U); // pairs of x and d0
  EXPECT_TRUE(sameForAll(seen));
}

} // namespace
} // namespace secformer::runtime::test
