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
  spread = emit.addPublic(spread, emit.splat(eps * q));
  // 1/sqrt(c^2 variance) at once where c^2 / q is a power of two: but for RMS.
  double held = q;
  int exponent = 0;
  if (std::frexp(c * c / q, &exponent) == 0.5) {
    if (exponent != 1)
      spread = emit.relabel(spread, 1 - exponent);
    held = c * c;
  }
  auto r =
      inverseRoot(emit, spread,
                  {(range.low + eps) * held, (range.high + eps) * held}, held);
  const double factor = std::sqrt(held) / c;
  if (failed(r) || factor == 1)
    return r;
  // Between 1/2 and 2.
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
