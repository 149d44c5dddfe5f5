//===- FuseGelu.cpp - GELU and its relatives ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Compares what the expression around a rare operation computes with the
// functions it could be.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace secformer::nn {
#define GEN_PASS_DEF_FUSEGELU
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

namespace {
struct Target {
  UnaryKind kind;
  const char *formula;
  double (*function)(double);
};

struct Mismatch {
  double relative = 0;                   ///< largest |found - expected| / |x|
  double x = 0, expected = 0, found = 0; ///< there
};

/// An expression `result` of `argument` that is nearly the target.
struct NearMiss {
  Value argument, result;
  const Target *target = nullptr;
  Mismatch mismatch;
};
} // namespace

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

static const Target gelu = {
    UnaryKind::Gelu, "x/2 (1 + erf(x/sqrt 2))",
    [](double x) { return x / 2 * (1 + std::erf(x * M_SQRT1_2)); }};
static const Target geluTanh = {
    UnaryKind::GeluTanh, "x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))",
    [](double x) {
      double u = std::sqrt(M_2_PI) * (x + 0.044715 * x * x * x);
      return x / 2 * (1 + std::tanh(u));
    }};
static const Target quickGelu = {
    UnaryKind::QuickGelu, "x sigmoid(1.702 x)",
    [](double x) { return x * sigmoid(1.702 * x); }};
static const Target silu = {UnaryKind::Silu, "x sigmoid(x)",
                            [](double x) { return x * sigmoid(x); }};
static const Target logistic = {UnaryKind::Sigmoid, "1 / (1 + exp(-x))",
                                sigmoid};

/// What an expression with this operation in it may be.
static SmallVector<const Target *> targetsOf(Operation *root) {
  switch (unaryKind(root).value_or(UnaryKind::Neg)) {
  case UnaryKind::Erf:
    return {&gelu};
  case UnaryKind::Tanh:
    return {&geluTanh};
  case UnaryKind::Sigmoid:
    return {&quickGelu, &silu};
  case UnaryKind::Exp:
    return {&logistic};
  default:
    return {};
  }
}

/// Differences up to this share of |x| are constants with few digits.
static constexpr double tolerance = 2e-3;
/// Differences up to this share of |x| deserve a remark.
static constexpr double nearness = 0.1;
/// At most so many operations before the root and after it.
static constexpr unsigned maxOperations = 16;

static ArrayRef<float> points() {
  static const std::vector<float> all = [] {
    std::vector<float> points;
    for (int i = -33; i <= 33; ++i)
      points.push_back(i / 4.0f + 0.06f);
    return points;
  }();
  return all;
}

static Mismatch compare(ArrayRef<double> found, const Target &target) {
  Mismatch worst;
  for (auto [x, y] : llvm::zip_equal(points(), found)) {
    double expected = target.function(x);
    double relative = std::abs(y - expected) / std::abs(x);
    if (!(relative <= worst.relative))
      worst = {relative, x, expected, y};
  }
  return worst;
}

/// The values that the operand of the root may be an expression of.
static SetVector<Value> possibleArguments(Operation *root) {
  SetVector<Value> values;
  values.insert(root->getOperand(0));
  for (unsigned i = 0; i < values.size() && i < maxOperations; ++i)
    if (Operation *op = values[i].getDefiningOp(); isElementwise(op))
      for (Value operand : op->getOperands())
        if (!splatValue(operand))
          values.insert(operand);
  return values;
}

/// The values that are expressions of the root's result.
static SetVector<Value> possibleResults(Operation *root) {
  SetVector<Value> values;
  values.insert(root->getResult(0));
  for (unsigned i = 0; i < values.size() && i < maxOperations; ++i)
    for (Operation *user : values[i].getUsers())
      if (isElementwise(user))
        values.insert(user->getResult(0));
  values.remove(root->getResult(0));
  return values;
}

/// The constants between an expression and its argument.
static std::string constantsBetween(Value argument, Value result) {
  SetVector<Value> seen;
  seen.insert(result);
  std::string text;
  for (unsigned i = 0; i < seen.size(); ++i) {
    if (std::optional<double> constant = splatValue(seen[i]))
      text += (text.empty() ? "" : ", ") + toText(*constant);
    else if (seen[i] != argument && isElementwise(seen[i].getDefiningOp()))
      seen.insert_range(seen[i].getDefiningOp()->getOperands());
  }
  return text;
}

static void remarkOn(Operation *root, const NearMiss &near) {
  root->emitRemark("looks like ")
      << stringifyUnaryKind(near.target->kind) << " but is not: expected "
      << near.target->formula << ", which is " << toText(near.mismatch.expected)
      << " at x = " << toText(near.mismatch.x) << ", found "
      << toText(near.mismatch.found)
      << "; constants found: " << constantsBetween(near.argument, near.result);
}

/// Replaces the uses of the expression around the root; the new operation, or
/// null.
static Operation *fuse(Operation *root) {
  SmallVector<const Target *> targets = targetsOf(root);
  if (targets.empty())
    return nullptr;
  NearMiss nearest;
  nearest.mismatch.relative = nearness;
  for (Value argument : possibleArguments(root)) {
    ElementSampler sampler;
    sampler.bind(argument, points());
    for (Value result : possibleResults(root)) {
      if (result.getType() != argument.getType())
        continue;
      auto samples = sampler.sample(result);
      if (!samples)
        continue;
      for (const Target *target : targets) {
        Mismatch mismatch = compare(*samples, *target);
        if (mismatch.relative <= tolerance) {
          Operation *op = result.getDefiningOp();
          OpBuilder builder(op);
          auto fused =
              UnaryOp::create(builder, op->getLoc(), target->kind, argument);
          result.replaceAllUsesWith(fused);
          return fused;
        }
        if (mismatch.relative < nearest.mismatch.relative)
          nearest = {argument, result, target, mismatch};
      }
    }
  }
  if (nearest.target)
    remarkOn(root, nearest);
  return nullptr;
}

namespace {
struct FuseGelu : secformer::nn::impl::FuseGeluBase<FuseGelu> {
  void runOnOperation() override {
    SmallVector<Operation *> roots;
    getOperation()->walk([&](UnaryOp op) { roots.push_back(op); });
    // What was recognized may be part of something larger.
    for (unsigned i = 0; i < roots.size(); ++i)
      if (Operation *fused = fuse(roots[i]))
        roots.push_back(fused);
    eraseDeadOperations(getOperation());
  }
};
} // namespace
