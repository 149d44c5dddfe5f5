//===- FoldingBudget.cpp - how much is computed to import a model ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/FoldingBudget.h"

#include "dialect/NN/Limits.h"
#include "dialect/NN/NNOps.h"
#include "dialect/NN/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

/// More for each byte of the file: a weight may be dequantized, transposed and
/// multiplied.
static constexpr uint64_t bytesPerByte = 64;
static constexpr uint64_t operationsPerByte = 256;
/// An exponential or a comparison while sorting takes as long as so many sums.
static constexpr uint64_t slowOperation = 8;

static nn::Extents shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// Loops also walk extents beside one of 0.
static uint64_t stepsOf(Value value) {
  return nn::nominalSize(shapeOf(value)).value_or(nn::maxElements);
}

static uint64_t bytesOf(Value value) {
  return stepsOf(value) *
         nn::elementSize(nn::elementOf(getElementTypeOrSelf(value)));
}

/// What every element of the result takes.
static uint64_t operationsPerElement(Operation *op) {
  return llvm::TypeSwitch<Operation *, uint64_t>(op)
      .Case<nn::MatmulOp>([](nn::MatmulOp matmul) {
        return uint64_t(shapeOf(matmul.getLhs()).back());
      })
      .Case<nn::ConvOp>([](nn::ConvOp conv) {
        nn::Extents kernel = shapeOf(conv.getKernel());
        return uint64_t(
            nn::nominalSize(kernel.drop_front()).value_or(nn::maxElements));
      })
      .Case<nn::UnaryOp, nn::PowOp, nn::SoftmaxOp, nn::LogSoftmaxOp>(
          [](auto) { return slowOperation; })
      .Default(uint64_t(1));
}

FoldingCost secformer::frontend::costOf(Operation *op) {
  Value result = op->getResult(0);
  FoldingCost cost{
      bytesOf(result),
      llvm::SaturatingMultiply(stepsOf(result), operationsPerElement(op) + 1)};
  for (Value operand : op->getOperands())
    cost.operations = llvm::SaturatingAdd(cost.operations, stepsOf(operand));
  if (isa<nn::TopIdsOp>(op))
    cost.operations = llvm::SaturatingMultiply(cost.operations, slowOperation);
  // The windows of an image are laid out as a matrix.
  if (isa<nn::ConvOp>(op)) {
    uint64_t places = nn::sizeOf(shapeOf(result).drop_front(2));
    cost.bytes = llvm::SaturatingMultiplyAdd(
        llvm::SaturatingMultiply(places, operationsPerElement(op)),
        uint64_t(sizeof(float)), cost.bytes);
  }
  return cost;
}

void FoldingBudget::grow(uint64_t bytes) {
  most.bytes = llvm::SaturatingMultiplyAdd(bytes, bytesPerByte, most.bytes);
  most.operations =
      llvm::SaturatingMultiplyAdd(bytes, operationsPerByte, most.operations);
}

std::string FoldingBudget::spend(const FoldingCost &cost) {
  auto beyond = [](uint64_t most, uint64_t found, const char *what) {
    return "expected at most " + std::to_string(most) + " " + what +
           " while constants are folded (more for a larger file), found " +
           std::to_string(found) + ": make the value an input of the model";
  };
  spent.bytes = llvm::SaturatingAdd(spent.bytes, cost.bytes);
  spent.operations = llvm::SaturatingAdd(spent.operations, cost.operations);
  if (spent.bytes > most.bytes)
    return beyond(most.bytes, spent.bytes, "bytes of values");
  if (spent.operations > most.operations)
    return beyond(most.operations, spent.operations, "operations on elements");
  return "";
}
