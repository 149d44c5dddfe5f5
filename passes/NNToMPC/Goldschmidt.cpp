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

static int64_t units(double value, unsigned scale) {
  return std::llround(std::ldexp(value, int(scale)));
}

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

/// What the iteration begins with, of an argument in segments.
struct Start {
  Secret b, a;
};
} // namespace

/// b = argument * multiple / deflation and a = start * multiple, or its root,
/// by the multiple of the argument's segment.
static Start startOf(Emitter &emit, Inverse kind, Value x, double largest,
                     const GoldschmidtPlan &plan) {
  Value decided = emit.compare(emit.openedNarrow(x, plan.thresholdBits),
                               plan.thresholds, largest, plan.thresholdBits);
  const Deflation deflation(plan.deflation);
  const auto scale =
      unsigned(std::max(0, int(plan.argumentBits()) - deflation.exponent));
  Secret argument = emit.atScale({x, largest}, scale);
  Value opened = emit.opened(argument, scale);
  auto factor = [&](int64_t multiple) {
    return units(plan.start(kind) * ofFactor(kind, double(multiple)),
                 plan.sumBits);
  };
  // Public numbers are of 24 bits.
  auto known = int64_t(float(factor(plan.multiples.front())));
  const double first = std::ldexp(double(known), -int(plan.sumBits));
  Value b = emit.scaleBy(argument.wire, plan.multiples.front()), a;
  for (size_t i = 0; i < plan.thresholds.size(); ++i) {
    const int64_t multiple = plan.multiples[i + 1];
    b = emit.add(b, emit.scaleBy(emit.select(decided, unsigned(i), opened, 0),
                                 multiple - plan.multiples[i]));
    Value more = emit.scaleBy(emit.indicator(decided, unsigned(i)),
                              factor(multiple) - known);
    a = a ? emit.add(a, more) : more;
    known = factor(multiple);
  }
  a = emit.addPublic(emit.relabel(a, int(plan.sumBits)), emit.splat(first));
  return {{deflation.argument(emit, b, largest), plan.bound * (1 + kSlack)},
          {a, plan.largest}};
}

FailureOr<Secret> secformer::goldschmidt(Emitter &emit, Inverse kind, Value x,
                                         Range range,
                                         const GoldschmidtPlan &plan) {
  const bool root = kind == Inverse::Root;
  if (!plan.fits)
    return emitError(emit.location)
           << (root ? "inverse square roots" : "reciprocals")
           << " of values from " << range.low << " to " << range.high
           << " are too wide a range for Goldschmidt's iteration; calibrate "
              "with samples (--calibrate), or use fewer --fraction-bits";

  const Deflation deflation(plan.deflation);
  const bool segmented = !plan.thresholds.empty();
  Start now;
  if (segmented)
    now = startOf(emit, kind, x, range.high * (1 + kSlack), plan);
  else
    now.b = {deflation.argument(emit, x, range.high),
             plan.bound * (1 + kSlack)};
  auto &[b, a] = now;
  for (const GoldschmidtStep &step : plan.steps) {
    const unsigned factorBits = step.factorBits;
    const bool few = segmented && &step == &plan.steps.front();
    auto open = [&](Secret value, unsigned scale) {
      return few ? emit.openedFew(value, scale) : emit.opened(value, scale);
    };
    // b - r, or r - b.
    Secret linear{
        emit.addPublic(step.quadratic ? b.wire : emit.scaleBy(b.wire, -1),
                       emit.splat(step.quadratic ? -step.shift : step.shift)),
        b.bound + step.shift};
    Value factor = open(linear, factorBits);
    // A value times the factor, or times its square if b takes that.
    auto times = [&](Secret value, unsigned scale, bool square) {
      Value opened = open(value, scale);
      if (!step.quadratic)
        return square ? emit.mul3(opened, factor, factor)
                      : emit.mul(opened, factor);
      Value rest = emit.relabel(emit.scaleBy(emit.atScale(value, scale).wire,
                                             units(step.rest, 2 * factorBits)),
                                2 * int(factorBits));
      return emit.add(emit.mul3(opened, factor, factor), rest);
    };
    if (a.wire) {
      a.wire = times(a, plan.sumBits, /*square=*/false);
    } else {
      // The first product is with a public number.
      Value m = step.quadratic ? emit.addPublic(emit.mul(factor, factor),
                                                emit.splat(step.rest))
                               : emit.atScale(linear, factorBits).wire;
      a.wire =
          emit.relabel(emit.scaleBy(m, units(plan.start(kind), plan.sumBits)),
                       int(plan.sumBits));
    }
    a = {emit.relabel(a.wire, -step.exponent), plan.largest};
    if (&step != &plan.steps.back())
      b.wire = emit.relabel(times(b, plan.fineBits, root),
                            -(root ? 2 : 1) * step.exponent);
  }
  return deflation.result(emit, kind, a, plan.sumBits);
}
