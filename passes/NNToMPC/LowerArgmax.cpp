//===- LowerArgmax.cpp - the place of the largest secret ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A tree of comparisons between neighbours, so that of two candidates the left
// one stands before the right one: each level opens the differences of values
// and of places, decides, and selects both. The places of the first level are
// public and one apart, and the last level selects no value: 2 ceil(log2 n)
// rounds. Places are integers, of scale 0.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Every second element along the last axis, `count` of them.
static Value everySecond(Emitter &emit, Value wire, int64_t start,
                         int64_t count, int64_t step = 2) {
  SmallVector<int64_t> shape(wireType(wire).getShape());
  SmallVector<int64_t> starts(shape.size(), 0), steps(shape.size(), 1);
  starts.back() = start;
  steps.back() = step;
  shape.back() = count;
  return emit.slice(wire, starts, shape, steps);
}

/// With the one element that has no neighbour, if there is one.
static Value withLast(Emitter &emit, Value pairs, Value last) {
  return last ? emit.concat({pairs, last},
                            int64_t(wireType(pairs).getShape().size()) - 1)
              : pairs;
}

/// The places 0 to n - 1, in all rows.
static Value places(Emitter &emit, ArrayRef<int64_t> shape) {
  SmallVector<float> numbers;
  for (int64_t i = 0; i < shape.back(); ++i)
    numbers.push_back(float(i));
  Value all =
      emit.plain(mpc::PlainKind::Broadcast, emit.constant(numbers), shape);
  return emit.encoded(all, 0, double(shape.back())).wire;
}

/// The place of the largest along the last axis, which stays with extent 1; of
/// equals the first or the last. \p reach: largest difference of two values.
static Secret argmaxOfLast(Emitter &emit, Secret x, bool last, double reach) {
  const double unit = std::ldexp(1.0, -int(emit.fraction));
  Value values = emit.atScale(x, emit.fraction).wire;
  Value where = places(emit, wireType(values).getShape());
  const auto most = double(wireType(values).getShape().back());
  for (bool first = true;; first = false) {
    const int64_t count = wireType(values).getShape().back(), half = count / 2;
    if (count == 1)
      return {where, most};
    auto pairs = [&](Value wire) {
      return std::pair(everySecond(emit, wire, 0, half),
                       everySecond(emit, wire, 1, half));
    };
    auto rest = [&](Value wire) {
      return count % 2 ? everySecond(emit, wire, count - 1, 1, 1) : Value();
    };
    auto [left, right] = pairs(values);
    auto [leftPlace, rightPlace] = pairs(where);
    Value difference =
        emit.opened({emit.sub(left, right), reach}, emit.fraction);
    // The left one stays if it is as large, or only if it is larger.
    Value decided = emit.compare(difference, last ? unit : 0.0, reach + unit,
                                 emit.fraction);
    Value step =
        first ? emit.scaleBy(emit.indicator(decided, 0), -1)
              : emit.select(
                    decided, 0,
                    emit.opened({emit.sub(leftPlace, rightPlace), most}, 0), 0);
    where = withLast(emit, emit.add(rightPlace, step), rest(where));
    if (count == 2)
      return {where, most};
    Value larger = emit.add(right, emit.select(decided, 0, difference, 0));
    values = withLast(emit, larger, rest(values));
  }
}

LogicalResult secformer::lowerArgmax(nn::ArgmaxOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto range = state.range(op.getInput());
  if (failed(x) || failed(range))
    return failure();
  Secret lanes{withAxesLast(emit, emit.atScale(*x, emit.fraction).wire,
                            int64_t(op.getAxis())),
               x->bound};
  Secret place =
      argmaxOfLast(emit, lanes, op.getLast(), distance(*range, *range));
  state.bind(
      op.getResult(),
      Secret{emit.reshape(place.wire, shapeOf(op.getResult())), place.bound});
  return success();
}
