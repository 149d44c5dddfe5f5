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
  int64_t rank = x->shape().size();
  if (int64_t(op.getAxis()) != rank - 1)
    return op.emitError("softmax over axis ")
           << op.getAxis() << " of " << rank
           << ": on secrets only the last axis is supported; transpose before "
              "and after it";
  double scale = op.getScale().convertToDouble();
  if (scale <= 0)
    return op.emitError("softmax of scores times ")
           << scale << ": expected a positive factor";
  const int64_t n = x->shape().back();

  // Row mean. Weights 1/n with few bits move a whole row by at most a 128th of
  // its largest score, which softmax does not see and the range allows for.
  const unsigned meanBits = log2Ceil(n) + 6;
  const double shift = scale * x->bound / 128;
  Value mask, inverse, mean;
  if (op.getMask()) {
    auto plain = [&](mpc::PlainKind kind, ValueRange operands,
                     ArrayRef<int64_t> shape) -> Value {
      auto type = RankedTensorType::get(shape, emit.builder.getF32Type());
      return emit.create<mpc::PlainOp>(type, kind, operands);
    };
    Value given = state.get(op.getMask()).publicValue;
    if (!given)
      return op.emitError("the attention mask is secret: declare the input it "
                          "comes from with --public-input, or leave the mask "
                          "out");
    SmallVector<int64_t> shape(
        cast<RankedTensorType>(given.getType()).getShape());
    if (shape.empty() || shape.back() != n)
      return op.emitError("expected a mask with last extent ")
             << n << ", found " << given.getType();
    mask = plain(mpc::PlainKind::NotZero, given, shape);
    SmallVector<int64_t> rows(shape);
    rows.back() = 1;
    Value count = plain(mpc::PlainKind::SumLast, mask, rows);
    // A row without any position gives zeros, not a division by zero.
    count = plain(mpc::PlainKind::Max, {count, emit.splat(1)}, rows);
    inverse = plain(mpc::PlainKind::Div, {emit.splat(1), count}, rows);
    Value weights = plain(mpc::PlainKind::Div, {mask, count}, shape);
    mean = emit.sumLast(emit.mulPublic(x->wire, weights, meanBits));
  } else {
    inverse = emit.splat(1.0 / n);
    mean = emit.mulPublic(emit.sumLast(x->wire), inverse, meanBits);
  }
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
  exponential.inputScale =
      std::max(0, int(emit.fraction) + int(std::ceil(std::log2(scale))));
  auto exp = emit.fit(exponential);
  if (failed(exp))
    return failure();
  Value e = emit.apply(*exp, scores);
  if (mask)
    e = emit.mulPublic(e, mask, 0);
  const double largest = std::exp(domain.high);
  Secret numerator = emit.atScale({e, largest}, emit.fraction);

  Range means = coarsePositive({meanExp->low * std::exp(-shift) * (1 - kSlack),
                                meanExp->high * std::exp(shift)});
  auto factors = reciprocalOfMean(emit, numerator, inverse, means);
  if (failed(factors))
    return failure();
  state.bind(op.getResult(), Lowered{{}, numerator, *factors, n * means.high});
  return success();
}

/// The mean exponential lies in a range that does not depend on how many
/// positions a row has. Over a narrow range its reciprocal is one function.
/// Over a wide one a rough reciprocal comes first: what is left of the mean
/// after multiplying by it is near 1, whatever the error of the rough one, and
/// has an accurate reciprocal. That takes three more rounds.
FailureOr<SmallVector<Secret, 2>> FastSuite::reciprocalOfMean(Emitter &emit,
                                                              Secret numerator,
                                                              Value inverse,
                                                              Range means) {
  const int64_t n = numerator.shape().back();
  const unsigned fraction = emit.fraction;
  auto reciprocal = [](double v) { return 1 / v; };
  const unsigned inverseBits = log2Ceil(n) + fraction;
  Value mean =
      emit.mulPublic(emit.sumLast(numerator.wire), inverse, inverseBits);

  if (means.high <= kDirectRange * means.low) {
    auto fit = fitPositive(emit, "1/x", reciprocal, means);
    if (failed(fit))
      return failure();
    Value r = emit.mulPublic(emit.apply(*fit, mean), inverse, inverseBits);
    return SmallVector<Secret, 2>{emit.atScale(
        {r, 1.25 / means.low}, fraction + log2Ceil(n * means.high))};
  }

  FitRequest rough;
  rough.name = "1/x, roughly";
  rough.function = reciprocal;
  rough.low = means.low;
  rough.high = means.high;
  rough.relative = true;
  rough.maxError = kRoughError;
  // A unit of the argument must not move the rough reciprocal much.
  int scale = std::min(4, 19 - int(log2Ceil(means.high)));
  if (scale < 0 || std::exp2(-scale) > means.low / 12)
    return emitError(emit.location)
           << "softmax: sums of exponentials from " << means.low << " to "
           << means.high
           << " times their number are too wide a range; calibrate with "
              "samples (--calibrate)";
  rough.inputScale = scale;
  auto roughFit = emit.fit(rough);
  if (failed(roughFit))
    return failure();
  Secret first = emit.atScale({emit.apply(*roughFit, mean), 2 / means.low},
                              log2Ceil(means.high) + 6);
  // The same few bits of 1/n stand in the product and in the result, so that
  // their rounding cancels.
  const unsigned fewBits = log2Ceil(n) + 4;
  Value rest = emit.mul(emit.sumLast(emit.opened(numerator, fraction)),
                        emit.opened(first, first.scale()));
  rest = emit.mulPublic(rest, inverse, fewBits);
  auto fit = fitPositive(emit, "1/x", reciprocal,
                         {1 - 2 * kRoughError, 1 + 2 * kRoughError});
  if (failed(fit))
    return failure();
  Value second = emit.mulPublic(emit.apply(*fit, rest), inverse, fewBits);
  return SmallVector<Secret, 2>{
      first, emit.atScale({second, 1.25 / (1 - 2 * kRoughError)},
                          fraction + 1 + log2Ceil(n))};
}
