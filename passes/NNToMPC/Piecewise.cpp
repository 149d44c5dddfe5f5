//===- Piecewise.cpp - functions in segments, chosen by comparisons -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Piecewise.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Polynomials are of w = x / 2^kShift, which is at most 1 where they count.
static constexpr int kShift = 2;
/// Fraction bits of their coefficients.
static constexpr unsigned kCoefficientBits = 10;

static int64_t units(double value, unsigned scale) {
  return std::llround(std::ldexp(value, int(scale)));
}

/// a + b or a - b, in the smaller ring of the two; b where there is no a.
static Value combined(Emitter &emit, Value a, Value b, bool subtract = false) {
  if (!a)
    return subtract ? emit.scaleBy(b, -1) : b;
  auto ring = [](Value wire) {
    return cast<mpc::WireTypeInterface>(wire.getType()).getRing();
  };
  const unsigned smaller = std::min(ring(a), ring(b));
  for (Value *wire : {&a, &b})
    if (ring(*wire) > smaller) {
      auto type = cast<mpc::WireTypeInterface>(wire->getType());
      *wire = emit.create<mpc::ReduceOp>(
          type.withFormat(type.getScale(), smaller), *wire);
    }
  return subtract ? emit.sub(a, b) : emit.add(a, b);
}

Piecewise::Piecewise(Emitter &emit, Secret x)
    : emit(emit), x(emit.atScale(x, emit.fraction)),
      opened(emit.opened(this->x, emit.fraction)) {}

Segment Piecewise::polynomial(ArrayRef<double> coefficients) {
  assert(coefficients.size() >= 3 && coefficients.size() <= 7);
  const unsigned one = emit.fraction + kShift;
  Value w = emit.relabel(opened, kShift);
  if (!square.wire) {
    const double bound = std::ldexp(x.bound, -kShift);
    square = emit.atScale({emit.mul(w, w), bound * bound}, one);
  }
  Value u = emit.opened(square, one);
  // All terms at one scale, that of the highest power with its coefficient.
  const unsigned scale = 3 * one + kCoefficientBits;
  auto power = [&](size_t degree) -> Value {
    switch (degree) {
    case 1:
      return emit.relabel(x.wire, kShift);
    case 2:
      return square.wire;
    case 3:
      return emit.mul(w, u);
    case 4:
      return emit.mul(u, u);
    case 5:
      return emit.mul3(w, u, u);
    default:
      return emit.mul3(u, u, u);
    }
  };
  Value sum;
  for (size_t degree = 1; degree < coefficients.size(); ++degree) {
    const double coefficient =
        std::ldexp(coefficients[degree], kShift * int(degree));
    if (coefficient == 0)
      continue;
    Value term = power(degree);
    const unsigned rest =
        scale - cast<mpc::SharedType>(term.getType()).getScale();
    term =
        emit.relabel(emit.scaleBy(term, units(coefficient, rest)), int(rest));
    sum = sum ? emit.add(sum, term) : term;
  }
  sum = emit.addPublic(sum, emit.splat(coefficients.front()));
  return {0, 0, emit.openedNarrow(sum, Piecewise::scale(emit))};
}

Segment Piecewise::halfTimesOnePlus(Value g) {
  Value half = emit.relabel(x.wire, 1);
  Value product = emit.relabel(emit.mul(opened, g), 1);
  const unsigned rest = cast<mpc::SharedType>(product.getType()).getScale() -
                        cast<mpc::SharedType>(half.getType()).getScale();
  half = emit.relabel(emit.scaleBy(half, int64_t(1) << rest), int(rest));
  return {
      0, 0,
      emit.openedNarrow(combined(emit, product, half), Piecewise::scale(emit))};
}

Secret Piecewise::choose(ArrayRef<double> thresholds,
                         ArrayRef<Segment> segments, double bound) {
  assert(segments.size() == thresholds.size() + 1 && !segments[0].wire);
  double furthest = 0;
  for (double threshold : thresholds)
    furthest = std::max(furthest, std::abs(threshold));
  Value decided =
      emit.compare(opened, thresholds, x.bound + furthest, emit.fraction);
  const unsigned scale = Piecewise::scale(emit), more = scale - emit.fraction;
  // A multiple of x at the result's scale, on shares or masked.
  auto multiple = [&](Value wire, double factor) {
    return emit.relabel(emit.scaleBy(wire, units(factor, more)), int(more));
  };
  Value result;
  if (segments[0].linear != 0)
    result = multiple(x.wire, segments[0].linear);
  for (size_t i = 1; i < segments.size(); ++i) {
    const Segment &here = segments[i], &before = segments[i - 1];
    Value difference = here.wire;
    if (before.wire)
      difference = combined(emit, difference, before.wire, /*subtract=*/true);
    if (const double slope = here.linear - before.linear; slope != 0)
      difference = combined(emit, difference, multiple(opened, slope));
    result =
        combined(emit, result,
                 emit.select(decided, unsigned(i - 1), difference,
                             -units(here.constant - before.constant, scale)));
  }
  if (segments[0].constant != 0)
    result = emit.addPublic(result, emit.splat(segments[0].constant));
  return {result, bound};
}
