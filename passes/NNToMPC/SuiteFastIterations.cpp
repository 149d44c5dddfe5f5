//===- SuiteFastIterations.cpp - ranges too wide for a fit ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Goldschmidt.h"
#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

FailureOr<Secret> FastSuite::reciprocal(Emitter &emit, Value x, Range range,
                                        double) {
  return goldschmidt(
      emit, Inverse::Reciprocal, x, range,
      planGoldschmidt(Inverse::Reciprocal, range, emit.fraction));
}

FailureOr<Secret> FastSuite::inverseRoot(Emitter &emit, Value x, Range range,
                                         double) {
  return goldschmidt(emit, Inverse::Root, x, range,
                     planGoldschmidt(Inverse::Root, range, emit.fraction));
}

FailureOr<Secret> FastSuite::deviationByRoot(Emitter &emit, Value spread,
                                             double q, double c, double eps,
                                             Range range) {
  auto r = inverseRoot(emit, emit.addPublic(spread, emit.splat(eps * q)),
                       {(range.low + eps) * q, (range.high + eps) * q}, q);
  if (failed(r))
    return failure();
  // sqrt(q) / c is between 1/2 and 2.
  const double factor = std::sqrt(q) / c;
  const unsigned bits = emit.fraction + 2;
  *r = emit.withRoom(*r, bits, 2 * r->bound, emit.fraction + 4);
  return Secret{emit.mulPublic(r->wire, emit.splat(factor), bits),
                r->bound * factor};
}

LogicalResult FastSuite::lowerByIteration(nn::UnaryOp op, Lowering &state) {
  auto x = state.secret(op.getInput());
  auto input = state.range(op.getInput());
  if (failed(x) || failed(input))
    return failure();
  const Range range{input->low * (1 - kSlack), input->high * (1 + kSlack)};
  auto y = op.getKind() == nn::UnaryKind::Rsqrt
               ? inverseRoot(state.emit, x->wire, range, 1)
               : reciprocal(state.emit, x->wire, range, 1);
  if (failed(y))
    return failure();
  state.bind(op.getResult(), *y);
  return success();
}
