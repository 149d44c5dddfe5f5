//===- Match.cpp - what the fusion passes look at -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "dialect/NN/Evaluator.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace secformer::nn;

/// Longer expressions are not looked into.
static constexpr unsigned maxDepth = 64;

bool secformer::nn::isElementwise(Operation *op) {
  return isa_and_nonnull<AddOp, SubOp, MulOp, DivOp, PowOp, MaxOp, MinOp, ModOp,
                         CompareOp, LogicalOp, NotOp, SelectOp, UnaryOp,
                         CastOp>(op);
}

bool secformer::nn::isRearrangement(Operation *op) {
  return isa_and_nonnull<ReshapeOp, BroadcastOp, TransposeOp, SliceOp>(op);
}

Value secformer::nn::throughShapes(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isRearrangement(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

DenseElementsAttr secformer::nn::constantElements(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
}

std::optional<double> secformer::nn::splatValue(Value value) {
  DenseElementsAttr elements = constantElements(throughShapes(value));
  if (!elements || !elements.isSplat())
    return std::nullopt;
  if (isa<FloatType>(elements.getElementType()))
    return elements.getSplatValue<APFloat>().convertToDouble();
  APInt integer = elements.getSplatValue<APInt>();
  return integer.getBitWidth() == 1 ? integer.getZExtValue()
                                    : integer.getSExtValue();
}

bool secformer::nn::isSplat(Value value, double expected) {
  std::optional<double> found = splatValue(value);
  return found && *found == expected;
}

Value secformer::nn::createScalar(OpBuilder &builder, Location location,
                                  double value, Value like) {
  Type element = tensorType(like).getElementType();
  Attribute attribute = isa<FloatType>(element)
                            ? Attribute(builder.getFloatAttr(element, value))
                            : builder.getIntegerAttr(element, int64_t(value));
  return ConstantOp::create(
      builder, location,
      DenseElementsAttr::get(RankedTensorType::get({}, element), attribute));
}

RankedTensorType secformer::nn::tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

std::optional<UnaryKind> secformer::nn::unaryKind(Operation *op) {
  if (auto unary = dyn_cast_or_null<UnaryOp>(op))
    return unary.getKind();
  return std::nullopt;
}

Value secformer::nn::unaryInput(Value value, UnaryKind kind) {
  auto unary = value.getDefiningOp<UnaryOp>();
  return unary && unary.getKind() == kind ? unary.getInput() : Value();
}

std::string secformer::nn::toText(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", number);
  return text;
}

void secformer::nn::eraseDeadOperations(func::FuncOp function) {
  for (Block &block : function.getBody())
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
}

//===----------------------------------------------------------------------===//
// ElementSampler
//===----------------------------------------------------------------------===//

void ElementSampler::bind(Value value, ArrayRef<float> samples) {
  assert((known.empty() || points == int64_t(samples.size())) &&
         "every value needs the same number of samples");
  points = samples.size();
  known[value] = Tensor::of<float>({points}, samples)
                     .cast(elementOf(tensorType(value).getElementType()));
}

/// The evaluator's select takes its shape from the IR, not from samples.
static Tensor select(ArrayRef<Tensor> operands) {
  auto build = [&](MutableArrayRef<float> out) {
    for (auto [i, sample] : llvm::enumerate(out))
      sample = operands[operands[0].at(i) ? 1 : 2].at(i);
  };
  return Tensor::build<float>(operands[0].getShape(), build)
      .cast(operands[1].getElement());
}

std::optional<Tensor> ElementSampler::evaluate(Value value, unsigned depth) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  auto compute = [&]() -> std::optional<Tensor> {
    if (std::optional<double> constant = splatValue(value))
      return Tensor::of<float>({points}, SmallVector<float>(points, *constant))
          .cast(elementOf(tensorType(value).getElementType()));
    Operation *op = value.getDefiningOp();
    if (everywhere && isRearrangement(op))
      return evaluate(op->getOperand(0), depth + 1);
    if (!isElementwise(op) || depth == maxDepth)
      return std::nullopt;
    SmallVector<Tensor> operands;
    for (Value operand : op->getOperands()) {
      std::optional<Tensor> samples = evaluate(operand, depth + 1);
      if (!samples)
        return std::nullopt;
      operands.push_back(*samples);
    }
    if (isa<SelectOp>(op))
      return select(operands);
    llvm::Expected<Tensor> result = secformer::nn::compute(op, operands);
    if (result)
      return *result;
    llvm::consumeError(result.takeError());
    return std::nullopt;
  };
  std::optional<Tensor> result = compute();
  known[value] = result;
  return result;
}

std::optional<SmallVector<double>> ElementSampler::sample(Value value) {
  std::optional<Tensor> samples = evaluate(value, 0);
  if (!samples)
    return std::nullopt;
  SmallVector<double> result;
  for (int64_t i = 0; i < points; ++i)
    result.push_back(samples->at(i));
  return result;
}
