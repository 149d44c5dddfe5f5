//===- SuiteFast.cpp - one round per smooth function, no comparison -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include "passes/NNToMPC/Suites.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

Portion secformer::portionOf(int64_t n, double error) {
  for (Portion portion{0, 0, 1};; ++portion.bits) {
    const double power = std::ldexp(1.0, int(portion.bits));
    portion.units = std::llround(power / double(n));
    portion.error = std::abs(double(portion.units) * double(n) / power - 1);
    if (portion.error <= error)
      return portion;
  }
}

std::string secformer::number(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.17g", value);
  return text;
}

Range secformer::coarse(Range range) {
  // A single point is a range, too.
  double width = std::max(range.high - range.low, range.bound() / 32 + 1e-3);
  double step = std::exp2(std::floor(std::log2(width)) - 5);
  return {std::floor((range.low - kSlack * width) / step) * step,
          std::ceil((range.high + kSlack * width) / step) * step};
}

Range secformer::coarsePositive(Range range) {
  auto grid = [](double value, auto round) {
    return std::exp2(round(4 * std::log2(value)) / 4);
  };
  return {
      grid(range.low * (1 - kSlack), [](double v) { return std::floor(v); }),
      grid(range.high * (1 + kSlack), [](double v) { return std::ceil(v); })};
}

FailureOr<mpc::FitOp>
secformer::fitPositive(Emitter &emit, const Twine &name,
                       std::function<double(double)> function, Range range) {
  FitRequest request;
  request.name = name.str();
  request.function = std::move(function);
  request.low = range.low;
  request.high = range.high;
  request.relative = true;
  request.few = true; // a sum or a variance of each row
  request.maxError = std::exp2(-(int(emit.fraction) - 1));
  // The argument is read as finely as its smallest values need, and as its ring
  // allows: at most 20 bits, of which a power of two above the range takes the
  // upper ones.
  int scale =
      std::min(int(emit.fraction) + 2 + std::max(0, -log2Ceil(range.low)),
               19 - log2Ceil(range.high * (1 + kSlack)));
  // A unit of the argument moves these functions by at most unit / argument.
  if (scale < 0 || std::exp2(-scale) / range.low > 1.0 / 64)
    return emitError(emit.location)
           << request.name << " on [" << range.low << ", " << range.high
           << "]: the range is too wide for one function of 20 bits; calibrate "
              "with samples (--calibrate), or normalize the model's values";
  request.inputScale = scale;
  return emit.fit(request);
}

FailureOr<mpc::FitOp>
secformer::fitSmooth(Emitter &emit, const Twine &name,
                     std::function<double(double)> function, Range range,
                     bool even) {
  range = coarse(range);
  // The largest value, and the largest slope.
  constexpr int steps = 4096;
  double largest = 0, slope = 0, before = 0;
  for (int i = 0; i <= steps; ++i) {
    double width = range.high - range.low;
    double value = function(range.low + width * i / steps);
    largest = std::max(largest, std::abs(value));
    if (i > 0)
      slope = std::max(slope, std::abs(value - before) * steps / width);
    before = value;
  }
  int exponent = 0;
  std::frexp(largest, &exponent);

  FitRequest request;
  request.name = name.str();
  request.low = range.low;
  request.high = range.high;
  request.even = even;
  request.maxError =
      std::exp2(std::clamp(exponent, -8, 0) + std::max(exponent - 6, 0) -
                (int(emit.fraction) - 1));
  // As fine as the slope needs, in at most 20 bits.
  int scale = std::max(int(emit.factorScale(range.bound())),
                       log2Ceil(std::max(slope, 1e-6) / request.maxError) + 1);
  scale =
      std::min(scale, 19 - int(std::floor(std::log2(range.high - range.low))));
  if (scale < 0 || slope * std::exp2(-scale) > largest / 64)
    return emitError(emit.location)
           << request.name << " on [" << range.low << ", " << range.high
           << "]: the range is too wide for one function of 20 bits; calibrate "
              "with samples (--calibrate), or normalize the model's values";
  request.function = std::move(function);
  request.inputScale = scale;
  return emit.fit(request);
}

std::unique_ptr<Suite> secformer::createFastSuite(const SuiteOptions &) {
  return std::make_unique<FastSuite>();
}
