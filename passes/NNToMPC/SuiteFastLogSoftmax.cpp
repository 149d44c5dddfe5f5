//===- SuiteFastLogSoftmax.cpp - logarithm of softmax by the row mean -----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// log softmax(x) = y - log(sum of exp(y)) with y = x - mean of x: the sum is
/// at least n, as in softmax, and whatever the mean errs by cancels.
LogicalResult FastSuite::lower(nn::LogSoftmaxOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto centred = state.range(op, "nn.centered_range");
  auto meanExp = state.range(op, "nn.mean_numerator_range");
  auto result = state.range(op.getResult());
  if (failed(x) || failed(centred) || failed(meanExp) || failed(result))
    return failure();
  const int64_t n = x->shape().back();

  // Few bits of 1/n move a row by at most a 128th of its largest score.
  const unsigned meanBits = log2Ceil(double(n)) + 6;
  const double shift = x->bound / 128;
  Secret scores = emit.withRoom(*x, meanBits, x->bound, emit.fraction);
  Value mean =
      emit.mulPublic(emit.sumLast(scores.wire), emit.splat(1.0 / n), meanBits);
  scores.wire = emit.sub(
      emit.relabel(emit.scaleBy(scores.wire, int64_t(1) << meanBits), meanBits),
      mean);

  // Absolute: every row sums to at least n.
  Range domain = coarse({centred->low - shift, centred->high + shift});
  FitRequest exponential;
  exponential.name = "exp";
  exponential.function = [](double v) { return std::exp(v); };
  exponential.low = domain.low;
  exponential.high = domain.high;
  exponential.maxError = std::exp2(-(int(emit.fraction) - 3));
  exponential.inputScale =
      std::min(int(emit.fraction),
               19 - int(std::floor(std::log2(domain.high - domain.low))));
  auto exp = emit.fit(exponential);
  if (failed(exp))
    return failure();
  // log(sum) as a function of sum / 2^k, which lies near the mean.
  const int k = int(std::floor(std::log2(double(n))));
  Value sum = emit.relabel(emit.sumLast(emit.apply(*exp, scores.wire)), k);
  const double ratio = double(n) / std::exp2(k);
  auto log =
      fitSmooth(emit, "log(2^" + Twine(k) + " x)",
                [k](double v) { return std::log(v) + k * M_LN2; },
                {ratio * meanExp->low * std::exp(-shift) * (1 - 2 * kSlack),
                 ratio * meanExp->high * std::exp(shift)});
  if (failed(log))
    return failure();
  Secret logarithm{emit.apply(*log, sum), std::log(n * meanExp->high) + shift};
  scores.bound = std::max(std::abs(domain.low), std::abs(domain.high));
  state.bind(op.getResult(), emit.sub(scores, logarithm, result->bound()));
  return success();
}
