//===- SuiteFastSoftmax.cpp - softmax by the row mean ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Up to this ratio of largest to smallest argument a reciprocal is one fit.
static constexpr double kDirectRange = 48;
/// Relative error of a rough reciprocal.
static constexpr double kRoughError = 0.3;

/// Scores are centred by their row mean (free), so that the sum of n
/// exponentials is at least n (Jensen) and needs no maximum; the exponentials
/// are opened once, and the division by the row sum is put off past the product
/// with V.
LogicalResult FastSuite::lower(nn::SoftmaxOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto centred = state.range(op, "nn.centered_range");
  auto meanExp = state.range(op, "nn.mean_exp_range");
  if (failed(x) || failed(centred) || failed(meanExp))
    return failure();
  const int64_t rank = x->shape().size();
  double scale = op.getScale().convertToDouble();
  if (scale <= 0)
    return op.emitError("softmax of scores times ")
           << scale << ": expected a positive factor";
  const int64_t n = x->shape().back();

  // Row mean. Weights 1/n with few bits move a whole row by at most a 128th of
  // its largest score, which softmax does not see and the range allows for.
  const unsigned meanBits = log2Ceil(n) + 6;
  const double shift = scale * x->bound / 128;
  Value mask, inverse, mean, columns;
  if (op.getMask()) {
    Value given = state.plain(op.getMask());
    if (!given)
      return op.emitError("the attention mask is neither public nor known to "
                          "the client: it must follow from the client's inputs "
                          "alone");
    SmallVector<int64_t> shape(mpc::plainShape(given));
    if (shape.empty() || shape.back() != n)
      return op.emitError("expected a mask with last extent ")
             << n << ", found " << op.getMask().getType();
    mask = emit.plain(mpc::PlainKind::NotZero, given, shape);
    SmallVector<int64_t> rows(shape);
    rows.back() = 1;
    Value count = emit.plain(mpc::PlainKind::SumLast, mask, rows);
    // A row without any position gives zeros, not a division by zero.
    count = emit.plain(mpc::PlainKind::Max, {count, emit.splat(1)}, rows);
    Value weights = emit.plain(mpc::PlainKind::Div, {mask, count}, shape);
    if (mpc::plainOwner(mask)) {
      columns = weights;
    } else {
      inverse = emit.plain(mpc::PlainKind::Div, {emit.splat(1), count}, rows);
      mean = emit.sumLast(emit.mulPublic(x->wire, weights, meanBits));
    }
  } else {
    inverse = emit.splat(1.0 / n);
  }
  // Without a mask, and with one that is the client's secret, over all.
  if (!mean)
    mean = emit.mulPublic(emit.sumLast(x->wire), emit.splat(1.0 / n), meanBits);
  Value scores =
      emit.relabel(emit.scaleBy(x->wire, int64_t(1) << meanBits), meanBits);
  scores = emit.sub(scores, mean);

  // Exponential, as a function of the unscaled scores.
  Range domain = coarse({centred->low - shift, centred->high + shift});
  FitRequest exponential;
  exponential.name = "exp(" + number(scale) + " x)";
  exponential.function = [scale](double v) { return std::exp(scale * v); };
  exponential.low = domain.low / scale;
  exponential.high = domain.high / scale;
  // Absolute: every row sums to at least n.
  exponential.maxError = std::exp2(-(int(emit.fraction) - 3));
  // In 20 bits at most; a narrow range in a hundred steps at least.
  const int width =
      int(std::floor(std::log2(exponential.high - exponential.low)));
  exponential.inputScale =
      std::clamp(int(emit.fraction) + log2Ceil(scale), std::max(0, 7 - width),
                 std::max(0, 19 - width));
  auto exp = emit.fit(exponential);
  if (failed(exp))
    return failure();
  Value e = emit.apply(*exp, scores);
  if (mask && !columns)
    e = emit.mulPublic(e, mask, 0);
  const double largest = std::exp(domain.high);
  Secret numerator = emit.atScale({e, largest}, emit.fraction);

  Range means = coarsePositive({meanExp->low * std::exp(-shift) * (1 - kSlack),
                                meanExp->high * std::exp(shift)});
  RowMean divisor;
  double rowSum = means.high;
  if (!columns) {
    divisor = {emit.sumLast(numerator.wire), inverse, numerator};
    rowSum *= double(n);
  } else {
    // Times the client's mask / count: where it is the same for all rows, put
    // off to V; else at once.
    ArrayRef<int64_t> shape = mpc::plainShape(columns);
    const bool sameForAll =
        rank >= 2 && (shape.size() < 2 || shape[shape.size() - 2] == 1);
    if (sameForAll) {
      divisor.sum = emit.matmul(emit.opened(numerator, emit.fraction),
                                emit.openedColumns(columns, /*asColumn=*/true));
    } else {
      numerator = emit.timesColumns(numerator, columns);
      divisor.sum = emit.sumLast(numerator.wire);
      columns = {};
    }
  }
  auto factors = reciprocalOf(emit, divisor, n, means);
  if (failed(factors))
    return failure();
  Lowered result{{}, numerator, *factors, rowSum};
  result.columns = columns;
  state.bind(op.getResult(), result);
  return success();
}

/// The mean exponential lies in a range that does not depend on how many
/// positions a row has. Over a narrow range its reciprocal is one function.
/// Over a wide one a rough reciprocal comes first: what is left of the mean
/// after multiplying by it is near 1, whatever the error of the rough one, and
/// has an accurate reciprocal. That takes three more rounds.
FailureOr<SmallVector<Secret, 2>> FastSuite::reciprocalOf(Emitter &emit,
                                                          const RowMean &row,
                                                          int64_t n,
                                                          Range means) {
  const unsigned fraction = emit.fraction;
  auto reciprocal = [](double v) { return 1 / v; };
  // Times the public 1 / positions, where the sum is not a mean already.
  auto perPosition = [&](Value wire, unsigned bits) {
    return row.inverse ? emit.mulPublic(wire, row.inverse, log2Ceil(n) + bits)
                       : wire;
  };
  const unsigned countBits = row.inverse ? log2Ceil(n) : 0;

  // The same few bits of 1/n stand before and after the reciprocal, so that
  // their rounding cancels.
  if (means.high <= kDirectRange * means.low) {
    constexpr unsigned fewBits = 8;
    auto fit = fitPositive(emit, "1/x", reciprocal, means);
    if (failed(fit))
      return failure();
    const unsigned scale = fraction + countBits + log2Ceil(means.high);
    const double largest = 1.25 / means.low;
    Secret r{emit.apply(*fit, perPosition(row.sum, fewBits)), largest};
    r = emit.withRoom(r, countBits + fewBits, largest, scale);
    return SmallVector<Secret, 2>{
        emit.atScale({perPosition(r.wire, fewBits), largest}, scale)};
  }
  Value mean = perPosition(row.sum, fraction);

  FitRequest rough;
  rough.name = "1/x, roughly";
  rough.function = reciprocal;
  rough.low = means.low;
  rough.high = means.high;
  rough.relative = true;
  rough.maxError = kRoughError;
  // A unit of the argument must not move the rough reciprocal much.
  const int needed = std::max(0, int(std::ceil(std::log2(12 / means.low))));
  const int room = 19 - log2Ceil(means.high);
  if (room < needed)
    return emitError(emit.location)
           << "softmax: sums of exponentials from " << means.low << " to "
           << means.high
           << " times their number are too wide a range; calibrate with "
              "samples (--calibrate)";
  rough.inputScale = std::min(std::max(4, needed), room);
  auto roughFit = emit.fit(rough);
  if (failed(roughFit))
    return failure();
  Secret first = emit.atScale({emit.apply(*roughFit, mean), 2 / means.low},
                              std::max(0, log2Ceil(means.high) + 6));
  const unsigned fewBits = 4;
  Value sum = row.numerator.wire
                  ? emit.sumLast(emit.opened(row.numerator, fraction))
                  : emit.opened({row.sum, means.high}, fraction);
  Value rest =
      perPosition(emit.mul(sum, emit.opened(first, first.scale())), fewBits);
  auto fit = fitPositive(emit, "1/x", reciprocal,
                         {1 - 2 * kRoughError, 1 + 2 * kRoughError});
  if (failed(fit))
    return failure();
  Value second = perPosition(emit.apply(*fit, rest), fewBits);
  return SmallVector<Secret, 2>{
      first, emit.atScale({second, 1.25 / (1 - 2 * kRoughError)},
                          fraction + 1 + countBits)};
}
