//===- Normalize.cpp - one spelling for arithmetic ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Rewrites arithmetic so that fusion meets few spellings. Folding of constants
// and the order of commutative operands come from the dialect.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Normalize.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_NORMALIZE
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

static bool isFloat(Value value) {
  return tensorType(value).getElementType().isF32();
}

static Value unary(PatternRewriter &rewriter, Location location, UnaryKind kind,
                   Value input) {
  return UnaryOp::create(rewriter, location, kind, input);
}

/// a / b -> a * (1 / b)
static LogicalResult multiplyByReciprocal(DivOp op, PatternRewriter &rewriter) {
  if (!isFloat(op.getResult()))
    return failure();
  Value reciprocal =
      unary(rewriter, op.getLoc(), UnaryKind::Reciprocal, op.getRhs());
  if (isSplat(op.getLhs(), 1) && reciprocal.getType() == op.getType())
    rewriter.replaceOp(op, reciprocal);
  else
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getLhs(), reciprocal);
  return success();
}

/// a ^ c for the exponents that products and roots can do
static LogicalResult expandPower(PowOp op, PatternRewriter &rewriter) {
  std::optional<double> exponent = splatValue(op.getRhs());
  Value base = op.getLhs();
  if (!exponent || !isFloat(base) || base.getType() != op.getType())
    return failure();
  Location location = op.getLoc();
  auto square = [&]() -> Value {
    return MulOp::create(rewriter, location, base, base);
  };
  if (*exponent == 1)
    rewriter.replaceOp(op, base);
  else if (*exponent == 2)
    rewriter.replaceOp(op, square());
  else if (*exponent == 3)
    rewriter.replaceOpWithNewOp<MulOp>(op, square(), base);
  else if (*exponent == 0.5)
    rewriter.replaceOpWithNewOp<UnaryOp>(op, UnaryKind::Sqrt, base);
  else if (*exponent == -0.5)
    rewriter.replaceOpWithNewOp<UnaryOp>(op, UnaryKind::Rsqrt, base);
  else if (*exponent == -1)
    rewriter.replaceOpWithNewOp<UnaryOp>(op, UnaryKind::Reciprocal, base);
  else
    return failure();
  return success();
}

static LogicalResult simplifyUnary(UnaryOp op, PatternRewriter &rewriter) {
  // 1 / sqrt(a) -> rsqrt(a)
  if (op.getKind() == UnaryKind::Reciprocal) {
    if (Value root = unaryInput(op.getInput(), UnaryKind::Sqrt)) {
      rewriter.replaceOpWithNewOp<UnaryOp>(op, UnaryKind::Rsqrt, root);
      return success();
    }
  }
  // - - a -> a
  if (op.getKind() == UnaryKind::Neg) {
    if (Value inner = unaryInput(op.getInput(), UnaryKind::Neg)) {
      rewriter.replaceOp(op, inner);
      return success();
    }
  }
  return failure();
}

/// sum(a) * (1 / n) -> mean(a)
static LogicalResult makeMean(MulOp op, PatternRewriter &rewriter) {
  auto sum = op.getLhs().getDefiningOp<ReduceOp>();
  std::optional<double> factor = splatValue(op.getRhs());
  if (!sum || !factor || sum.getKind() != ReduceKind::Sum ||
      !isFloat(sum.getResult()) || sum.getType() != op.getType())
    return failure();
  double count = 1;
  for (int64_t axis : sum.getAxes())
    count *= tensorType(sum.getInput()).getDimSize(axis);
  if (std::abs(*factor * count - 1) > 1e-6)
    return failure();
  rewriter.replaceOpWithNewOp<ReduceOp>(op, ReduceKind::Mean, sum.getInput(),
                                        sum.getAxes(), sum.getKeepdims());
  return success();
}

/// a + 0, a - 0, a * 1 -> a
template <class OpTy, int Neutral>
static LogicalResult dropNeutral(OpTy op, PatternRewriter &rewriter) {
  if (!isSplat(op.getRhs(), Neutral) || op.getLhs().getType() != op.getType())
    return failure();
  rewriter.replaceOp(op, op.getLhs());
  return success();
}

/// a + -b -> a - b
static LogicalResult makeDifference(AddOp op, PatternRewriter &rewriter) {
  for (auto [a, b] : {std::pair(op.getLhs(), op.getRhs()),
                      std::pair(op.getRhs(), op.getLhs())}) {
    if (Value negated = unaryInput(b, UnaryKind::Neg)) {
      rewriter.replaceOpWithNewOp<SubOp>(op, a, negated);
      return success();
    }
  }
  return failure();
}

/// x * s + (b - m * s) -> (x - m) * s + b, as LayerNorm of Keras needs it
static LogicalResult centreBeforeScaling(AddOp op, PatternRewriter &rewriter) {
  for (auto [product, shift] : {std::pair(op.getLhs(), op.getRhs()),
                                std::pair(op.getRhs(), op.getLhs())}) {
    auto scaled = product.getDefiningOp<MulOp>();
    auto difference = shift.getDefiningOp<SubOp>();
    auto mean =
        difference ? difference.getRhs().getDefiningOp<MulOp>() : nullptr;
    if (!scaled || !mean || scaled.getType() != op.getType())
      continue;
    for (auto [x, s] : {std::pair(scaled.getLhs(), scaled.getRhs()),
                        std::pair(scaled.getRhs(), scaled.getLhs())}) {
      for (auto [m, t] : {std::pair(mean.getLhs(), mean.getRhs()),
                          std::pair(mean.getRhs(), mean.getLhs())}) {
        if (s != t || !isFloat(x) || x.getType() != op.getType() ||
            tensorType(m).getRank() > tensorType(x).getRank())
          continue;
        Value centred = SubOp::create(rewriter, op.getLoc(), x, m);
        Value again = MulOp::create(rewriter, op.getLoc(), centred, s);
        rewriter.replaceOpWithNewOp<AddOp>(op, again, difference.getLhs());
        return success();
      }
    }
  }
  return failure();
}

/// mean(x * x) - mean(x) * mean(x) -> mean((x - mean(x)) * (x - mean(x)))
static LogicalResult centreVariance(SubOp op, PatternRewriter &rewriter) {
  auto meanOf = [](Value value) {
    auto mean = value.getDefiningOp<ReduceOp>();
    return mean && mean.getKind() == ReduceKind::Mean && mean.getKeepdims()
               ? mean
               : nullptr;
  };
  auto squareOf = [](Value value) -> Value {
    auto mul = value.getDefiningOp<MulOp>();
    return mul && mul.getLhs() == mul.getRhs() ? mul.getLhs() : Value();
  };
  ReduceOp meanSquare = meanOf(op.getLhs());
  Value root = squareOf(op.getRhs());
  ReduceOp mean = root ? meanOf(root) : nullptr;
  Value x = meanSquare ? squareOf(meanSquare.getInput()) : Value();
  if (!x || !mean || mean.getInput() != x ||
      mean.getAxes() != meanSquare.getAxes())
    return failure();
  Value centred = SubOp::create(rewriter, op.getLoc(), x, mean.getResult());
  Value square = MulOp::create(rewriter, op.getLoc(), centred, centred);
  rewriter.replaceOpWithNewOp<ReduceOp>(op, ReduceKind::Mean, square,
                                        mean.getAxes(), /*keepdims=*/true);
  return success();
}

/// softmax(a) == softmax(a) -> true, in the guard of exporters against rows
/// without a score: nn.softmax is never NaN
static LogicalResult dropNaNGuard(CompareOp op, PatternRewriter &rewriter) {
  if (op.getKind() != CompareKind::Eq || op.getLhs() != op.getRhs() ||
      !throughShapes(op.getLhs()).getDefiningOp<SoftmaxOp>())
    return failure();
  auto type = cast<RankedTensorType>(op.getType());
  rewriter.replaceOpWithNewOp<ConstantOp>(op,
                                          DenseElementsAttr::get(type, true));
  return success();
}

/// max(a, 0) -> relu(a)
static LogicalResult makeRelu(MaxOp op, PatternRewriter &rewriter) {
  if (!isSplat(op.getRhs(), 0) || op.getLhs().getType() != op.getType())
    return failure();
  rewriter.replaceOpWithNewOp<UnaryOp>(op, UnaryKind::Relu, op.getLhs());
  return success();
}

/// max(a, -3.4e38), min(a, 3.4e38) -> a
template <class OpTy, int Sign>
static LogicalResult dropLimit(OpTy op, PatternRewriter &rewriter) {
  std::optional<double> limit = splatValue(op.getRhs());
  if (!limit || *limit * Sign < std::numeric_limits<float>::max() ||
      op.getLhs().getType() != op.getType() || !isFloat(op.getLhs()))
    return failure();
  rewriter.replaceOp(op, op.getLhs());
  return success();
}

/// not not a -> a
static LogicalResult dropDoubleNot(NotOp op, PatternRewriter &rewriter) {
  auto inner = op.getInput().getDefiningOp<NotOp>();
  if (!inner)
    return failure();
  rewriter.replaceOp(op, inner.getInput());
  return success();
}

/// not (a < b) -> a >= b, for integers
static LogicalResult complementComparison(NotOp op, PatternRewriter &rewriter) {
  auto compare = op.getInput().getDefiningOp<CompareOp>();
  if (!compare || isFloat(compare.getLhs()))
    return failure();
  auto opposite = [&]() -> std::optional<CompareKind> {
    switch (compare.getKind()) {
    case CompareKind::Lt:
      return CompareKind::Ge;
    case CompareKind::Le:
      return CompareKind::Gt;
    case CompareKind::Gt:
      return CompareKind::Le;
    case CompareKind::Ge:
      return CompareKind::Lt;
    case CompareKind::Eq:
      return std::nullopt;
    }
    return std::nullopt;
  }();
  if (!opposite)
    return failure();
  rewriter.replaceOpWithNewOp<CompareOp>(op, *opposite, compare.getLhs(),
                                         compare.getRhs());
  return success();
}

static LogicalResult simplifySelect(SelectOp op, PatternRewriter &rewriter) {
  // select(true, a, b) -> a
  if (std::optional<double> always = splatValue(op.getCondition())) {
    Value chosen = *always ? op.getLhs() : op.getRhs();
    if (chosen.getType() != op.getType())
      return failure();
    rewriter.replaceOp(op, chosen);
    return success();
  }
  // select(not c, a, b) -> select(c, b, a)
  if (auto negated = op.getCondition().getDefiningOp<NotOp>()) {
    rewriter.replaceOpWithNewOp<SelectOp>(op, negated.getInput(), op.getRhs(),
                                          op.getLhs());
    return success();
  }
  return failure();
}

namespace {
struct Normalize : secformer::nn::impl::NormalizeBase<Normalize> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add(multiplyByReciprocal);
    patterns.add(expandPower);
    patterns.add(simplifyUnary);
    patterns.add(makeMean);
    patterns.add(dropNeutral<AddOp, 0>);
    patterns.add(dropNeutral<SubOp, 0>);
    patterns.add(dropNeutral<MulOp, 1>);
    patterns.add(makeDifference);
    patterns.add(centreBeforeScaling);
    patterns.add(centreVariance);
    patterns.add(dropNaNGuard);
    patterns.add(makeRelu);
    patterns.add(dropLimit<MaxOp, -1>);
    patterns.add(dropLimit<MinOp, 1>);
    patterns.add(dropDoubleNot);
    patterns.add(complementComparison);
    patterns.add(simplifySelect);
    populateShapePatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
