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

/// f(x) = 0.5 + sum of cosines and sines with given coefficients, of
/// frequencies 1, 2, 3, ...
Univariate makeFit(unsigned inputRing, const std::vector<double> &cosine,
                   const std::vector<double> &sine) {
  Univariate f{.inputRing = inputRing,
               .firstFrequency = 1,
               .frequencyStep = 1,
               .factorBits = 14,
               .coefficientBits = 28,
               .constant = int64_t(0.5 * std::ldexp(1, 34)),
               .dealtBits = {},
               .cosine = {},
               .sine = {}};
  f.dealtBits.assign(std::max(cosine.size(), sine.size()), 20);
  for (double c : cosine)
    f.cosine.push_back(std::llrint(std::ldexp(c, 28)));
  for (double s : sine)
    f.sine.push_back(std::llrint(std::ldexp(s, 28)));
  return f;
}

double evaluate(const Univariate &f, int64_t x) {
  double sum = 0.5, w = 2 * pi / std::ldexp(1, int(f.inputRing));
  for (unsigned j = 0; j < f.dealtBits.size(); ++j) {
    const double angle =
        double(f.firstFrequency + j * f.frequencyStep) * w * double(x);
    if (!f.cosine.empty())
      sum += std::ldexp(double(f.cosine[j]), -28) * std::cos(angle);
    if (!f.sine.empty())
      sum += std::ldexp(double(f.sine[j]), -28) * std::sin(angle);
  }
  return sum;
}

template <class R>
Wire apply(R &role, const Univariate &f, const Shape &shape) {
  Wire opened = openedInput(role, {shape, 0, f.inputRing});
  return role.univariate(opened, f, {shape, 34, 44});
}

/// The largest error over every x and every mask of an 8-bit ring, of the
/// parties and of the reference, and what the dealer sent.
struct Errors {
  double parties = 0, reference = 0;
  uint64_t dealerBytes = 0;
};

Errors everyValueAndMask(const Univariate &f) {
  constexpr unsigned m = 8;
  constexpr size_t n = size_t(1) << (2 * m);
  std::vector<int64_t> x(n), zero(n, 0);
  for (size_t i = 0; i < n; ++i)
    x[i] = toSigned(i & 255, m);
  auto mix = [](uint64_t i) { return i * 0x9e3779b97f4a7c15U; };
  const TableRandomness r0([&](Purpose p, uint32_t operation, uint64_t i) {
    return p == Purpose::Mask ? mix(i) >> 40 : mix(i + 99 * operation);
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
  Errors errors;
  errors.dealerBytes = outcome.dealerBytes;
  for (size_t i = 0; i < n; ++i) {
    double expected = evaluate(f, x[i]);
    errors.parties = std::max(errors.parties,
                              std::fabs(outcome.outputs["y"].at(i) - expected));
    errors.reference =
        std::max(errors.reference, std::fabs(exact["y"].at(i) - expected));
  }
  return errors;
}

TEST(Univariate, EveryValueAndMask) {
  const Errors errors = everyValueAndMask(makeFit(8, {0.25, -1.5}, {2, 0.125}));
  // Four public factors at 14 bits, four dealt ones at 20 bits.
  EXPECT_LT(errors.parties, 4 * std::ldexp(0.5, -14) * 1.1 + 4e-6);
  EXPECT_LT(errors.reference, 2 * std::ldexp(0.5, -14) * 1.1 + 1e-6);
  EXPECT_EQ(errors.dealerBytes, packedBytes(4 << 16, 44));
}

// Small harmonics have coarse cosines in narrow words; frequencies 1, 3, 5, 7.
TEST(Univariate, EveryValueAndMaskWithAWidthForEachHarmonic) {
  Univariate f =
      makeFit(8, {0.25, 0.02, -1.5, 0.001}, {2, -0.03, 0.125, 0.0005});
  f.frequencyStep = 2;
  f.dealtBits = {20, 12, 20, 7};
  const Errors errors = everyValueAndMask(f);
  double bound = 8 * std::ldexp(0.5, -14); // public factors
  for (auto [size, bits] :
       {std::pair(2.02, 20), {0.037, 12}, {1.51, 20}, {0.0012, 7}})
    bound += size * std::ldexp(std::sqrt(0.5), -bits);
  EXPECT_LT(errors.parties, bound);
  EXPECT_LT(errors.reference, bound);
  EXPECT_EQ(errors.dealerBytes, packedBytes(4 << 16, 44) +
                                    packedBytes(2 << 16, 36) +
                                    packedBytes(2 << 16, 31));
}

// A harmonic that is a multiple of the result's ring has no words.
TEST(Univariate, DealsNothingForHarmonicsAboveTheRing) {
  Univariate f = makeFit(8, {0.25, 1.5}, {2, 0.125});
  f.dealtBits = {20, 4};
  Setting setting;
  giveShares(setting, "x", {3, 7}, {0, 0});
  Outcome outcome = run(setting, [&](auto &role) {
    Wire opened = openedInput(role, {{2}, 0, f.inputRing});
    role.univariate(opened, f, {{2}, 34, 16});
  });
  EXPECT_EQ(outcome.dealerBytes, packedBytes(4, 16));
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

// What the dealer sends is uniform whatever the value and party 0's mask are:
// words of 4 bits, and of 4 and 2 bits where harmonics have widths of their
// own.
void dealtWordsDoNotDependOnTheValue(const Univariate &f, unsigned narrow) {
  constexpr unsigned m = 3, ring = 4;
  const size_t harmonics = f.dealtBits.size();
  const unsigned halfBits = 2 * ring + (harmonics > 1 ? 2 * narrow : 0);
  // x, d0, d1 and the halves of the words; a block holds all cosines first.
  constexpr size_t n = 512;
  Histogram seen;
  for (uint64_t half = 0; half < uint64_t(1) << halfBits; ++half) {
    const TableRandomness r0([&](Purpose p, uint32_t operation, uint64_t i) {
      if (p == Purpose::Mask)
        return i >> 3;
      // Operation 0 is the opening.
      const bool second = operation == 2;
      const unsigned bits = second ? narrow : ring;
      return half >> (second ? 2 * ring : 0) >> (i < n ? 0 : bits);
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
    std::vector<uint64_t> rest(2 * n);
    if (harmonics > 1)
      rest = unpackWords(outcome.fromDealer, packedBytes(2 * n, ring), 2 * n,
                         narrow);
    for (size_t i = 0; i < n; ++i)
      ++seen[i & 63][(i >> 6) << 16 | dealt[i] << 12 | dealt[n + i] << 8 |
                     rest[i] << 4 | rest[n + i]];
  }
  EXPECT_EQ(seen.size(), 64U); // pairs of x and d0
  EXPECT_TRUE(sameForAll(seen));
}

TEST(Univariate, DealtWordsDoNotDependOnTheValue) {
  Univariate f{.inputRing = 3,
               .firstFrequency = 1,
               .frequencyStep = 1,
               .factorBits = 2,
               .coefficientBits = 4,
               .constant = 0,
               .dealtBits = {2},
               .cosine = {16},
               .sine = {3}};
  dealtWordsDoNotDependOnTheValue(f, 0);
  // Two widths.
  f.frequencyStep = 2;
  f.factorBits = 1;
  f.dealtBits = {1, 3};
  f.cosine = {5, 16};
  f.sine = {2, 3};
  dealtWordsDoNotDependOnTheValue(f, 2);
}

} // namespace
} // namespace secformer::runtime::test
