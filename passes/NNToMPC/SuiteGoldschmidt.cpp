//===- SuiteGoldschmidt.cpp - division and roots by iteration -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteGoldschmidt.h"

using namespace mlir;
using namespace secformer;

LogicalResult GoldschmidtSuite::lower(nn::UnaryOp op, Lowering &state) {
  if (gelu() && isGelu(op))
    return lowerGelu(op, state, *gelu());
  const bool iterated = op.getKind() == nn::UnaryKind::Rsqrt ||
                        op.getKind() == nn::UnaryKind::Reciprocal;
  auto input = state.range(op.getInput());
  return iterated && succeeded(input) && input->low > 0
             ? lowerByIteration(op, state)
             : FastSuite::lower(op, state);
}

double GoldschmidtSuite::approximation(Operation *op) const {
  return gelu() && isGelu(op) ? gelu()->error : FastSuite::approximation(op);
}

FailureOr<FastSuite::Factors>
GoldschmidtSuite::reciprocalOf(Emitter &emit, const RowMean &row, Range means) {
  // Where the number of positions differs between rows, sums become means; the
  // same few bits of 1/n stand before and after, so that their rounding
  // cancels.
  constexpr unsigned fewBits = 8;
  const bool sum = row.inverse && row.uniform && !dividesMeans();
  const double n = double(row.positions);
  Range range = sum ? Range{means.low * n, means.high * n} : means;
  Value divisor = sum ? row.sum : row.perPosition(emit, row.sum, fewBits);
  auto r = reciprocal(emit, divisor, range, sum ? row.unit : row.unit / n);
  if (failed(r))
    return failure();
  const unsigned scale =
      emit.fraction + log2Ceil(range.high) + (sum ? 0 : row.countBits());
  if (!sum) {
    *r = emit.withRoom(*r, row.countBits() + fewBits, r->bound, scale);
    r->wire = row.perPosition(emit, r->wire, fewBits);
  }
  return Factors{emit.atScale(*r, scale)};
}

FailureOr<Secret> GoldschmidtSuite::inverseDeviation(Emitter &emit,
                                                     Value spread, double q,
                                                     double c, double eps,
                                                     Range range) {
  return deviationByRoot(emit, spread, q, c, eps, range);
}
