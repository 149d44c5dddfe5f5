//===- FitTest.cpp - fits keep their promises under integer arithmetic ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Evaluates fits as a runtime does, on masked arguments in integers, and holds
// the result against the certified error.
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/Fit.h"
#include "tests/Random.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <numbers>

using namespace secformer;

namespace {

double geluEven(double x) { return x / 2 * std::erf(x / std::sqrt(2.0)); }
double exponential(double x) { return std::exp(x); }
double reciprocal(double x) { return 1 / x; }
double rsqrt(double x) { return 1 / std::sqrt(x); }
double hyperbolicTangent(double x) { return std::tanh(x); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double errorFunction(double x) { return std::erf(x); }
double siluEven(double x) { return x * (sigmoid(x) - 0.5); }

FitRequest request(std::string name, double (*function)(double), double low,
                   double high, double maxError, bool relative = false) {
  FitRequest r;
  r.name = std::move(name);
  r.function = function;
  r.low = low;
  r.high = high;
  r.maxError = maxError;
  r.relative = relative;
  return r;
}

FitRequest scaled(FitRequest r, unsigned inputScale, bool even = false) {
  r.inputScale = inputScale;
  r.even = even;
  return r;
}

Fit fitOrFail(const FitRequest &r) {
  auto result = fitUnivariate(r);
  if (auto *reason = std::get_if<std::string>(&result)) {
    ADD_FAILURE() << *reason;
    return {};
  }
  return std::get<Fit>(result);
}

std::string reasonOf(const FitRequest &r) {
  auto result = fitUnivariate(r);
  auto *reason = std::get_if<std::string>(&result);
  return reason ? *reason : "(a fit)";
}

/// The protocol's arithmetic: public factors from D, dealt cosines from d.
class Simulation {
public:
  explicit Simulation(const Fit &fit)
      : fit(fit), finest(*std::ranges::max_element(fit.dealtBits)),
        mask((uint64_t(1) << fit.inputRing) - 1) {
    auto step = 2 * std::numbers::pi_v<long double> / (mask + 1);
    for (uint64_t i = 0; i <= mask; ++i)
      table.push_back(double(std::cos(step * i)));
  }

  void setPublic(uint64_t opened) {
    factors.clear();
    for (unsigned j = 0; j < fit.harmonics(); ++j) {
      double c = cosine(fit.frequency(j) * opened);
      double s = sine(fit.frequency(j) * opened);
      auto factor = [&](double v) {
        return std::llrint(
            std::ldexp(v, int(fit.factorBits) - int(fit.coefficientBits)));
      };
      double a = double(fit.cosine[j]), b = double(fit.sine[j]);
      factors.push_back(factor(a * c + b * s));
      factors.push_back(factor(a * s - b * c));
    }
  }

  /// The result for mask d, in real units.
  double value(uint64_t d) const {
    uint64_t sum = fit.constant;
    for (unsigned j = 0; j < fit.harmonics(); ++j) {
      auto dealt = [&](double v) {
        return std::llrint(std::ldexp(v, int(fit.dealtBits[j])));
      };
      const uint64_t angle = fit.frequency(j) * d;
      sum += uint64_t(factors[2 * j] * dealt(cosine(angle)) +
                      factors[2 * j + 1] * dealt(sine(angle)))
             << (finest - fit.dealtBits[j]);
    }
    return std::ldexp(double(int64_t(sum)), -int(fit.resultScale()));
  }

private:
  double cosine(uint64_t angle) const { return table[angle & mask]; }
  double sine(uint64_t angle) const {
    return table[(angle - (mask + 1) / 4) & mask];
  }

  Fit fit;
  unsigned finest;
  uint64_t mask;
  std::vector<double> table;
  std::vector<int64_t> factors;
};

double realArgument(const Fit &fit, int64_t x) {
  return std::ldexp(double(x), -int(fit.inputScale));
}

double errorAt(const FitRequest &r, const Fit &fit, int64_t x, double value) {
  double exact = r.function(realArgument(fit, x));
  return std::abs(value - exact) / (r.relative ? std::abs(exact) : 1);
}

struct Observed {
  double largest = 0;
  size_t count = 0, beyondTypical = 0;
};

/// Random arguments and masks.
Observed observe(const FitRequest &r, const Fit &fit, unsigned arguments) {
  std::mt19937_64 random = seeded(1);
  int64_t first = std::ceil(std::ldexp(r.low, fit.inputScale));
  int64_t last = std::floor(std::ldexp(r.high, fit.inputScale));
  Simulation simulation(fit);
  Observed result;
  for (unsigned i = 0; i < arguments; ++i) {
    uint64_t opened = random();
    simulation.setPublic(opened);
    for (int repeat = 0; repeat < 8; ++repeat) {
      int64_t x = first + int64_t(random() % uint64_t(last - first + 1));
      double error = errorAt(r, fit, x, simulation.value(opened - x));
      result.largest = std::max(result.largest, error);
      result.beyondTypical += error > fit.typicalError;
      ++result.count;
    }
  }
  return result;
}

TEST(Fit, CertifiedForEveryArgumentAndEveryMask) {
  FitRequest requests[] = {
      scaled(request("sigmoid", sigmoid, -9, 9, 2e-3), 5),
      scaled(request("gelu", geluEven, -6, 6, 2e-3), 6, true),
      scaled(request("reciprocal", reciprocal, 1, 7, 2e-3, true), 7)};
  for (const FitRequest &r : requests) {
    Fit fit = fitOrFail(r);
    Simulation simulation(fit);
    uint64_t period = uint64_t(1) << fit.inputRing;
    double largest = 0;
    for (uint64_t opened = 0; opened < period; ++opened) {
      simulation.setPublic(opened);
      for (int64_t x = std::ceil(std::ldexp(r.low, fit.inputScale));
           x <= std::ldexp(r.high, fit.inputScale); ++x)
        largest =
            std::max(largest, errorAt(r, fit, x, simulation.value(opened - x)));
    }
    EXPECT_LE(fit.certifiedError, r.maxError) << r.name;
    EXPECT_LE(largest, fit.certifiedError) << r.name;
    EXPECT_GE(largest, fit.certifiedError / 2) << r.name << ": a loose bound";
  }
}

TEST(Fit, CertifiedForManyArgumentsOfLargeFits) {
  FitRequest requests[] = {
      scaled(request("gelu", geluEven, -28, 28, 1e-3), 12, true),
      scaled(request("exp", exponential, -12, 6, 1e-4), 12),
      scaled(request("exp", exponential, -10, 13, 2e-3), 12),
      request("reciprocal", reciprocal, 1, 40, 1e-3, true),
      request("rsqrt", rsqrt, 0.1, 30, std::ldexp(1, -12), true)};
  for (const FitRequest &r : requests) {
    Fit fit = fitOrFail(r);
    Observed seen = observe(r, fit, 40000);
    EXPECT_LE(fit.typicalError, r.maxError) << r.name;
    EXPECT_LE(seen.largest, fit.certifiedError) << r.name;
    EXPECT_LE(seen.beyondTypical, seen.count / 10000) << r.name;
    std::printf("%-10s %7zu values: largest error %.2e, typical %.2e, "
                "certified %.2e\n",
                r.name.c_str(), seen.count, seen.largest, fit.typicalError,
                fit.certifiedError);
  }
}

TEST(Fit, BoundsNeedTheBitsTheyName) {
  FitRequest r = scaled(request("gelu", geluEven, -14, 14, 1e-3), 12, true);
  Fit fit = fitOrFail(r);
  Fit coarseDealt = fit, coarseFactor = fit;
  for (unsigned &bits : coarseDealt.dealtBits)
    bits = std::max(bits, 6U) - 5;
  coarseDealt.constant >>= 5;
  coarseFactor.factorBits -= 5;
  coarseFactor.constant >>= 5;
  EXPECT_GT(observe(r, coarseDealt, 2000).largest, fit.certifiedError);
  EXPECT_GT(observe(r, coarseFactor, 2000).largest, fit.certifiedError);
}

TEST(Fit, StatesItsLargestValues) {
  FitRequest requests[] = {
      scaled(request("exp", exponential, -12, 6, 1e-3), 12),
      request("rsqrt", rsqrt, 0.1, 3.5, 1e-3, true)};
  for (const FitRequest &r : requests) {
    Fit fit = fitOrFail(r);
    double largest = 0;
    for (int64_t x = 0; x < int64_t(1) << fit.inputRing; ++x)
      largest = std::max(largest, std::abs(evaluate(fit, x)));
    EXPECT_NEAR(largest, std::max(fit.largestInside, fit.largestOutside),
                1e-6 * largest);
    EXPECT_LT(largest, std::ldexp(1, fit.valueBits));
    EXPECT_LE(fit.largestOutside, 256 * fit.largestInside);
    EXPECT_NEAR(evaluate(fit, 1 << fit.inputScale),
                evaluate(fit, (1 << fit.inputScale) + (1 << fit.inputRing)),
                1e-12);
  }
}

TEST(Fit, KeepsToTheLimitsGiven) {
  FitRequest r = scaled(request("exp", exponential, -12, 6, 1e-3), 12);
  Fit free = fitOrFail(r);
  r.maxRing = free.resultScale() + free.valueBits; // two bits less
  Fit tight = fitOrFail(r);
  EXPECT_LE(tight.resultScale() + tight.valueBits + 2, r.maxRing);
  EXPECT_LE(tight.typicalError, r.maxError);
  EXPECT_EQ(tight.inputScale, 12u);
  EXPECT_EQ(tight.period(), 5);
}

TEST(Fit, EvenFunctionsHaveNoSines) {
  Fit fit = fitOrFail(scaled(request("gelu", geluEven, -6, 6, 1e-3), 12, true));
  EXPECT_TRUE(std::ranges::all_of(fit.sine, [](auto b) { return b == 0; }));
  EXPECT_EQ(fit.sine.size(), fit.harmonics());
}

TEST(Fit, NamesTheLimitExceeded) {
  auto expect = [](const FitRequest &r, const std::string &part) {
    EXPECT_NE(reasonOf(r).find(part), std::string::npos) << reasonOf(r);
  };
  expect(request("reciprocal", reciprocal, 1, 2000, 1e-3, true),
         "reciprocal on [1, 2000] needs more than 512 harmonics");
  expect(request("exp", exponential, -10, 13, 2e-3), "needs 32 input bits");
  expect(scaled(request("exp", exponential, -10, 13, 2e-4), 12),
         "needs a ring of more than 64 bits");
  expect(scaled(request("reciprocal", reciprocal, -1, 1, 1e-3), 8),
         "not finite at 0");
  expect(scaled(request("tanh", hyperbolicTangent, -1, 1, 1e-3, true), 8),
         "is zero at 0");
  expect(request("tanh", hyperbolicTangent, 1, 1, 1e-3), "empty or infinite");
  expect(request("tanh", hyperbolicTangent, -1, 1, 0), "positive maxError");
  expect(scaled(request("tanh", hyperbolicTangent, -1, 1, 1e-3), 1),
         "fewer than 9 arguments");
  // Cosines cannot follow an odd function.
  expect(scaled(request("tanh", hyperbolicTangent, -4, 4, 1e-3), 8, true),
         "not even");
}

TEST(Fit, IsDeterministicAndKeyedByTheWholeRequest) {
  FitRequest r = request("reciprocal", reciprocal, 1, 40, 1e-3, true);
  EXPECT_EQ(fitOrFail(r), fitOrFail(r));
  FitRequest other = r;
  EXPECT_EQ(cacheKey(r), cacheKey(other));
  other.high = std::nextafter(40, 41);
  EXPECT_NE(cacheKey(r), cacheKey(other));
  other = r;
  other.inputScale = 12;
  EXPECT_NE(cacheKey(r), cacheKey(other));
}

/// Every function the compiler fits, and the harmonics it may take.
TEST(Fit, Table) {
  struct Row {
    FitRequest request;
    unsigned harmonics;
    double seconds;
  };
  double fine = std::ldexp(1, -12);
  Row rows[] = {
      {scaled(request("gelu", geluEven, -6, 6, 1e-3), 12, true), 8, 1},
      {scaled(request("gelu", geluEven, -14, 14, 1e-3), 12, true), 16, 1},
      {scaled(request("gelu", geluEven, -28, 28, 4e-3), 12, true), 32, 1},
      {scaled(request("exp", exponential, -12, 6, 1e-4), 12), 20, 1},
      {scaled(request("exp", exponential, -16, 8, 4e-4), 12), 24, 1},
      {scaled(request("exp", exponential, -10, 13, 2e-3), 12), 64, 2},
      {request("reciprocal", reciprocal, 1, 40, 1e-3, true), 32, 1},
      {request("reciprocal", reciprocal, 1, 60, 1e-3, true), 48, 1},
      {request("reciprocal", reciprocal, 1, 500, 1e-3, true), 384, 15},
      {request("reciprocal", reciprocal, 1, 2000, 3e-2, true), 512, 15},
      {request("rsqrt", rsqrt, 0.1, 3.5, fine, true), 24, 1},
      {request("rsqrt", rsqrt, 1, 8, fine, true), 8, 1},
      {request("rsqrt", rsqrt, 0.02, 7.5, fine, true), 192, 10},
      {request("rsqrt", rsqrt, 0.1, 30, fine, true), 192, 10},
      {request("tanh", hyperbolicTangent, -9, 9, 1e-3), 24, 1},
      {request("sigmoid", sigmoid, -9, 9, 1e-3), 12, 1},
      {request("erf", errorFunction, -4, 4, 1e-3), 12, 1},
      {scaled(request("silu", siluEven, -9, 9, 1e-3), 10, true), 12, 1}};
  std::printf("function    range          asked    m  log2P   K  Q  T ring  "
              "certified  typical   gap    s\n");
  for (const Row &row : rows) {
    const FitRequest &r = row.request;
    auto start = std::chrono::steady_clock::now();
    Fit fit = fitOrFail(r);
    double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    std::printf("%-10s [%4g,%5g]  %.1e %3u %4d  %4u %2u %2u  %2u   %.2e  "
                "%.2e  %5.3g %.2f\n",
                r.name.c_str(), r.low, r.high, r.maxError, fit.inputRing,
                fit.period(), fit.harmonics(), fit.factorBits,
                fit.resultScale() - fit.factorBits,
                fit.resultScale() + fit.valueBits + 1, fit.certifiedError,
                fit.typicalError, fit.largestOutside, seconds);
    EXPECT_LE(fit.harmonics(), row.harmonics) << r.name;
    EXPECT_LE(fit.typicalError, r.maxError) << r.name;
#ifdef NDEBUG // Eigen checks every index otherwise.
    EXPECT_LE(seconds, 5 * row.seconds) << r.name;
#endif
  }
}

} // namespace
