//===- Goldschmidt.cpp - reciprocals and roots by iteration ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Goldschmidt.h"
#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// More steps gain nothing on any range that a wire can hold.
static constexpr size_t kMostSteps = 40;

double GoldschmidtStep::factor(double b) const {
  double m = quadratic ? (b - shift) * (b - shift) + rest : shift - b;
  return std::ldexp(m, exponent);
}

static unsigned factorBitsFor(unsigned fraction) {
  return std::min(fraction + 1, 16U);
}

/// Where a step takes b from a range; the factor is of a b rounded by a unit.
/// Low is 0 if the factor is not positive everywhere.
static Range after(Inverse kind, const GoldschmidtStep &step, Range range,
                   unsigned factorBits) {
  const double unit = std::ldexp(1.0, -int(factorBits));
  Range result{INFINITY, -INFINITY};
  constexpr int points = 4096;
  for (int i = 0; i <= points; ++i) {
    // As dense where b is small as where it is large.
    double b = range.low * std::pow(range.high / range.low, double(i) / points);
    for (double rounding : {-unit, unit}) {
      double m = step.factor(b + rounding);
      double next = kind == Inverse::Root ? b * m * m : b * m;
      result.low = std::min(result.low, m > 0 ? next : 0);
      result.high = std::max(result.high, next);
    }
  }
  return result;
}

/// The factor that brings a range closest to one point.
static GoldschmidtStep bestStep(Inverse kind, Range range,
                                unsigned factorBits) {
  auto rounded = [](double value, unsigned bits) {
    return std::ldexp(std::round(std::ldexp(value, int(bits))), -int(bits));
  };
  const double low = range.low, high = range.high;
  GoldschmidtStep step;
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

static void finish(GoldschmidtPlan &plan, Inverse kind, Range range) {
  plan.end = range;
  plan.scale = (range.low + range.high) / 2;
  auto factor = [&](double b) {
    return kind == Inverse::Root ? std::sqrt(b / plan.scale) : b / plan.scale;
  };
  plan.error = std::max(factor(range.high) - 1, 1 - factor(range.low));
}

GoldschmidtPlan secformer::planGoldschmidt(Inverse kind, Range range,
                                           unsigned fraction) {
  GoldschmidtPlan plan;
  plan.factorBits = factorBitsFor(fraction);
  // A root takes half of the exponent.
  const int granularity = kind == Inverse::Root ? 2 : 1;
  plan.deflation =
      std::exp2(granularity * std::ceil(std::log2(range.high) / granularity));
  range = {range.low / plan.deflation, range.high / plan.deflation};
  finish(plan, kind, range);
  // A step is taken even if the range is one point: the result is a share.
  do {
    GoldschmidtStep step = bestStep(kind, range, plan.factorBits);
    Range next = after(kind, step, range, plan.factorBits);
    if (next.low <= 0)
      break;
    // Below 1 again by a power of two, which costs nothing.
    step.exponent = -int(std::ceil(std::log2(next.high) / granularity));
    range = after(kind, step, range, plan.factorBits);
    plan.steps.push_back(step);
    finish(plan, kind, range);
  } while (plan.error > std::ldexp(4.0, -int(plan.factorBits)) &&
           plan.steps.size() < kMostSteps);
  return plan;
}

GoldschmidtPlan secformer::publishedGoldschmidt(Inverse kind, Range range,
                                                double deflation,
                                                int iterations,
                                                unsigned fraction) {
  GoldschmidtPlan plan;
  plan.factorBits = factorBitsFor(fraction);
  plan.deflation = deflation;
  GoldschmidtStep step;
  step.shift = kind == Inverse::Root ? 3 : 2;
  step.exponent = kind == Inverse::Root ? -1 : 0;
  plan.steps.assign(size_t(iterations), step);
  plan.bound = step.shift;
  plan.end = {1, 0};
  range = {range.low / deflation, range.high / deflation};
  for (int i = 0; i < iterations; ++i) {
    range = after(kind, step, range, plan.factorBits);
    if (range.low <= 0)
      return plan;
  }
  finish(plan, kind, range);
  plan.scale = 1;
  // There is nothing to make up for the distance from 1.
  plan.error = kind == Inverse::Root ? 1 - std::sqrt(range.low) : 1 - range.low;
  return plan;
}

//===----------------------------------------------------------------------===//
// As operations
//===----------------------------------------------------------------------===//

namespace {
/// The argument divided by the deflation, and the accumulated factors times
/// what takes the division back; both free if it is a power of two.
struct Deflation {
  double divisor;
  int exponent = 0;
  bool isPower;

  explicit Deflation(double divisor) : divisor(divisor) {
    isPower = std::frexp(divisor, &exponent) == 0.5;
    --exponent;
  }

  Value argument(Emitter &emit, Value x, double largest) const {
    if (isPower)
      return emit.relabel(x, exponent);
    const unsigned bits = emit.fraction + 2 + log2Ceil(divisor);
    Secret roomy = emit.withRoom({x, largest}, bits, largest / divisor,
                                 emit.fraction + log2Ceil(divisor));
    return emit.mulPublic(roomy.wire, emit.splat(1 / divisor), bits);
  }

  Secret result(Emitter &emit, Inverse kind, Secret a, unsigned scale) const {
    const bool root = kind == Inverse::Root;
    const double factor = 1 / (root ? std::sqrt(divisor) : divisor);
    if (isPower)
      return {emit.relabel(a.wire, root ? exponent / 2 : exponent),
              a.bound * factor};
    a = emit.atScale(a, scale);
    return {emit.mulPublic(a.wire, emit.splat(factor),
                           emit.fraction + 2 - log2Ceil(factor)),
            a.bound * factor};
  }
};
} // namespace

FailureOr<Secret> secformer::goldschmidt(Emitter &emit, Inverse kind, Value x,
                                         Range range,
                                         const GoldschmidtPlan &plan) {
  const bool root = kind == Inverse::Root;
  const double low = range.low / plan.deflation;
  // b keeps its digits where it is smallest; a root halves its relative error.
  const unsigned fineBits = emit.fraction + (root ? 1 : 2) +
                            std::max(0, -int(std::floor(std::log2(low))));
  const unsigned sumBits = emit.fraction + 4, factorBits = plan.factorBits;
  const double start = 1 / (root ? std::sqrt(plan.scale) : plan.scale);
  // a = start b / b0, or its root.
  const double largest =
      (1 + kSlack) * start *
      (root ? std::sqrt(plan.bound / low) : plan.bound / low);
  // A product of three, its sign and the room of a truncation.
  const int room = 61 - 2 * int(factorBits);
  if (int(fineBits) + log2Ceil(4 * plan.bound) > room ||
      int(sumBits) + log2Ceil(4 * largest) > room)
    return emitError(emit.location)
           << (root ? "inverse square roots" : "reciprocals")
           << " of values from " << range.low << " to " << range.high
           << " are too wide a range for Goldschmidt's iteration; calibrate "
              "with samples (--calibrate), or use fewer --fraction-bits";

  const Deflation deflation(plan.deflation);
  Secret b{deflation.argument(emit, x, range.high), plan.bound * (1 + kSlack)};
  Secret a;
  for (const GoldschmidtStep &step : plan.steps) {
    // b - r, or r - b.
    Value distance =
        emit.addPublic(step.quadratic ? b.wire : emit.scaleBy(b.wire, -1),
                       emit.splat(step.quadratic ? -step.shift : step.shift));
    Secret linear = emit.atScale({distance, b.bound + step.shift}, factorBits);
    Value factor = emit.opened(linear, factorBits);
    // A value times the factor, or times its square if b takes that.
    auto times = [&](Secret value, bool square) {
      Value opened = emit.opened(value, value.scale());
      if (!step.quadratic)
        return square ? emit.mul3(opened, factor, factor)
                      : emit.mul(opened, factor);
      Value rest = emit.relabel(
          emit.scaleBy(value.wire, std::llround(std::ldexp(
                                       step.rest, 2 * int(factorBits)))),
          2 * int(factorBits));
      return emit.add(emit.mul3(opened, factor, factor), rest);
    };
    if (a.wire) {
      a.wire = times(emit.atScale(a, sumBits), /*square=*/false);
    } else {
      // The first product is with a public number.
      Value m = step.quadratic ? emit.addPublic(emit.mul(factor, factor),
                                                emit.splat(step.rest))
                               : linear.wire;
      a.wire = emit.relabel(
          emit.scaleBy(m, std::llround(std::ldexp(start, int(sumBits)))),
          int(sumBits));
    }
    a = {emit.relabel(a.wire, -step.exponent), largest};
    if (&step != &plan.steps.back())
      b.wire = emit.relabel(times(emit.atScale(b, fineBits), root),
                            -(root ? 2 : 1) * step.exponent);
  }
  return deflation.result(emit, kind, a, sumBits);
}
