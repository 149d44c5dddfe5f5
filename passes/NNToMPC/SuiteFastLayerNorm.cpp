//===- SuiteFastLayerNorm.cpp - LayerNorm by one rsqrt per row ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

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

/// d x - sum(x) and d sum(x^2) - sum(x)^2 need no division; the powers of d go
/// into scales and into the fitted 1/sqrt. The result is one three-way product.
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
  const double eps = op.getEps().convertToDouble();
  const Range range = coarsePositive({variance->low, variance->high});
  // Rows of small values keep their digits, as far as squares leave room.
  const int deviationBits =
      std::max(0, -log2Ceil(2 * std::sqrt(range.low + eps)));
  Value opened =
      emit.opened(*x, std::min(std::max(emit.factorScale(x->bound),
                                        emit.fraction + deviationBits),
                               unsigned(62 - spreadBits) / 2));

  // Row-wise sum of squares as a product of a row with itself.
  SmallVector<int64_t> row(x->shape()), column(x->shape());
  row.insert(row.end() - 1, 1);
  column.push_back(1);
  Value squares =
      emit.matmul(emit.reshape(opened, row), emit.reshape(opened, column));
  SmallVector<int64_t> rows(x->shape());
  rows.back() = 1;
  squares = emit.reshape(squares, rows);

  // `spread` is variance * d^2 (mean square * d); `centred` is d (x - mean), or
  // x itself: both read at a scale that takes the power of two out.
  Value spread = squares, centred = opened;
  if (!rms) {
    Value total = emit.sumLast(opened);
    spread = emit.sub(emit.scaleBy(squares, d), emit.mul(total, total));
    centred = emit.sub(emit.scaleBy(opened, d), total);
  }
  int centredBits = rms ? 0 : int(std::floor(std::log2(d)));
  spread = emit.relabel(spread, spreadBits);
  if (centredBits)
    centred = emit.relabel(centred, centredBits);
  const double q = powers / std::exp2(spreadBits);
  const double c = rms ? 1.0 : double(d) / std::exp2(centredBits);

  auto inverse = inverseDeviation(emit, spread, q, c, eps, range);
  if (failed(inverse))
    return failure();
  // Fraction bits enough for the smallest factor.
  const unsigned factorBits = std::max(
      4, int(emit.fraction) + log2Ceil(std::sqrt(range.high + eps) * c));
  Value factor = emit.opened(*inverse, factorBits);

  auto result = state.range(op.getResult());
  if (failed(result))
    return failure();
  Secret y{{}, result->bound()};
  if (op.getGamma()) {
    auto gamma = state.secret(op.getGamma());
    if (failed(gamma))
      return failure();
    const unsigned gammaBits = emit.factorScale(gamma->bound);
    const unsigned scale = cast<mpc::MaskedType>(centred.getType()).getScale() +
                           factorBits + gammaBits;
    Value weight = emit.opened(*gamma, gammaBits);
    // One product of three, if a wire can hold it.
    if (scale <= 60 && mpc::signedBits(y.bound, scale) < 62) {
      y.wire = emit.mul3(centred, factor, weight);
    } else {
      Secret normal{emit.mul(centred, factor), std::sqrt(double(d)) * 1.25};
      y.wire = emit.mul(emit.opened(normal, emit.fraction), weight);
    }
  } else {
    y.wire = emit.mul(centred, factor);
  }
  if (op.getBeta()) {
    auto beta = state.secret(op.getBeta());
    if (failed(beta))
      return failure();
    y = emit.add(y, *beta, y.bound);
  }
  state.bind(op.getResult(), y);
  return success();
}
