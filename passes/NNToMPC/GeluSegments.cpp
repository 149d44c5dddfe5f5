//===- GeluSegments.cpp - GELU in segments, as published ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/GeluSegments.h"
#include "passes/NNToMPC/Piecewise.h"
#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// erf(u) on [-1.7, 1.7] is the sum of kSines[k-1] sin(2 pi k u / 20).
static constexpr double kErfEnd = 1.7, kErfPeriod = 20;
static constexpr double kSines[] = {1.25772,  -0.0299154, 0.382155, -0.0519123,
                                    0.196033, -0.0624557, 0.118029};
/// Our period: a power of two, so that reduction drops bits.
static constexpr int kPeriodBits = 5;

/// GELU on [0, 3.5], lowest coefficient first; by GELU(-x) = GELU(x) - x also
/// on
/// [-3.5, 0]. A minimax fit; off by at most 6.5e-4, and 8.2e-4 beyond the ends.
static constexpr double kPolynomialEnd = 3.5;
static constexpr double kPolynomial[] = {
    0.00064606441, 0.48461221, 0.45637823,   -0.068009131,
    -0.049974228,  0.01987857, -0.0020749618};

/// PUMA's polynomials below and above -1.95.
static constexpr double kPumaEnds[] = {-4, -1.95, 3};
static constexpr double kPumaLeft[] = {
    -0.5054031199708174, -0.42226581151983866, -0.11807612951181953,
    -0.011034134030615728};
static constexpr double kPumaRight[] = {
    0.008526321541038084,  0.5, 0.3603292692789629,   0,
    -0.037688200365904236, 0,   0.0018067462606141187};

/// x in units of the argument of erf.
static constexpr double kToArgument = M_SQRT2;

static FailureOr<Secret> bySines(Emitter &emit, Secret x, double bound) {
  // The period of the series, in x, is a power of two of the fit's argument.
  const double period = std::exp2(kPeriodBits);
  FitRequest series;
  series.name = "erf by 7 sines of period 20";
  series.function = [period](double y) {
    double sum = 0;
    for (auto [index, sine] : llvm::enumerate(kSines))
      sum += sine * std::sin(2 * M_PI * double(index + 1) * y / period);
    return sum;
  };
  series.sines.assign(std::begin(kSines), std::end(kSines));
  series.low = -period / 2 * (1 - kSlack);
  series.high = -series.low;
  series.maxError = std::exp2(-(int(emit.fraction) - 1));
  series.inputScale = emit.fraction;
  auto fit = emit.fit(series);
  if (failed(fit))
    return failure();
  Secret wide = emit.withRoom(x, emit.fraction, 2 * x.bound, emit.fraction);
  Value argument = emit.mulPublic(
      wide.wire, emit.splat(period / kErfPeriod / kToArgument), emit.fraction);
  Value sines = emit.openedNarrow(emit.apply(*fit, argument), emit.fraction);
  Piecewise parts(emit, x);
  const double end = kErfEnd * kToArgument;
  return parts.choose({-end, end},
                      {Segment{}, parts.halfTimesOnePlus(sines), Segment{0, 1}},
                      bound);
}

static FailureOr<Secret> byPolynomials(Emitter &emit, Secret x, double bound) {
  SmallVector<double> right(std::begin(kPolynomial), std::end(kPolynomial));
  SmallVector<double> left = right;
  for (size_t odd = 1; odd < left.size(); odd += 2)
    left[odd] = -right[odd];
  left[1] += 1;
  Piecewise parts(emit, x);
  return parts.choose({-kPolynomialEnd, 0, kPolynomialEnd},
                      {Segment{}, parts.polynomial(left),
                       parts.polynomial(right), Segment{0, 1}},
                      bound);
}

static FailureOr<Secret> ofPuma(Emitter &emit, Secret x, double bound) {
  Piecewise parts(emit, x);
  return parts.choose(kPumaEnds,
                      {Segment{}, parts.polynomial(kPumaLeft),
                       parts.polynomial(kPumaRight), Segment{0, 1}},
                      bound);
}

const SegmentedGelu secformer::geluBySines{bySines, 0.0195};
const SegmentedGelu secformer::geluByPolynomials{byPolynomials, 8.2e-4};
const SegmentedGelu secformer::geluOfPuma{ofPuma, 0.02};

bool secformer::isGelu(Operation *op) {
  auto unary = dyn_cast<nn::UnaryOp>(op);
  return unary && (unary.getKind() == nn::UnaryKind::Gelu ||
                   unary.getKind() == nn::UnaryKind::GeluTanh);
}

LogicalResult secformer::lowerGelu(nn::UnaryOp op, Lowering &state,
                                   const SegmentedGelu &form) {
  auto x = state.secret(op.getInput());
  auto result = state.range(op.getResult());
  if (failed(x) || failed(result))
    return failure();
  auto y = form.compute(state.emit, *x, result->bound());
  if (failed(y))
    return failure();
  state.bind(op.getResult(), *y);
  return success();
}
