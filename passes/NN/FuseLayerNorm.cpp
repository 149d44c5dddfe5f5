//===- FuseLayerNorm.cpp - LayerNorm and RMSNorm --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Starts at a reciprocal square root, checks what it is the root of, and
// gathers the factors it is multiplied with.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_FUSELAYERNORM
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

namespace {
/// mean(value * value) + eps over the axes from `axis` on.
struct MeanSquare {
  Value value;
  int64_t axis = 0;
  double eps = 0;
};

/// root * value [* gamma] [+ beta]
struct Normalized {
  Value result, gamma, beta;
};
} // namespace

static InFlightDiagnostic nearMiss(Operation *op) {
  return op->emitRemark("looks like LayerNorm but is not: ");
}

/// The mean that makes `value`; null if it is made otherwise.
static ReduceOp meanOp(Value value) {
  auto reduce = value.getDefiningOp<ReduceOp>();
  return reduce && reduce.getKind() == ReduceKind::Mean ? reduce : nullptr;
}

static std::optional<MeanSquare> matchMeanSquare(UnaryOp root) {
  MeanSquare found;
  Value mean = root.getInput();
  std::optional<double> eps = 0;
  if (auto sum = mean.getDefiningOp<AddOp>()) {
    eps = splatValue(sum.getRhs());
    mean = sum.getLhs();
  }
  ReduceOp reduce = meanOp(mean);
  if (!reduce)
    return std::nullopt;
  if (!eps || mean.getType() != root.getType()) {
    nearMiss(root) << "expected one constant eps added to the mean square, "
                      "found something else";
    return std::nullopt;
  }
  found.eps = *eps;
  auto square = reduce.getInput().getDefiningOp<MulOp>();
  if (!square || square.getLhs() != square.getRhs()) {
    nearMiss(root) << "expected the root of a mean of squares, found the mean "
                      "of "
                   << (square ? "a product of two different values"
                              : "something else");
    return std::nullopt;
  }
  found.value = square.getLhs();
  SmallVector<int64_t> axes(reduce.getAxes());
  llvm::sort(axes);
  found.axis = axes.empty() ? 0 : axes.front();
  const int64_t rank = tensorType(found.value).getRank();
  if (!llvm::equal(axes, llvm::seq(found.axis, rank))) {
    nearMiss(root)
        << "expected the mean square over the last axes, found axes [" << axes
        << "] of " << rank;
    return std::nullopt;
  }
  if (!reduce.getKeepdims()) {
    nearMiss(root) << "expected a mean square that keeps the axes it is over";
    return std::nullopt;
  }
  return found;
}

/// Is it a weight or a constant that broadcasts to the normalized axes?
static bool isVector(Value value, const MeanSquare &square) {
  Operation *source = throughShapes(value).getDefiningOp();
  if (!isa_and_nonnull<ParamOp, ConstantOp>(source))
    return false;
  ArrayRef<int64_t> shape = tensorType(value).getShape();
  ArrayRef<int64_t> normalized =
      tensorType(square.value).getShape().drop_front(square.axis);
  while (shape.size() > normalized.size() && shape.front() == 1)
    shape = shape.drop_front();
  auto both = broadcastShapes(shape, normalized);
  return both && ArrayRef<int64_t>(*both) == normalized;
}

/// The leaves of a small product, which `stop` is one of.
static void collectFactors(Value product, Value stop,
                           SmallVectorImpl<Value> &factors,
                           unsigned depth = 0) {
  auto mul = product.getDefiningOp<MulOp>();
  if (product == stop || !mul || depth == 3)
    return factors.push_back(product);
  collectFactors(mul.getLhs(), stop, factors, depth + 1);
  collectFactors(mul.getRhs(), stop, factors, depth + 1);
}

/// Follows the products with the root while their factors are the value and one
/// vector, then a sum with a vector.
static std::optional<Normalized> matchProduct(UnaryOp root, MulOp first,
                                              const MeanSquare &square) {
  Normalized found;
  bool hasValue = false;
  Value product = root.getResult();
  for (MulOp next = first; next;) {
    Value other = next.getLhs() == product ? next.getRhs() : next.getLhs();
    SmallVector<Value> factors;
    collectFactors(other, square.value, factors);
    Value gamma = found.gamma;
    bool value = hasValue, fits = true;
    for (Value factor : factors) {
      if (factor == square.value && !value)
        value = true;
      else if (isVector(factor, square) && !gamma)
        gamma = factor;
      else
        fits = false;
    }
    if (!fits)
      break;
    product = next.getResult();
    found.gamma = gamma;
    hasValue = value;
    next =
        product.hasOneUse() ? dyn_cast<MulOp>(*product.user_begin()) : nullptr;
  }
  if (!hasValue)
    return std::nullopt;
  found.result = product;
  if (product.hasOneUse())
    if (auto sum = dyn_cast<AddOp>(*product.user_begin())) {
      Value other = sum.getLhs() == product ? sum.getRhs() : sum.getLhs();
      if (isVector(other, square)) {
        found.beta = other;
        found.result = sum.getResult();
      }
    }
  return found;
}

/// The vector with exactly the shape of the normalized axes.
static Value shaped(OpBuilder &builder, Location location, Value vector,
                    const MeanSquare &square) {
  auto normalized = tensorType(square.value);
  normalized = normalized.clone(normalized.getShape().drop_front(square.axis));
  if (!vector || vector.getType() == normalized)
    return vector;
  RankedTensorType type = tensorType(vector);
  if (type.getNumElements() == normalized.getNumElements())
    return ReshapeOp::create(builder, location, normalized, vector);
  if (type.getRank() > normalized.getRank())
    vector = ReshapeOp::create(
        builder, location,
        type.clone(type.getShape().take_back(normalized.getRank())), vector);
  return BroadcastOp::create(builder, location, normalized, vector);
}

/// What is centred if \p value = x - mean(x) over the normalized axes.
static Value centredInput(UnaryOp root, const MeanSquare &square) {
  auto difference = square.value.getDefiningOp<SubOp>();
  ReduceOp mean = difference ? meanOp(difference.getRhs()) : nullptr;
  if (!mean)
    return {};
  if (mean.getInput() != difference.getLhs()) {
    nearMiss(root) << "expected the mean of what it is subtracted from, found "
                      "the mean of something else: it becomes RMSNorm of the "
                      "difference";
    return {};
  }
  SmallVector<int64_t> axes(mean.getAxes());
  llvm::sort(axes);
  const int64_t rank = tensorType(square.value).getRank();
  if (mean.getKeepdims() && llvm::equal(axes, llvm::seq(square.axis, rank)))
    return mean.getInput();
  nearMiss(root) << "expected the mean over the axes from " << square.axis
                 << " on like the variance, found axes [" << axes
                 << "]: it becomes RMSNorm of the difference";
  return {};
}

/// What the reciprocal root is used for instead.
static std::string describeUse(UnaryOp root) {
  if (root->use_empty())
    return "no use";
  Operation *user = *root->user_begin();
  auto mul = dyn_cast<MulOp>(user);
  if (!mul)
    return ("a use by " + user->getName().getStringRef()).str();
  Value factor = mul.getLhs() == root ? mul.getRhs() : mul.getLhs();
  Operation *source = factor.getDefiningOp();
  return "a product with " +
         (source ? "the result of " + source->getName().getStringRef().str()
                 : "an argument");
}

static void fuse(UnaryOp root) {
  std::optional<MeanSquare> square = matchMeanSquare(root);
  if (!square)
    return;
  std::optional<Normalized> found;
  for (Operation *user : root->getUsers())
    if (auto mul = dyn_cast<MulOp>(user); mul && !found)
      found = matchProduct(root, mul, *square);
  if (!found) {
    nearMiss(root) << "expected a product with the value whose squares are "
                      "averaged, found "
                   << describeUse(root);
    return;
  }
  Value centred = centredInput(root, *square);
  Operation *last = found->result.getDefiningOp();
  OpBuilder builder(last);
  Location location = last->getLoc();
  auto norm = LayerNormOp::create(
      builder, location, centred ? centred : square->value,
      shaped(builder, location, found->gamma, *square),
      shaped(builder, location, found->beta, *square), square->axis,
      APFloat(float(square->eps)), /*rms=*/!centred);
  found->result.replaceAllUsesWith(norm);
}

/// What is multiplied by constants.
static Value withoutFactors(Value value) {
  while (auto scaled = value.getDefiningOp<MulOp>()) {
    if (!splatValue(scaled.getRhs()))
      break;
    value = scaled.getLhs();
  }
  return value;
}

/// 1 / (sqrt(mean square) + eps) is not what LayerNorm multiplies by.
static void remarkOnOuterEps(UnaryOp reciprocal) {
  auto sum = reciprocal.getInput().getDefiningOp<AddOp>();
  std::optional<double> eps =
      sum ? splatValue(sum.getRhs()) : std::optional<double>();
  Value square =
      eps ? unaryInput(withoutFactors(sum.getLhs()), UnaryKind::Sqrt) : Value();
  if (square && withoutFactors(square).getDefiningOp<ReduceOp>())
    nearMiss(reciprocal) << "expected eps under the root, found "
                         << toText(*eps) << " added to the root";
}

namespace {
struct FuseLayerNorm : secformer::nn::impl::FuseLayerNormBase<FuseLayerNorm> {
  void runOnOperation() override {
    getOperation()->walk([](UnaryOp op) {
      if (op.getKind() == UnaryKind::Rsqrt)
        fuse(op);
      else if (op.getKind() == UnaryKind::Reciprocal)
        remarkOnOuterEps(op);
    });
    eraseDeadOperations(getOperation());
  }
};
} // namespace
