//===- SuiteFastLayerNorm.cpp - LayerNorm by one rsqrt per row ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Fraction bits of a row's mean beyond those of its elements: its rounding
/// moves all of them alike.
static constexpr int kMeanBits = 2;

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

/// x less the mean of its row, `total` / width: d x - total would need no
/// rounding, but log2 d bits more of every ring. The mean is truncated and
/// opened while the variance and its root are.
static Value centredBy(Emitter &emit, Value opened, Value total, double bound) {
  auto type = cast<mpc::MaskedType>(opened.getType());
  const unsigned scale = type.getScale() + kMeanBits;
  const Portion part =
      portionOf(type.getShape().back(), std::exp2(-int(scale + 2)) / bound);
  Value mean = emit.relabel(emit.scaleBy(total, part.units), int(part.bits));
  Value means = emit.opened({emit.unmasked(mean), bound}, scale);
  return emit.sub(
      emit.relabel(emit.scaleBy(opened, int64_t(1) << kMeanBits), kMeanBits),
      means);
}

/// d sum(x^2) - sum(x)^2 needs no division; the powers of d go into its scale
/// and into the fitted 1/sqrt. The result is one three-way product.
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

  // `spread` is variance * d^2 (mean square * d), read at a scale that takes
  // the power of two out.
  Value spread = squares, centred = opened;
  if (!rms) {
    Value total = emit.sumLast(opened);
    spread = emit.sub(emit.scaleBy(squares, d), emit.mul(total, total));
    centred = centredBy(emit, opened, total, x->bound);
  }
  spread = emit.relabel(spread, spreadBits);
  const double q = powers / std::exp2(spreadBits);

  auto inverse = inverseDeviation(emit, spread, q, /*c=*/1, eps, range);
  if (failed(inverse))
    return failure();
  // Fraction bits enough for the smallest factor.
  const unsigned factorBits =
      std::max(4, int(emit.fraction) + log2Ceil(std::sqrt(range.high + eps)));
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
  // So few digits are left of the product that a narrowing drops the others,
  // where x and its inverse deviation are opened in a ring that is wider by
  // those which an exact truncation would not need.
  emit.mayNarrow(y.wire);
  state.bind(op.getResult(), y);
  return success();
}
