//===- SuiteMaximum.cpp - softmax by the row maximum ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteMaximum.h"
#include "passes/NNToMPC/CrypTen.h"
#include "passes/NNToMPC/Linear.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// The scores, less twice their bound where the mask is 0: below all others.
static Secret masked(Emitter &emit, Secret scores, Value mask) {
  if (!mask)
    return scores;
  const double drop = 2 * scores.bound;
  SmallVector<int64_t> shape(mpc::plainShape(mask));
  Value less =
      emit.plain(mpc::PlainKind::Mul,
                 {emit.plain(mpc::PlainKind::Sub, {mask, emit.splat(1)}, shape),
                  emit.splat(drop)},
                 shape);
  const double bound = scores.bound + drop;
  if (mpc::plainOwner(less))
    return emit.add(scores, emit.encoded(less, scores.scale(), drop), bound);
  return {emit.addPublic(scores.wire, less), bound};
}

double MaximumSuite::approximation(Operation *op) const {
  auto softmax = dyn_cast<nn::SoftmaxOp>(op);
  if (!softmax || softmax.getQuad())
    return GoldschmidtSuite::approximation(op);
  // (1 + x/n)^n is at most e^x and at least r e^x for r at the lowest x. Two
  // groups of positions, one too small by r, are off by the most where their
  // shares are as 1 to sqrt(r).
  const double n = std::exp2(squarings);
  const double root = std::sqrt(std::exp(n * std::log1p(lowest / n) - lowest));
  return (1 - root) / (1 + root);
}

FailureOr<FastSuite::Numerators>
MaximumSuite::numerators(nn::SoftmaxOp op, const SoftmaxRows &rows,
                         Lowering &state) {
  if (op.getQuad())
    return FastSuite::numerators(op, rows, state);
  Emitter &emit = state.emit;
  Secret scores =
      masked(emit, emit.atScale(rows.scores, emit.fraction), rows.mask);
  const double reach = scores.bound + rows.scores.bound;
  Secret largest = extremeOfLast(emit, scores, /*largest=*/true, reach);
  // Of scores before they are scaled.
  Secret exponent{emit.sub(scores.wire, largest.wire), reach};
  const double least = lowest / rows.scale;
  if (-least < reach) {
    // max(x, least) = least + ramp(x - least)
    Value opened = emit.opened(exponent, emit.fraction);
    Value decided =
        emit.compare(opened, least, reach - least, emit.fraction - 2);
    exponent.wire = emit.addPublic(
        emit.select(decided, 0, opened,
                    std::llround(std::ldexp(least, int(emit.fraction)))),
        emit.splat(least));
    exponent.bound = -least;
  }
  int power = 0;
  const double rest = std::frexp(rows.scale, &power);
  if (rest == 0.5) {
    exponent.wire = emit.relabel(exponent.wire, 1 - power);
  } else {
    exponent.wire =
        emit.mulPublic(exponent.wire, emit.splat(rows.scale), emit.fraction);
  }
  exponent.bound *= rows.scale;
  Secret value = limitExponential(emit, exponent, squarings);
  // The largest is 1, so the mean of n is at least 1/n.
  return Numerators{{value.wire, 1 + kSlack},
                    {(1 - kSlack) / double(rows.positions), 1 + kSlack},
                    emit.fraction};
}
