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
/// A fitted exponential may err by so many bits more than an activation, since
/// it is divided by the sum of n, which is at least n.
static constexpr unsigned kFewerBits = 3;
/// So may its rounding, where there are many to add up: n random errors of 2^k
/// units, divided by n, are 2^k / sqrt(n) together.
static unsigned fewerBits(int64_t n) {
  return unsigned(
      std::clamp(int(llvm::Log2_64(uint64_t(n))) - 4, 0, int(kFewerBits)));
}
/// Relative error of a rough reciprocal.
static constexpr double kRoughError = 0.3;

FailureOr<FastSuite::SoftmaxRows> FastSuite::rowsOf(nn::SoftmaxOp op,
                                                    Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  if (failed(x))
    return failure();
  const double scale = op.getScale().convertToDouble();
  if (scale <= 0)
    return op.emitError("softmax of scores times ")
           << scale << ": expected a positive factor";
  SoftmaxRows rows{*x, scale, x->shape().back()};
  if (!op.getMask()) {
    rows.inverse = emit.splat(1.0 / double(rows.positions));
    return rows;
  }
  Value given = state.plain(op.getMask());
  if (!given)
    return op.emitError("the attention mask is neither public nor known to "
                        "the client: it must follow from the client's inputs "
                        "alone");
  SmallVector<int64_t> shape(mpc::plainShape(given));
  if (shape.empty() || shape.back() != rows.positions)
    return op.emitError("expected a mask with last extent ")
           << rows.positions << ", found " << op.getMask().getType();
  rows.mask = emit.plain(mpc::PlainKind::NotZero, given, shape);
  SmallVector<int64_t> counts(shape);
  counts.back() = 1;
  Value count = emit.plain(mpc::PlainKind::SumLast, rows.mask, counts);
  // A row without any position gives zeros, not a division by zero.
  count = emit.plain(mpc::PlainKind::Max, {count, emit.splat(1)}, counts);
  rows.weights = emit.plain(mpc::PlainKind::Div, {rows.mask, count}, shape);
  rows.clientMask = mpc::plainOwner(rows.mask).has_value();
  if (!rows.clientMask)
    rows.inverse =
        emit.plain(mpc::PlainKind::Div, {emit.splat(1), count}, counts);
  return rows;
}

/// Scores are centred by their row mean (free), so that the sum of n
/// exponentials is at least n (Jensen) and needs no maximum.
FailureOr<FastSuite::Numerators> FastSuite::numerators(nn::SoftmaxOp op,
                                                       const SoftmaxRows &rows,
                                                       Lowering &state) {
  if (op.getQuad())
    return squares(op, rows, state);
  Emitter &emit = state.emit;
  auto centred = state.range(op, "nn.centered_range");
  auto meanExp = state.range(op, "nn.mean_numerator_range");
  if (failed(centred) || failed(meanExp))
    return failure();
  const Secret &x = rows.scores;
  const double scale = rows.scale, n = double(rows.positions);

  // Row mean. Weights 1/n with few bits move a whole row by at most a 128th of
  // its largest score, which softmax does not see and the range allows for.
  // With a mask that is the client's secret it is over all positions.
  const bool masked = rows.mask && !rows.clientMask;
  const Portion count = masked
                            ? Portion{unsigned(log2Ceil(n)) + 6, 0, 1.0 / 128}
                            : portionOf(rows.positions, 1.0 / 128);
  const unsigned meanBits = count.bits;
  const double shift = scale * x.bound * count.error;
  Value mean =
      masked ? emit.sumLast(emit.mulPublic(x.wire, rows.weights, meanBits))
             : emit.relabel(emit.scaleBy(emit.sumLast(x.wire), count.units),
                            int(meanBits));
  Value scores =
      emit.relabel(emit.scaleBy(x.wire, int64_t(1) << meanBits), meanBits);
  scores = emit.sub(scores, mean);

  // Exponential, as a function of the unscaled scores.
  Range domain = coarse({centred->low - shift, centred->high + shift});
  FitRequest exponential;
  exponential.name = "exp(" + number(scale) + " x)";
  exponential.function = [scale](double v) { return std::exp(scale * v); };
  exponential.low = domain.low / scale;
  exponential.high = domain.high / scale;
  exponential.maxError = std::exp2(-int(emit.fraction - kFewerBits));
  // In 20 bits at most; a narrow range in a hundred steps at least.
  const int width =
      int(std::floor(std::log2(exponential.high - exponential.low)));
  exponential.inputScale =
      std::clamp(int(emit.fraction) + log2Ceil(scale), std::max(0, 7 - width),
                 std::max(0, 19 - width));
  auto exp = emit.fit(exponential);
  if (failed(exp))
    return failure();
  return Numerators{
      {emit.apply(*exp, scores), std::exp(domain.high)},
      coarsePositive({meanExp->low * std::exp(-shift) * (1 - kSlack),
                      meanExp->high * std::exp(shift)}),
      emit.fraction - fewerBits(rows.positions)};
}

/// The quotient does not see a common factor, so the scale is split into a
/// power of two, which is free, and a factor of the offset.
FailureOr<FastSuite::Numerators>
FastSuite::squares(nn::SoftmaxOp op, const SoftmaxRows &rows, Lowering &state) {
  Emitter &emit = state.emit;
  auto means = state.range(op, "nn.mean_numerator_range");
  if (failed(means))
    return failure();
  if (means->low <= 0)
    return op.emitError("2Quad: the mean of squares reaches ")
           << means->low << ": calibrate with samples (--calibrate)";
  int exponent = 0;
  const double rest = std::frexp(rows.scale, &exponent),
               offset = op.getQuad()->convertToDouble() / rest;
  Secret score{emit.addPublic(emit.relabel(rows.scores.wire, -exponent),
                              emit.splat(offset)),
               std::ldexp(rows.scores.bound, exponent) + std::abs(offset)};
  Value opened = emit.opened(score, emit.fraction);
  return Numerators{
      {emit.mul(opened, opened), score.bound * score.bound},
      coarsePositive({means->low / rest / rest, means->high / rest / rest}),
      emit.fraction,
      1 / (rest * rest)};
}

/// Numerators are opened once, and the division by the row sum is put off past
/// the product with V.
LogicalResult FastSuite::lower(nn::SoftmaxOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto rows = rowsOf(op, state);
  if (failed(rows))
    return failure();
  auto over = numerators(op, *rows, state);
  if (failed(over))
    return failure();
  Secret numerator = over->value;
  if (rows->mask && !rows->clientMask)
    numerator.wire = emit.mulPublic(numerator.wire, rows->mask, 0);
  Value exact = numerator.wire;
  numerator = emit.atScale(numerator, over->scale);

  Lowered result;
  RowMean divisor{{}, {}, {}, {}, rows->positions, !rows->mask, over->unit};
  result.rowSum = over->means.high;
  if (!rows->clientMask) {
    divisor.sum = emit.sumLast(numerator.wire);
    divisor.early = emit.sumLast(exact);
    divisor.inverse = rows->inverse;
    divisor.numerator = numerator;
    result.rowSum *= double(rows->positions);
  } else {
    // Times the client's mask / count: where it is the same for all rows, put
    // off to V; else at once.
    ArrayRef<int64_t> shape = mpc::plainShape(rows->weights);
    const bool sameForAll = numerator.shape().size() >= 2 &&
                            (shape.size() < 2 || shape[shape.size() - 2] == 1);
    if (sameForAll) {
      divisor.sum =
          emit.matmul(emit.opened(numerator, over->scale),
                      emit.openedColumns(rows->weights, /*asColumn=*/true));
      result.columns = rows->weights;
    } else {
      numerator = emit.timesColumns(numerator, rows->weights);
      divisor.sum = emit.sumLast(numerator.wire);
    }
  }
  auto factors = reciprocalOf(emit, divisor, over->means);
  if (failed(factors))
    return failure();
  result.secret = numerator;
  result.factors = *factors;
  state.bind(op.getResult(), result);
  return success();
}

/// The mean exponential lies in a range that does not depend on how many
/// positions a row has. Over a narrow range its reciprocal is one function.
/// Over a wide one a rough reciprocal comes first: what is left of the mean
/// after multiplying by it is near 1, whatever the error of the rough one, and
/// has an accurate reciprocal. That takes three more rounds.
FailureOr<FastSuite::Factors>
FastSuite::reciprocalOf(Emitter &emit, const RowMean &row, Range means) {
  const unsigned fraction = emit.fraction;
  auto reciprocal = [](double v) { return 1 / v; };
  const unsigned countBits = row.countBits();
  // Where all positions count, sums are read as sums / 2^countBits. Otherwise
  // the same few bits of 1/n stand before and after the reciprocal, so that
  // their rounding cancels.
  const bool uniform = row.inverse && row.uniform;
  const unsigned sharedBits = uniform ? countBits : 0;
  auto perPosition = [&](Value wire, unsigned bits) {
    return uniform ? emit.relabel(wire, int(sharedBits))
                   : row.perPosition(emit, wire, bits);
  };
  // Narrowed to what the function reads, the sum of what is not truncated yet
  // is there a round earlier, if its ring has room for all digits that are
  // dropped.
  auto apply = [&](mpc::FitOp fit, unsigned bits) {
    Value early = row.early;
    const bool fits =
        early && wireType(early).getScale() + countBits + bits <=
                     kWidestRing + fit.getInputScale() - fit.getInputRing();
    return emit.apply(fit, perPosition(fits ? early : row.sum, bits));
  };
  if (uniform) {
    const double rest = std::ldexp(double(row.positions), -int(sharedBits));
    means = {means.low * rest, means.high * rest};
  }

  if (means.high <= kDirectRange * means.low) {
    constexpr unsigned fewBits = 8;
    auto fit = fitPositive(emit, "1/x", reciprocal, means);
    if (failed(fit))
      return failure();
    const unsigned scale = fraction + countBits + log2Ceil(means.high);
    const double largest = 1.25 / means.low;
    Secret r{apply(*fit, fewBits), largest};
    r = emit.withRoom(r, countBits + (uniform ? 0 : fewBits), largest, scale);
    return Factors{emit.atScale(
        {perPosition(r.wire, fewBits), std::ldexp(largest, -int(sharedBits))},
        scale)};
  }
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
  Secret first = emit.atScale({apply(*roughFit, fraction), 2 / means.low},
                              std::max(0, log2Ceil(means.high) + 6));
  const unsigned fewBits = 4;
  Value sum =
      row.numerator.wire
          ? emit.sumLast(emit.opened(row.numerator, row.numerator.scale()))
          : emit.opened({row.sum, means.high}, fraction);
  Value rest =
      perPosition(emit.mul(sum, emit.opened(first, first.scale())), fewBits);
  auto fit = fitPositive(emit, "1/x", reciprocal,
                         {1 - 2 * kRoughError, 1 + 2 * kRoughError});
  if (failed(fit))
    return failure();
  Value second = perPosition(emit.apply(*fit, rest), fewBits);
  return Factors{first, emit.atScale({second, 1.25 / (1 - 2 * kRoughError)},
                                     fraction + 1 + countBits)};
}
