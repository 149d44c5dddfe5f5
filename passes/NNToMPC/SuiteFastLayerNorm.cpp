//===- SuiteFastLayerNorm.cpp - LayerNorm by one rsqrt per row ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Bits of the largest sum of squares beside its scale that its reader may need
/// in the widest ring.
static constexpr int kSpreadRoom = 4;

/// Over a range that is not too wide this is one function, over a wider one it
/// is iterated.
FailureOr<Secret> FastSuite::inverseDeviation(Emitter &emit, Value spread,
                                              double q, double c, double eps,
                                              Range range) {
  // An argument of 20 bits: so much of the fraction is left at the low end.
  if (range.high + eps > std::exp2(22 - int(emit.fraction)) * (range.low + eps))
    return deviationByRoot(emit, spread, q, c, eps, range);
  auto fit = fitPositive(
      emit, "1/sqrt(x/" + number(q) + " + " + number(eps) + ")/" + number(c),
      [=](double v) { return 1 / (std::sqrt(v / q + eps) * c); },
      {range.low * q, range.high * q});
  if (failed(fit))
    return failure();
  // A row without variance leaves the range of the function, which is at most
  // 16 times as large there.
  return Secret{emit.apply(*fit, spread),
                20 / (std::sqrt(range.low + eps) * c)};
}

/// d sum(x^2) - sum(x)^2, the variance times d^2, and c = d x - sum(x), x less
/// its row's mean times d, need no division; the powers of d go into the scales
/// and into the fitted 1/sqrt. x, c and the inverse deviation are small, are
/// opened in rings of few bits, and are extended for their products (mpc.mul).
/// c gamma is opened beside the inverse deviation, and one product is left.
LogicalResult FastSuite::lower(nn::LayerNormOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto variance = state.range(op, "nn.variance_range");
  if (failed(x) || failed(variance))
    return failure();
  if (!(variance->high > 0))
    return op.emitError("expected a positive variance range");

  const int64_t d = x->shape().back();
  const bool rms = op.getRms();
  const double powers = rms ? double(d) : double(d) * d;
  const int spreadBits = int(std::floor(std::log2(powers)));
  const double q = powers / std::exp2(spreadBits);
  const double eps = op.getEps().convertToDouble();
  const Range range = coarsePositive({variance->low, variance->high});
  // Rows of small values keep their digits, as far as squares leave room.
  const int deviationBits =
      std::max(0, -log2Ceil(2 * std::sqrt(range.low + eps)));
  const int room = int(kWidestRing) - kSpreadRoom - spreadBits -
                   std::max(0, log2Ceil(range.high * q));
  const unsigned scale =
      std::clamp(std::max(int(emit.factorScale(x->bound)),
                          int(emit.fraction) + deviationBits),
                 1, std::max(1, room / 2));
  Value opened = emit.opened(*x, scale);

  // `spread` is variance * d^2 (mean square * d), read at a scale that takes
  // the power of two out.
  auto square = [&](Value factor, double bound) {
    return emit.mul(factor, factor, bound, bound);
  };
  Value spread = emit.sumLast(square(opened, x->bound));
  Secret centred{opened, x->bound};
  if (!rms) {
    Value total = emit.sumLast(opened);
    const double largest = double(d) * x->bound;
    spread = emit.sub(emit.scaleBy(spread, d), square(total, largest));
    centred = {emit.sub(emit.scaleBy(opened, d), total), 2 * largest};
  }
  spread = emit.relabel(spread, spreadBits);
  // What is left of d in c.
  const int centredBits = rms ? 0 : int(llvm::Log2_64(uint64_t(d)));
  const double rest = rms ? 1 : double(d) / std::exp2(centredBits);
  auto inverse = inverseDeviation(emit, spread, q, rest, eps, range);
  if (failed(inverse))
    return failure();
  // Fraction bits enough for the smallest factor.
  const unsigned factorBits =
      std::max(4, int(emit.fraction) - int(emit.saveRounds) +
                      log2Ceil(std::sqrt(range.high + eps)));
  Value factor = emit.opened(*inverse, factorBits);

  auto result = state.range(op.getResult());
  if (failed(result))
    return failure();
  if (op.getGamma()) {
    auto gamma = state.secret(op.getGamma());
    if (failed(gamma))
      return failure();
    Value weight = emit.opened(*gamma, emit.factorScale(gamma->bound));
    Secret weighted{emit.relabel(emit.mul(centred.wire, weight, centred.bound),
                                 centredBits),
                    std::ldexp(centred.bound * gamma->bound, -centredBits)};
    centred = {emit.opened(weighted, scale), weighted.bound};
  } else {
    centred = {emit.relabel(centred.wire, centredBits),
               std::ldexp(centred.bound, -centredBits)};
  }
  Secret y{emit.mul(centred.wire, factor, centred.bound, inverse->bound),
           result->bound()};
  if (op.getBeta()) {
    auto beta = state.secret(op.getBeta());
    if (failed(beta))
      return failure();
    y = emit.add(y, *beta, y.bound);
  }
  // So few digits are left of the product that a narrowing drops the others,
  // where the ring of the product is wider by those which an exact truncation
  // would not need.
  emit.mayNarrow(y.wire);
  state.bind(op.getResult(), y);
  return success();
}
