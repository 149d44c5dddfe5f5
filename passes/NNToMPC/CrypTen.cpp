//===- CrypTen.cpp - CrypTen's approximations -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/CrypTen.h"
#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// CrypTen's default for start values.
static constexpr unsigned kSquarings = 8;
static constexpr int kReciprocalSteps = 10, kRootSteps = 3, kMostSteps = 24;
/// Of a product of three and its sign; a truncation needs one bit more.
static constexpr int kProductBits = 62;

Secret secformer::limitExponential(Emitter &emit, Secret x,
                                   unsigned squarings) {
  // A squaring doubles the relative error, so all have as many bits more.
  const unsigned scale = emit.fraction + squarings + 1;
  Secret power{
      emit.addPublic(emit.relabel(x.wire, int(squarings)), emit.splat(1)),
      1 + std::max(1.0, std::ldexp(x.bound, -int(squarings)))};
  for (unsigned i = 0; i < squarings; ++i) {
    Value opened = emit.opened(power, scale);
    power = {emit.mul(opened, opened), std::max(4.0, power.bound)};
  }
  return power;
}

/// What limitExponential computes, without rounding.
static double limit(double x) {
  return std::pow(1 + std::ldexp(x, -int(kSquarings)),
                  std::exp2(double(kSquarings)));
}

namespace {
/// Values that an iteration takes on over a range of arguments.
struct Convergence {
  double error = 0;   ///< relative, at the end
  double largest = 0; ///< value of y on the way
};
} // namespace

/// \p target: what y is to be times.
static Convergence simulate(Range range, function_ref<double(double)> start,
                            function_ref<double(double, double)> step,
                            function_ref<double(double)> inverse, int steps) {
  Convergence result;
  constexpr int points = 512;
  for (int i = 0; i <= points; ++i) {
    double x = range.low * std::pow(range.high / range.low, double(i) / points);
    double y = start(x);
    for (int j = 0; j < steps; ++j) {
      result.largest = std::max(result.largest, std::abs(y));
      y = step(x, y);
    }
    result.largest = std::max(result.largest, std::abs(y));
    double error = std::abs(y / inverse(x) - 1);
    // Not a number is the largest error.
    if (!(error <= result.error))
      result.error = error;
  }
  return result;
}

/// factor exp(a - b x) + constant + slope x, as a share.
static Secret startValue(Emitter &emit, Secret x, double factor, double shift,
                         int halvings, double constant, double slope) {
  Secret argument{
      emit.addPublic(emit.relabel(emit.scaleBy(x.wire, -1), halvings),
                     emit.splat(shift)),
      std::ldexp(x.bound, -halvings) + std::abs(shift)};
  const unsigned bits = 8;
  Secret exp = limitExponential(emit, argument, kSquarings);
  exp = emit.atScale(exp, emit.fraction + bits);
  Secret start{
      emit.addPublic(emit.mulPublic(exp.wire, emit.splat(factor), bits),
                     emit.splat(constant)),
      factor * 2 + constant};
  if (slope == 0)
    return start;
  Secret linear{emit.mulPublic(emit.atScale(x, emit.fraction).wire,
                               emit.splat(slope), 12),
                std::abs(slope) * x.bound};
  return emit.add(start, linear, start.bound + linear.bound);
}

static LogicalResult refuse(Emitter &emit, StringRef what, Range range) {
  return emitError(emit.location)
         << "CrypTen's " << what << " does not converge on values from "
         << range.low << " to " << range.high
         << ", or needs more than 64 bits; use another --suite, or calibrate "
            "with samples (--calibrate)";
}

FailureOr<Secret> secformer::newtonReciprocal(Emitter &emit, Value x,
                                              Range range) {
  const double constant = 0.003;
  Convergence found = simulate(
      range, [&](double v) { return 3 * limit(0.5 - v) + constant; },
      [](double v, double y) { return y * (2 - v * y); },
      [](double v) { return 1 / v; }, kReciprocalSteps);
  // Both factors keep their digits where they are smallest.
  const int xBits = int(emit.fraction) + 2 + std::max(0, -log2Ceil(range.low)),
            yBits = int(emit.fraction) + 2 + std::max(0, log2Ceil(range.high));
  const double largest = found.largest * (1 + kSlack);
  if (found.error > std::exp2(1 - int(emit.fraction)) ||
      xBits + 2 * yBits + log2Ceil(4 * largest) > kProductBits)
    return refuse(emit, "reciprocal", range);

  Secret argument =
      emit.atScale({x, range.high * (1 + kSlack)}, unsigned(xBits));
  Secret y = startValue(emit, argument, 3, 0.5, 0, constant, 0);
  Value opened = emit.opened(argument, unsigned(xBits));
  for (int i = 0; i < kReciprocalSteps; ++i) {
    y = emit.atScale({y.wire, largest}, unsigned(yBits));
    Value factor = emit.opened(y, unsigned(yBits));
    // 2 y - x y y
    y = emit.sub({emit.scaleBy(y.wire, 2), 2 * largest},
                 {emit.mul3(opened, factor, factor), largest}, largest);
  }
  return y;
}

FailureOr<Secret> secformer::newtonInverseRoot(Emitter &emit, Value x,
                                               Range range) {
  const double constant = 0.2, shift = -0.2, factor = 2.2, slope = -1.0 / 1024;
  int fours = std::max(0, int(std::ceil(std::log2(range.high / 64) / 2)));
  range = {std::ldexp(range.low, -2 * fours),
           std::ldexp(range.high, -2 * fours)};
  x = emit.relabel(x, 2 * fours);
  auto start = [&](double v) {
    return factor * limit(shift - v / 2) + constant + slope * v;
  };
  auto step = [](double v, double y) { return y * (3 - v * y * y) / 2; };
  auto inverse = [](double v) { return 1 / std::sqrt(v); };
  int steps = kRootSteps;
  Convergence found = simulate(range, start, step, inverse, steps);
  while (!(found.error <= std::exp2(1 - int(emit.fraction))) &&
         steps < kMostSteps)
    found = simulate(range, start, step, inverse, ++steps);
  const int xBits = int(emit.fraction) + 2 + std::max(0, -log2Ceil(range.low)),
            yBits =
                int(emit.fraction) + 2 + std::max(0, log2Ceil(range.high) / 2);
  const double largest = found.largest * (1 + kSlack);
  if (!(found.error <= std::exp2(1 - int(emit.fraction))) ||
      // x y y is at most 3.
      xBits + 2 * yBits + 2 > kProductBits)
    return refuse(emit, "inverse square root", range);

  Secret argument =
      emit.atScale({x, range.high * (1 + kSlack)}, unsigned(xBits));
  Secret y = startValue(emit, argument, factor, shift, 1, constant, slope);
  Value opened = emit.opened(argument, unsigned(xBits));
  for (int i = 0; i < steps; ++i) {
    Value root = emit.opened({y.wire, largest}, unsigned(yBits));
    // y (3 - x y y) / 2
    Secret rest{emit.addPublic(emit.scaleBy(emit.mul3(opened, root, root), -1),
                               emit.splat(3)),
                4};
    y = {emit.relabel(emit.mul(root, emit.opened(rest, emit.fraction + 2)), 1),
         largest};
  }
  return Secret{emit.relabel(y.wire, fours), std::ldexp(largest, -fours)};
}
