//===- SuiteFastLayerNorm.cpp - LayerNorm by one rsqrt per row ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Most bits that a row of small deviation is read more finely.
static constexpr int kFinest = 12;

/// d x - sum(x) and d sum(x^2) - sum(x)^2 need no division; the powers of d go
/// into scales and into the fitted 1/sqrt. The result is one three-way product.
LogicalResult FastSuite::lower(nn::LayerNormOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto variance = state.range(op, "nn.variance_range");
  if (failed(x) || failed(variance))
    return failure();
  int64_t rank = x->shape().size();
  if (int64_t(op.getAxis()) != rank - 1)
    return op.emitError("normalization over axes from ")
           << op.getAxis() << " of " << rank
           << ": on secrets only the last axis is supported";
  if (!(variance->high > 0))
    return op.emitError("expected a positive variance range");

  const int64_t d = x->shape().back();
  const bool rms = op.getRms();
  // Rows of small deviation are read more finely, for the same relative error.
  const double eps = op.getEps().convertToDouble();
  const double deviation = std::sqrt(std::max(variance->low, eps));
  const int finer =
      std::clamp(-int(std::floor(std::log2(deviation))), 0, kFinest);
  Value opened = emit.opened(*x, emit.fraction + finer);

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
  double powers = d;
  if (!rms) {
    Value total = emit.sumLast(opened);
    spread = emit.sub(emit.scaleBy(squares, d), emit.mul(total, total));
    centred = emit.sub(emit.scaleBy(opened, d), total);
    powers = double(d) * d;
  }
  int spreadBits = int(std::floor(std::log2(powers)));
  int centredBits = rms ? 0 : int(std::floor(std::log2(d)));
  spread = emit.relabel(spread, spreadBits);
  if (centredBits)
    centred = emit.relabel(centred, centredBits);
  const double q = powers / std::exp2(spreadBits);
  const double c = rms ? 1.0 : double(d) / std::exp2(centredBits);

  Range range = coarsePositive({variance->low, variance->high});
  auto rsqrt = fitPositive(
      emit, "1/sqrt(x/" + number(q) + " + " + number(eps) + ")/" + number(c),
      [=](double v) { return 1 / (std::sqrt(v / q + eps) * c); },
      {range.low * q, range.high * q});
  if (failed(rsqrt))
    return failure();
  const double largest = 1 / std::sqrt(range.low + eps);
  // Fraction bits enough for the smallest factor.
  unsigned factorBits = std::max(
      0, int(emit.fraction) +
             int(std::ceil(std::log2(std::sqrt(range.high + eps) * c))));
  Value factor = emit.opened(Secret{emit.apply(*rsqrt, spread), 1.25 * largest},
                             factorBits);

  auto result = state.range(op.getResult());
  if (failed(result))
    return failure();
  Secret y{{}, result->bound()};
  if (op.getGamma()) {
    auto gamma = state.secret(op.getGamma());
    if (failed(gamma))
      return failure();
    y.wire = emit.mul3(centred, factor, emit.opened(*gamma, emit.fraction));
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
