//===- GoldschmidtPlan.cpp - steps and segments for a range ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Goldschmidt.h"
#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace secformer;

/// More steps gain nothing on any range that a wire can hold.
static constexpr size_t kMostSteps = 40;
/// More segments cost the dealer more than the round they may save is worth.
static constexpr size_t kMostSegments = 16;
/// The smallest multiple of a segment, for their rounding, is at least this.
static constexpr double kLeastMultiple = 8;
/// A threshold is at least 2 to this power units of what is compared.
static constexpr int kThresholdUnits = 5;
/// What a factor rounds away the next steps make up for.
static constexpr unsigned kFewBits = 10;
/// Of one comparison: three chunks.
static constexpr int kMostComparedBits = 24;

double GoldschmidtStep::factor(double b) const {
  double m = quadratic ? (b - shift) * (b - shift) + rest : shift - b;
  return std::ldexp(m, exponent);
}

static unsigned factorBitsFor(unsigned fraction) {
  return std::min(fraction + 1, 16U);
}

double secformer::ofFactor(Inverse kind, double factor) {
  return kind == Inverse::Root ? std::sqrt(factor) : factor;
}

double GoldschmidtPlan::start(Inverse kind) const {
  return 1 / ofFactor(kind, scale);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

/// Where a step takes b from a range; the factor is of a b rounded by a unit.
/// Low is 0 if the factor is not positive everywhere.
static Range after(Inverse kind, const GoldschmidtStep &step, Range range) {
  const double unit = std::ldexp(1.0, -int(step.factorBits));
  Range result{INFINITY, -INFINITY};
  constexpr int points = 1024;
  // As dense where b is small as where it is large.
  const double ratio = std::pow(range.high / range.low, 1.0 / points);
  double b = range.low;
  for (int i = 0; i <= points; ++i, b *= ratio)
    for (double rounding : {-unit, unit}) {
      double m = step.factor(b + rounding);
      double next = kind == Inverse::Root ? b * m * m : b * m;
      result.low = std::min(result.low, m > 0 ? next : 0);
      result.high = std::max(result.high, next);
    }
  return result;
}

static double rounded(double value, unsigned bits) {
  return std::ldexp(std::round(std::ldexp(value, int(bits))), -int(bits));
}

/// The factor that brings a range closest to one point.
static GoldschmidtStep bestStep(Inverse kind, Range range,
                                unsigned factorBits) {
  const double low = range.low, high = range.high;
  GoldschmidtStep step;
  step.factorBits = factorBits;
  if (kind == Inverse::Reciprocal) {
    // 1 - T((c - b) / h) / T(c / h) with Chebyshev's T of degree 3, c the
    // middle and 2 h the width of the range, up to a constant factor.
    step.quadratic = true;
    step.shift = rounded(0.75 * (low + high), factorBits);
    step.rest = rounded(0.75 * low * high, 2 * factorBits);
  } else {
    // b (r - b)^2 is as large at one end as at the other.
    step.shift = rounded(low + std::sqrt(low * high) + high, factorBits);
  }
  return step;
}

/// A last factor of a root: only a takes it, so it may be quadratic. The
/// polynomial that is 1/sqrt(b) at Chebyshev's nodes, up to a constant factor.
static GoldschmidtStep lastRootStep(Range range, unsigned factorBits) {
  const double middle = (range.low + range.high) / 2,
               away = (range.high - range.low) / 2 * std::numbers::sqrt3 / 2;
  const double x[] = {middle - away, middle, middle + away};
  double f[3], slope[2];
  for (int i = 0; i < 3; ++i)
    f[i] = 1 / std::sqrt(x[i]);
  for (int i = 0; i < 2; ++i)
    slope[i] = (f[i + 1] - f[i]) / away;
  const double square = (slope[1] - slope[0]) / (2 * away);
  const double linear = slope[0] - square * (x[0] + x[1]);
  const double constant = f[0] - slope[0] * x[0] + square * x[0] * x[1];
  GoldschmidtStep step;
  step.factorBits = factorBits;
  step.quadratic = true;
  step.shift = rounded(-linear / (2 * square), factorBits);
  step.rest =
      rounded(constant / square - step.shift * step.shift, 2 * factorBits);
  return step;
}

/// The step so that b stays below 1, by a power of two, which costs nothing;
/// and where it takes b. Fails if the factor is not positive everywhere.
static std::optional<Range> take(Inverse kind, GoldschmidtStep &step,
                                 Range range) {
  const Range next = after(kind, step, range);
  if (!(next.low > 0))
    return std::nullopt;
  const int granularity = kind == Inverse::Root ? 2 : 1;
  step.exponent = -int(std::ceil(std::log2(next.high) / granularity));
  const double factor = std::ldexp(1.0, granularity * step.exponent);
  return Range{next.low * factor, next.high * factor};
}

static void finish(GoldschmidtPlan &plan, Inverse kind, Range range) {
  plan.end = range;
  plan.scale = (range.low + range.high) / 2;
  auto factor = [&](double b) { return ofFactor(kind, b / plan.scale); };
  plan.error = std::max(factor(range.high) - 1, 1 - factor(range.low));
}

/// Adds the step, if it brings the result that close.
static bool endsWith(GoldschmidtPlan &plan, Inverse kind, GoldschmidtStep step,
                     Range range, double wanted) {
  auto end = take(kind, step, range);
  if (!end)
    return false;
  finish(plan, kind, *end);
  if (plan.error <= wanted)
    plan.steps.push_back(step);
  return plan.error <= wanted;
}

/// Steps until the result is within a relative error; false if they do not get
/// there.
static bool addSteps(GoldschmidtPlan &plan, Inverse kind, Range range,
                     unsigned fraction) {
  const unsigned factorBits = factorBitsFor(fraction);
  const double wanted = std::ldexp(4.0, -int(factorBits));
  const bool root = kind == Inverse::Root;
  while (plan.steps.size() < kMostSteps) {
    if (endsWith(plan, kind, bestStep(kind, range, factorBits), range,
                 wanted) ||
        (root &&
         endsWith(plan, kind, lastRootStep(range, factorBits), range, wanted)))
      return true;
    GoldschmidtStep step =
        bestStep(kind, range, std::min(factorBits, kFewBits));
    auto next = take(kind, step, range);
    if (!next)
      return false;
    plan.steps.push_back(step);
    range = *next;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Segments and formats
//===----------------------------------------------------------------------===//

/// The least power of 2^granularity that is not below a value.
static double ceilPower(double value, int granularity) {
  return std::exp2(granularity * std::ceil(std::log2(value) / granularity));
}

/// The range of b where the argument is multiplied according to its segment.
/// Segments of one ratio, bounds known to a unit of what is compared.
static Range addSegments(GoldschmidtPlan &plan, Range range, size_t count,
                         int granularity) {
  plan.multiples.clear();
  if (count == 1) {
    plan.multiples = {1};
    return range;
  }
  const double ratio = std::pow(range.high / range.low, 1.0 / double(count));
  plan.thresholdBits = unsigned(std::max(
      0, kThresholdUnits - int(std::floor(std::log2(range.low * ratio)))));
  const double unit = std::ldexp(1.0, -int(plan.thresholdBits));
  // So that b comes close to 1 after the deflation.
  const double least = kLeastMultiple *
                       ceilPower(kLeastMultiple * range.high, granularity) /
                       (kLeastMultiple * range.high * (1 + 1 / kLeastMultiple));
  Range result{INFINITY, 0};
  double low = range.low;
  for (size_t i = 0; i < count; ++i) {
    plan.multiples.push_back(
        std::llround(least * std::pow(ratio, double(count - 1 - i))));
    const auto multiple = double(plan.multiples.back());
    const bool last = i + 1 == count;
    const double bound =
        last ? range.high
             : rounded(range.low * std::pow(ratio, double(i + 1)),
                       plan.thresholdBits);
    if (!last)
      plan.thresholds.push_back(bound);
    result.low = std::min(result.low, multiple * (i ? low - unit : low));
    result.high =
        std::max(result.high, multiple * (last ? bound : bound + unit));
    low = bound;
  }
  return result;
}

/// Fraction bits that keep the digits of b where it is smallest, and of a.
static void chooseFormats(GoldschmidtPlan &plan, Inverse kind, double least,
                          unsigned fraction) {
  const bool root = kind == Inverse::Root;
  // A root halves the relative error of b.
  plan.fineBits = fraction + (root ? 1 : 2) +
                  std::max(0, -int(std::floor(std::log2(least))));
  const auto most = double(plan.multiples.front()),
             fewest = double(plan.multiples.back());
  plan.largest = (1 + kSlack) * plan.start(kind) *
                 ofFactor(kind, plan.bound / least) * ofFactor(kind, most);
  // A segment's multiple makes a as much larger.
  plan.sumBits =
      fraction + 4 - unsigned(std::floor(std::log2(ofFactor(kind, fewest))));
  // A product of three, its sign and the room of a truncation.
  auto fits = [&](unsigned bits, double bound, const GoldschmidtStep &step) {
    return bits + 2 * step.factorBits + unsigned(log2Ceil(4 * bound)) <= 61;
  };
  plan.fits &= fits(plan.fineBits, plan.bound, plan.steps.front()) &&
               fits(plan.sumBits, plan.largest, plan.steps.back());
}

/// Does the first b of a segment enter its factor by a narrowing? It is read
/// in the ring of the first products and has as many bits more as the largest
/// multiple.
static bool narrowsFirst(const GoldschmidtPlan &plan) {
  const GoldschmidtStep &first = plan.steps.front();
  auto ringOf = [](double bound, unsigned scale) {
    return mpc::signedBits(bound, scale) + 1;
  };
  unsigned ring = ringOf(
      plan.largest, plan.sumBits + first.factorBits * (first.quadratic + 1));
  if (plan.steps.size() > 1)
    ring = std::max(ring, ringOf(plan.bound * (1 + kSlack),
                                 plan.fineBits + 2 * first.factorBits));
  return ring + plan.argumentBits() - first.factorBits <= kWidestRing;
}

unsigned GoldschmidtPlan::argumentBits() const {
  return fineBits + unsigned(log2Ceil(double(multiples.front())));
}

unsigned GoldschmidtPlan::rounds() const {
  const unsigned iterated = 2 * unsigned(steps.size());
  return thresholds.empty() ? iterated
                            : iterated + (narrowsFirst(*this) ? 1 : 2);
}

static GoldschmidtPlan planSegments(Inverse kind, Range range,
                                    unsigned fraction, size_t count) {
  GoldschmidtPlan plan;
  // A root takes half of the exponent.
  const int granularity = kind == Inverse::Root ? 2 : 1;
  range = addSegments(plan, range, count, granularity);
  plan.deflation = ceilPower(range.high, granularity);
  range = {range.low / plan.deflation, range.high / plan.deflation};
  plan.fits = addSteps(plan, kind, range, fraction);
  if (plan.fits)
    chooseFormats(plan, kind, range.low, fraction);
  return plan;
}

GoldschmidtPlan secformer::planGoldschmidt(Inverse kind, Range range,
                                           unsigned fraction) {
  GoldschmidtPlan best = planSegments(kind, range, fraction, 1);
  for (size_t count = 2; count <= kMostSegments; ++count) {
    const double least =
        range.low * std::pow(range.high / range.low, 1.0 / double(count));
    if ((best.fits && best.steps.size() == 1) ||
        log2Ceil(range.high / least) + kThresholdUnits + 2 > kMostComparedBits)
      break;
    GoldschmidtPlan plan = planSegments(kind, range, fraction, count);
    if (plan.fits && (!best.fits || plan.rounds() < best.rounds()))
      best = std::move(plan);
  }
  return best;
}

GoldschmidtPlan secformer::publishedGoldschmidt(Inverse kind, Range range,
                                                double deflation,
                                                int iterations,
                                                unsigned fraction) {
  GoldschmidtPlan plan;
  plan.deflation = deflation;
  GoldschmidtStep step;
  step.factorBits = factorBitsFor(fraction);
  step.shift = kind == Inverse::Root ? 3 : 2;
  step.exponent = kind == Inverse::Root ? -1 : 0;
  plan.steps.assign(size_t(iterations), step);
  plan.bound = step.shift;
  plan.end = {1, 0};
  range = {range.low / deflation, range.high / deflation};
  chooseFormats(plan, kind, range.low, fraction);
  for (int i = 0; i < iterations; ++i) {
    range = after(kind, step, range);
    if (range.low <= 0)
      return plan;
  }
  finish(plan, kind, range);
  plan.scale = 1;
  // There is nothing to make up for the distance from 1.
  plan.error = 1 - ofFactor(kind, range.low);
  return plan;
}
