//===- DefaultRanges.cpp - ranges nobody measured -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What follows from the operands' ranges, and the table of docs/ranges.md for
// the rest.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"
#include "passes/NN/Ranges.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

namespace secformer::nn {
#define GEN_PASS_DEF_DEFAULTRANGES
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

/// The table of docs/ranges.md.
namespace defaults {
static constexpr Range activation = {-16, 16};
static constexpr Range weight = {-8, 8};
static constexpr Range functionArgument = {-12, 12};
static constexpr Range positiveArgument = {0.05, 32};
static constexpr Range variance = {0.05, 32};
static constexpr Range centered = {-12, 8};
static constexpr Range meanNumerator = {1, 64};
} // namespace defaults

static constexpr double infinity = std::numeric_limits<double>::infinity();

/// Bounds that hold whatever the argument is.
static Range bounds(UnaryKind kind) {
  switch (kind) {
  case UnaryKind::Tanh:
  case UnaryKind::Erf:
  case UnaryKind::Sin:
  case UnaryKind::Cos:
  case UnaryKind::Sign:
    return {-1, 1};
  case UnaryKind::Sigmoid:
    return {0, 1};
  case UnaryKind::Relu:
  case UnaryKind::Abs:
  case UnaryKind::Sqrt:
  case UnaryKind::Rsqrt:
  case UnaryKind::Exp:
  case UnaryKind::Softplus:
    return {0, infinity};
  // Minima of x Phi(x), of its approximations and of x sigmoid(x), outward.
  case UnaryKind::Gelu:
  case UnaryKind::GeluTanh:
    return {-0.171, infinity};
  case UnaryKind::QuickGelu:
    return {-0.164, infinity};
  case UnaryKind::Silu:
    return {-0.279, infinity};
  default:
    return {-infinity, infinity};
  }
}

static Range boundsOf(Operation *op) {
  if (auto unary = dyn_cast<UnaryOp>(op))
    return bounds(unary.getKind());
  if (isa<SoftmaxOp, OneHotOp>(op))
    return {0, 1};
  return {-infinity, infinity};
}

static Range intersect(Range a, Range b) {
  return {std::clamp(a.low, b.low, b.high), std::clamp(a.high, b.low, b.high)};
}

/// The range of a function that is monotone, or has its extremes at the ends
/// and in `bounds`, where the argument is in \p x; nothing if unknown.
static std::optional<Range> imageOf(UnaryKind kind, Range x) {
  auto ends = [](double a, double b) {
    return Range{std::min(a, b), std::max(a, b)};
  };
  switch (kind) {
  case UnaryKind::Neg:
    return Range{-x.high, -x.low};
  case UnaryKind::Abs:
    return Range{x.low <= 0 && x.high >= 0
                     ? 0
                     : std::min(std::abs(x.low), std::abs(x.high)),
                 std::max(std::abs(x.low), std::abs(x.high))};
  case UnaryKind::Tanh:
    return Range{std::tanh(x.low), std::tanh(x.high)};
  case UnaryKind::Erf:
    return Range{std::erf(x.low), std::erf(x.high)};
  case UnaryKind::Sigmoid:
    return Range{1 / (1 + std::exp(-x.low)), 1 / (1 + std::exp(-x.high))};
  case UnaryKind::Exp:
    return Range{std::exp(x.low), std::exp(x.high)};
  case UnaryKind::Softplus:
    return Range{std::log1p(std::exp(x.low)), std::log1p(std::exp(x.high))};
  case UnaryKind::Relu:
  case UnaryKind::Floor:
  case UnaryKind::Ceil:
  case UnaryKind::Round:
    return Range{std::floor(x.low), std::ceil(x.high)};
  // Below x for x > 0, and bounded below.
  case UnaryKind::Gelu:
  case UnaryKind::GeluTanh:
  case UnaryKind::QuickGelu:
  case UnaryKind::Silu:
    return Range{-1, std::max(x.high, 0.0)};
  case UnaryKind::QuadGelu: {
    auto quad = [](double v) { return v * v / 8 + v / 4 + 0.5; };
    Range image = ends(quad(x.low), quad(x.high));
    return x.low < -1 && x.high > -1 ? Range{quad(-1), image.high} : image;
  }
  case UnaryKind::Sin:
  case UnaryKind::Cos:
  case UnaryKind::Sign:
    return Range{-1, 1};
  case UnaryKind::Sqrt:
    return x.low < 0 ? std::nullopt
                     : std::optional(ends(std::sqrt(x.low), std::sqrt(x.high)));
  case UnaryKind::Log:
    return x.low <= 0 ? std::nullopt
                      : std::optional(ends(std::log(x.low), std::log(x.high)));
  case UnaryKind::Rsqrt:
    return x.low <= 0 ? std::nullopt
                      : std::optional(
                            ends(1 / std::sqrt(x.low), 1 / std::sqrt(x.high)));
  case UnaryKind::Reciprocal:
    return x.low <= 0 && x.high >= 0
               ? std::nullopt
               : std::optional(ends(1 / x.low, 1 / x.high));
  case UnaryKind::Atan:
    return Range{std::atan(x.low), std::atan(x.high)};
  case UnaryKind::Sinh:
    return Range{std::sinh(x.low), std::sinh(x.high)};
  case UnaryKind::Asinh:
    return Range{std::asinh(x.low), std::asinh(x.high)};
  case UnaryKind::Cosh:
    return Range{1, std::cosh(std::max(std::abs(x.low), std::abs(x.high)))};
  // Defined on a part of the numbers, or with poles.
  case UnaryKind::Tan:
  case UnaryKind::Asin:
  case UnaryKind::Acos:
  case UnaryKind::Acosh:
  case UnaryKind::Atanh:
    return std::nullopt;
  }
  return std::nullopt;
}

static Range productOf(Range a, Range b) {
  auto [low, high] = std::minmax(
      {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
  return {low, high};
}

/// What follows from the ranges of the operands; nothing if they say too
/// little. Sums of two activations are not here: their ranges add up along a
/// residual stream, the values hardly do.
static std::optional<Range> derive(Operation *op) {
  SmallVector<Range> x;
  for (Value operand : op->getOperands()) {
    std::optional<Range> range;
    if (auto constant = splatValue(operand))
      range = Range{*constant, *constant};
    else
      range = getRange(operand);
    x.push_back(range.value_or(Range{-infinity, infinity}));
  }
  auto isConstant = [](Range range) { return range.low == range.high; };
  using Result = std::optional<Range>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](UnaryOp unary) { return imageOf(unary.getKind(), x[0]); })
      .Case<ReshapeOp, TransposeOp, BroadcastOp, SliceOp, GatherOp,
            EmbeddingOp>([&](auto) -> Result { return x[0]; })
      .Case([&](ConcatOp) -> Result {
        return std::accumulate(x.begin(), x.end(), x[0], hull);
      })
      .Case([&](PadOp pad) -> Result {
        double value = pad.getValue().convertToDouble();
        return hull(x[0], {value, value});
      })
      .Case([&](TriluOp) -> Result { return hull(x[0], {0, 0}); })
      .Case([&](SelectOp) -> Result { return hull(x[1], x[2]); })
      .Case([&](MaxOp) -> Result {
        return Range{std::max(x[0].low, x[1].low),
                     std::max(x[0].high, x[1].high)};
      })
      .Case([&](MinOp) -> Result {
        return Range{std::min(x[0].low, x[1].low),
                     std::min(x[0].high, x[1].high)};
      })
      .Case([&](ReduceOp reduce) -> Result {
        if (reduce.getKind() == ReduceKind::Sum ||
            reduce.getKind() == ReduceKind::Prod)
          return std::nullopt;
        return x[0];
      })
      .Case([&](AddOp) -> Result {
        if (!isConstant(x[1]))
          return std::nullopt;
        return Range{x[0].low + x[1].low, x[0].high + x[1].low};
      })
      .Case([&](MulOp mul) -> Result {
        if (mul.getLhs() == mul.getRhs()) {
          double most = std::max(std::abs(x[0].low), std::abs(x[0].high));
          return Range{0, most * most};
        }
        if (!isConstant(x[1]))
          return std::nullopt;
        return productOf(x[0], x[1]);
      })
      .Case([&](SoftmaxOp) -> Result { return Range{0, 1}; })
      .Case([&](OneHotOp) -> Result { return Range{0, 1}; })
      .Default([](Operation *) -> Result { return std::nullopt; });
}

static Range fromTable(Value value) {
  if (value.getDefiningOp<ParamOp>())
    return defaults::weight;
  Range range = defaults::activation;
  for (Operation *user : value.getUsers()) {
    switch (unaryKind(user).value_or(UnaryKind::Relu)) {
    case UnaryKind::Rsqrt:
    case UnaryKind::Sqrt:
    case UnaryKind::Log:
    case UnaryKind::Reciprocal:
      return defaults::positiveArgument;
    case UnaryKind::Neg:
    case UnaryKind::Abs:
    case UnaryKind::Sign:
    case UnaryKind::Relu:
    case UnaryKind::Floor:
    case UnaryKind::Ceil:
    case UnaryKind::Round:
      break;
    default:
      range = defaults::functionArgument;
    }
  }
  return range;
}

namespace {
struct DefaultRanges : secformer::nn::impl::DefaultRangesBase<DefaultRanges> {
  using DefaultRangesBase::DefaultRangesBase;
  explicit DefaultRanges(const WeightStore &store) : given(&store) {}

  void runOnOperation() override {
    WeightStore loaded;
    if (!weights.empty()) {
      if (failed(loaded.load(getOperation(), weights)))
        return signalPassFailure();
      given = &loaded;
    }
    int64_t guessed = 0;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      for (BlockArgument argument : function.getArguments())
        guessed += complete(argument);
      function.walk([&](Operation *op) {
        if (op->getNumResults() == 1)
          guessed += complete(op->getResult(0)) + completeInner(op);
      });
    }
    if (guessed)
      getOperation().emitWarning("no --calibrate samples: ranges of ")
          << guessed
          << " values are defaults, see docs/ranges.md; results are wrong if "
             "the model leaves them";
  }

private:
  /// Gives the value a range; true if it is from the table.
  bool complete(Value value) {
    Operation *op = value.getDefiningOp();
    if (!tensorType(value).getElementType().isF32() || (op && isInTheClear(op)))
      return false;
    Range bound = op ? boundsOf(op) : Range{-infinity, infinity};
    std::optional<Range> range = getRange(value);
    if (!range)
      range = exact(value);
    if (!range && op)
      range = finite(derive(op));
    setRange(value, intersect(range ? *range : fromTable(value), bound));
    return !range;
  }

  /// Softmax and layer_norm need ranges of what is inside them.
  static bool completeInner(Operation *op) {
    auto set = [&](StringRef attribute, Range range) {
      if (getRange(op, attribute))
        return false;
      setRange(op, range, attribute);
      return true;
    };
    if (isa<SoftmaxOp, LogSoftmaxOp>(op)) {
      bool scores = set(centeredRangeAttr, defaults::centered);
      return set(meanNumeratorRangeAttr, defaults::meanNumerator) || scores;
    }
    return isa<LayerNormOp>(op) && set(varianceRangeAttr, defaults::variance);
  }

  /// Of constants, and of weights whose values are at hand.
  std::optional<Range> exact(Value value) const {
    if (DenseElementsAttr elements = constantElements(value))
      return finite(rangeOf(Tensor::fromAttribute(elements)));
    auto param = value.getDefiningOp<ParamOp>();
    const Tensor *weight =
        param && given ? given->lookup(param.getWeight()) : nullptr;
    return weight ? finite(rangeOf(*weight)) : std::nullopt;
  }

  static std::optional<Range> finite(std::optional<Range> range) {
    if (range && std::isfinite(range->low) && std::isfinite(range->high))
      return range;
    return std::nullopt;
  }

  const WeightStore *given = nullptr;
};
} // namespace

std::unique_ptr<Pass>
secformer::nn::createDefaultRanges(const WeightStore &weights) {
  return std::make_unique<DefaultRanges>(weights);
}
