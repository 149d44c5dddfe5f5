//===- Ranges.cpp - range attributes --------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Ranges.h"

#include "dialect/NN/NNOps.h"
#include "llvm/ADT/SetVector.h"

#include <cmath>

using namespace mlir;
using namespace secformer::nn;

static Attribute toAttribute(Range range, MLIRContext *context) {
  return DenseF64ArrayAttr::get(context, {range.low, range.high});
}

static std::optional<Range> fromAttribute(Attribute attribute) {
  auto ends = dyn_cast_or_null<DenseF64ArrayAttr>(attribute);
  if (!ends || ends.size() != 2)
    return std::nullopt;
  return Range{ends[0], ends[1]};
}

static func::FuncOp functionOf(BlockArgument argument) {
  return cast<func::FuncOp>(argument.getOwner()->getParentOp());
}

Range secformer::nn::hull(Range a, Range b) {
  auto lower = [](double x, double y) {
    return x < y || std::isnan(x) ? x : y;
  };
  return {lower(a.low, b.low), -lower(-a.high, -b.high)};
}

Range secformer::nn::rangeOf(const Tensor &tensor) {
  if (tensor.size() == 0)
    return {};
  return visitElement(tensor.getElement(), [&](auto zero) -> Range {
    using T = decltype(zero);
    ArrayRef<T> values = tensor.values<T>();
    T low = values[0], high = low;
    for (T x : values) {
      if (x != x)
        return {std::nan(""), std::nan("")};
      low = std::min(low, x);
      high = std::max(high, x);
    }
    return {double(low), double(high)};
  });
}

std::optional<Range> secformer::nn::getRange(Operation *op,
                                             StringRef attribute) {
  return fromAttribute(op->getAttr(attribute));
}

void secformer::nn::setRange(Operation *op, Range range, StringRef attribute) {
  op->setAttr(attribute, toAttribute(range, op->getContext()));
}

bool secformer::nn::isInTheClear(Operation *op) {
  auto secrecy = op->getAttrOfType<StringAttr>(secrecyAttr);
  if (!secrecy || secrecy.getValue() != "public")
    return false;
  SetVector<Operation *> sources;
  sources.insert(op);
  for (size_t i = 0; i < sources.size(); ++i) {
    if (isa<ParamOp>(sources[i]))
      return false;
    for (Value operand : sources[i]->getOperands())
      if (Operation *source = operand.getDefiningOp())
        sources.insert(source);
  }
  return true;
}

std::optional<Range> secformer::nn::getRange(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return fromAttribute(
        functionOf(argument).getArgAttr(argument.getArgNumber(), rangeAttr));
  return getRange(value.getDefiningOp());
}

void secformer::nn::setRange(Value value, Range range) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    functionOf(argument).setArgAttr(argument.getArgNumber(), rangeAttr,
                                    toAttribute(range, value.getContext()));
  else
    setRange(value.getDefiningOp(), range);
}
