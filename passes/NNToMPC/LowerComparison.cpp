//===- LowerComparison.cpp - what takes a comparison of secrets -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// ReLU, clip, maxima and minima are sums of ramps max(x - c, 0). A ramp takes
// two rounds: the opening of x, which other readers share, and one of a few
// bits. It decides with two fraction bits less than x has: a decision that is
// wrong within half such a unit of c changes the ramp by no more than that.
// Where a decision stands alone (nn.compare, sign) it is exact.
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/NNShapes.h"
#include "mlir/IR/Matchers.h"
#include "passes/NNToMPC/Linear.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// Of a constant its values, of anything else what calibration measured.
static FailureOr<Range> rangeOf(Value value, Lowering &state) {
  DenseFPElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return state.range(value);
  Range range{INFINITY, -INFINITY};
  for (const APFloat &element : elements.getValues<APFloat>()) {
    range.low = std::min(range.low, element.convertToDouble());
    range.high = std::max(range.high, element.convertToDouble());
  }
  return range;
}

double secformer::distance(Range a, Range b) {
  auto room = [](Range range) {
    return range.bound() - std::max(std::abs(range.low), std::abs(range.high));
  };
  return std::max(std::abs(a.high - b.low), std::abs(b.high - a.low)) +
         room(a) + room(b);
}

//===----------------------------------------------------------------------===//
// Ramps: relu, abs, max, min, clip
//===----------------------------------------------------------------------===//

/// max(x - c, 0) for each c, at the scale of activations.
static SmallVector<Secret> ramps(Emitter &emit, Secret x,
                                 ArrayRef<double> thresholds) {
  Value opened = emit.opened(x, emit.fraction);
  double furthest = 0;
  for (double threshold : thresholds)
    furthest = std::max(furthest, std::abs(threshold));
  Value decided =
      emit.compare(opened, thresholds, x.bound + furthest, emit.fraction - 2);
  SmallVector<Secret> result;
  for (auto [index, threshold] : llvm::enumerate(thresholds)) {
    auto units = std::llround(std::ldexp(threshold, int(emit.fraction)));
    result.push_back({emit.select(decided, index, opened, units),
                      x.bound + std::abs(threshold)});
  }
  return result;
}

static Lowered lowered(Secret x) { return {{}, x, {}, 0}; }

/// max(a, b) = b + ramp(a - b), min(a, b) = a - ramp(a - b).
static Secret extreme(Emitter &emit, const Lowered &a, const Lowered &b,
                      bool largest, ArrayRef<int64_t> shape, double reach,
                      double bound) {
  Secret difference = sumOf(emit, a, b, /*subtract=*/true, shape, reach);
  Secret ramp = ramps(emit, difference, 0.0).front();
  return sumOf(emit, largest ? b : a, lowered(ramp), /*subtract=*/!largest,
               shape, bound);
}

static LogicalResult lowerExtreme(Operation *op, bool largest,
                                  Lowering &state) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  auto a = state.resolved(lhs), b = state.resolved(rhs);
  auto left = rangeOf(lhs, state), right = rangeOf(rhs, state),
       bounds = state.range(op->getResult(0));
  if (failed(a) || failed(b) || failed(left) || failed(right) || failed(bounds))
    return failure();
  state.bind(op->getResult(0),
             extreme(state.emit, *a, *b, largest, shapeOf(op->getResult(0)),
                     distance(*left, *right), bounds->bound()));
  return success();
}

Secret secformer::extremeOfLast(Emitter &emit, Secret x, bool largest,
                                double reach) {
  Value wire = emit.atScale(x, emit.fraction).wire;
  while (true) {
    SmallVector<int64_t> shape(
        cast<mpc::SharedType>(wire.getType()).getShape());
    const int64_t count = shape.back(), half = count / 2;
    if (count == 1)
      return {wire, x.bound};
    auto part = [&](int64_t start, int64_t size) -> Value {
      SmallVector<int64_t> starts(shape.size(), 0), steps(shape.size(), 1);
      starts.back() = start;
      shape.back() = size;
      return emit.slice(wire, starts, shape, steps);
    };
    Lowered first = lowered({part(0, half), x.bound}),
            second = lowered({part(half, half), x.bound});
    Value best =
        extreme(emit, first, second, largest, shape, reach, x.bound).wire;
    if (count % 2)
      best = emit.concat({best, part(count - 1, 1)}, int64_t(shape.size()) - 1);
    wire = best;
  }
}

/// The largest or smallest along axes.
static LogicalResult lowerExtremeAlong(nn::ReduceOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto range = state.range(op.getInput()), bounds = state.range(op.getResult());
  if (failed(x) || failed(range) || failed(bounds))
    return failure();
  Secret lanes{
      withAxesLast(emit, emit.atScale(*x, emit.fraction).wire, op.getAxes()),
      x->bound};
  Secret best = extremeOfLast(emit, lanes, op.getKind() == nn::ReduceKind::Max,
                              distance(*range, *range));
  state.bind(op.getResult(),
             Secret{emit.reshape(best.wire, shapeOf(op.getResult())),
                    bounds->bound()});
  return success();
}

namespace {
/// A secret cut to an interval: relu, max and min with constants, and what they
/// make one after another.
struct Clip {
  Value input;
  double low = -INFINITY, high = INFINITY;
};
} // namespace

static std::optional<Clip> clipOf(Operation *op, const Lowering &state) {
  std::optional<Clip> clip;
  if (auto unary = dyn_cast_or_null<nn::UnaryOp>(op)) {
    if (unary.getKind() == nn::UnaryKind::Relu)
      clip = Clip{unary.getInput(), 0};
  } else if (isa_and_nonnull<nn::MaxOp, nn::MinOp>(op)) {
    for (unsigned side : {0, 1}) {
      Value input = op->getOperand(side);
      auto limit = splatOf(op->getOperand(1 - side));
      if (limit && !state.isPublic(input) &&
          input.getType() == op->getResult(0).getType())
        clip = isa<nn::MaxOp>(op) ? Clip{input, *limit}
                                  : Clip{input, -INFINITY, *limit};
    }
  }
  if (!clip)
    return std::nullopt;
  auto inner = clipOf(clip->input.getDefiningOp(), state);
  if (!inner)
    return clip;
  return Clip{inner->input, std::clamp(inner->low, clip->low, clip->high),
              std::clamp(inner->high, clip->low, clip->high)};
}

/// Both ends are decided in one round.
static LogicalResult lowerClip(Operation *op, Clip clip, Lowering &state) {
  Emitter &emit = state.emit;
  auto range = state.range(clip.input), bounds = state.range(op->getResult(0));
  if (failed(range) || failed(bounds))
    return failure();
  SmallVector<double> ends;
  if (clip.low > range->low)
    ends.push_back(clip.low);
  if (clip.high < range->high)
    ends.push_back(clip.high);
  if (ends.empty()) { // Nothing is cut, by a limit of -3.4e38 say.
    state.bind(op->getResult(0), state.get(clip.input));
    return success();
  }
  auto x = state.secret(clip.input);
  if (failed(x))
    return failure();
  // low + ramp(x - low) or x, less ramp(x - high)
  SmallVector<Secret> parts = ramps(emit, *x, ends);
  Secret y = emit.atScale(*x, emit.fraction);
  if (ends.front() == clip.low) {
    y = parts.front();
    if (clip.low != 0)
      y = sumOf(emit, Lowered{emit.splat(clip.low), {}, {}, 0}, lowered(y),
                /*subtract=*/false, y.shape(), y.bound);
  }
  if (ends.back() == clip.high)
    y = emit.sub(y, parts.back(), y.bound);
  y.bound = bounds->bound();
  state.bind(op->getResult(0), y);
  return success();
}

/// abs(x) = 2 max(x, 0) - x
static LogicalResult lowerAbs(nn::UnaryOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto bounds = state.range(op.getResult());
  if (failed(x) || failed(bounds))
    return failure();
  Secret twice = ramps(emit, *x, 0.0).front();
  twice.wire = emit.scaleBy(twice.wire, 2);
  state.bind(op.getResult(),
             emit.sub(twice, emit.atScale(*x, emit.fraction), bounds->bound()));
  return success();
}

//===----------------------------------------------------------------------===//
// Decisions: sign, compare, select
//===----------------------------------------------------------------------===//

/// Exact decisions about x as it is at the scale of activations.
static Value decisions(Emitter &emit, Secret x, ArrayRef<double> thresholds) {
  return emit.compare(emit.openedNarrow(x.wire, emit.fraction), thresholds,
                      x.bound, emit.fraction);
}

/// The smallest positive number.
static double unit(const Emitter &emit) {
  return std::ldexp(1.0, -int(emit.fraction));
}

/// (x >= 0) + (x > 0) - 1
static LogicalResult lowerSign(nn::UnaryOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  if (failed(x))
    return failure();
  Value decided = decisions(emit, *x, {0.0, unit(emit)});
  Value atLeast = emit.indicator(decided, 0),
        above = emit.indicator(decided, 1);
  Secret both{emit.add(atLeast, above), 2};
  state.bind(op.getResult(),
             sumOf(emit, lowered(both), Lowered{emit.splat(1), {}, {}, 0},
                   /*subtract=*/true, both.shape(), 1));
  return success();
}

static LogicalResult lowerCompare(nn::CompareOp op, Lowering &state) {
  using Kind = nn::CompareKind;
  Emitter &emit = state.emit;
  if (op.getKind() == Kind::Eq)
    return op.emitError("whether secrets are equal is not supported; only "
                        "comparisons by size are");
  const bool less = op.getKind() == Kind::Lt || op.getKind() == Kind::Le;
  const bool strict = op.getKind() == Kind::Lt || op.getKind() == Kind::Gt;
  Value high = less ? op.getRhs() : op.getLhs(),
        low = less ? op.getLhs() : op.getRhs();
  auto a = state.resolved(high), b = state.resolved(low);
  auto above = rangeOf(high, state), below = rangeOf(low, state);
  if (failed(a) || failed(b) || failed(above) || failed(below))
    return failure();
  Secret difference = sumOf(emit, *a, *b, /*subtract=*/true,
                            shapeOf(op.getResult()), distance(*above, *below));
  Value decided = decisions(emit, difference, strict ? unit(emit) : 0.0);
  state.bind(op.getResult(), Secret{emit.indicator(decided, 0), 1});
  return success();
}

/// rhs + condition (lhs - rhs)
static LogicalResult lowerDecision(nn::SelectOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto condition = state.secret(op.getCondition());
  auto a = state.resolved(op.getLhs()), b = state.resolved(op.getRhs());
  auto left = rangeOf(op.getLhs(), state), right = rangeOf(op.getRhs(), state),
       bounds = state.range(op.getResult());
  if (failed(condition) || failed(a) || failed(b) || failed(left) ||
      failed(right) || failed(bounds))
    return failure();
  Secret chosen{{}, distance(*left, *right)};
  const SmallVector<int64_t> shape =
      *nn::broadcastShapes(shapeOf(op.getLhs()), shapeOf(op.getRhs()));
  if (a->publicValue && b->publicValue) {
    Value difference = emit.plain(mpc::PlainKind::Sub,
                                  {a->publicValue, b->publicValue}, shape);
    chosen.wire = emit.mulPublic(condition->wire, difference, emit.fraction);
  } else {
    Secret difference =
        sumOf(emit, *a, *b, /*subtract=*/true, shape, chosen.bound);
    Value opened = emit.opened(difference, emit.fraction);
    // Without another round where the condition is a decision itself.
    auto indicator = condition->wire.getDefiningOp<mpc::IndicatorOp>();
    chosen.wire = indicator && condition->shape() == ArrayRef<int64_t>(shape)
                      ? emit.select(indicator.getDecided(),
                                    indicator.getIndex(), opened, 0)
                      : emit.mul(emit.opened(*condition, 0), opened);
  }
  state.bind(op.getResult(),
             sumOf(emit, *b, lowered(chosen), /*subtract=*/false,
                   shapeOf(op.getResult()), bounds->bound()));
  return success();
}

static LogicalResult lowerNot(nn::NotOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  if (failed(x))
    return failure();
  state.bind(op.getResult(),
             sumOf(emit, Lowered{emit.splat(1), {}, {}, 0}, lowered(*x),
                   /*subtract=*/true, x->shape(), 1));
  return success();
}

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

static Type elementOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}
static bool isIntegral(Value value) { return elementOf(value).isInteger(); }
static bool isDecision(Value value) { return elementOf(value).isInteger(1); }

bool secformer::isComparison(Operation *op, const Lowering &state) {
  return TypeSwitch<Operation *, bool>(op)
      .Case<nn::MaxOp, nn::MinOp, nn::ArgmaxOp, nn::CompareOp, nn::NotOp>(
          [](auto) { return true; })
      .Case([](nn::UnaryOp unary) {
        return unary.getKind() == nn::UnaryKind::Relu ||
               unary.getKind() == nn::UnaryKind::Abs ||
               unary.getKind() == nn::UnaryKind::Sign;
      })
      .Case([](nn::ReduceOp reduce) {
        return reduce.getKind() == nn::ReduceKind::Max ||
               reduce.getKind() == nn::ReduceKind::Min;
      })
      .Case([&](nn::SelectOp select) {
        return !state.plain(select.getCondition());
      })
      .Case([](nn::CastOp cast) {
        return isDecision(cast.getInput()) ||
               (isIntegral(cast.getInput()) && !isDecision(cast.getResult()));
      })
      .Default([](Operation *) { return false; });
}

LogicalResult secformer::lowerComparison(Operation *op, Lowering &state) {
  if (auto clip = clipOf(op, state))
    return lowerClip(op, *clip, state);
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<nn::MaxOp, nn::MinOp>(
          [&](auto) { return lowerExtreme(op, isa<nn::MaxOp>(op), state); })
      .Case(
          [&](nn::ReduceOp reduce) { return lowerExtremeAlong(reduce, state); })
      .Case([&](nn::UnaryOp unary) {
        return unary.getKind() == nn::UnaryKind::Abs ? lowerAbs(unary, state)
                                                     : lowerSign(unary, state);
      })
      .Case([&](nn::ArgmaxOp argmax) { return lowerArgmax(argmax, state); })
      .Case([&](nn::CompareOp compare) { return lowerCompare(compare, state); })
      .Case([&](nn::SelectOp select) { return lowerDecision(select, state); })
      .Case([&](nn::NotOp negation) { return lowerNot(negation, state); })
      .Case([&](nn::CastOp cast) { // Decisions and places are numbers already.
        state.bind(cast.getResult(), state.get(cast.getInput()));
        return success();
      });
}
