//===- NNOps.cpp - the nn dialect: constants, folding, verifiers ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/NNOps.h"
#include "dialect/NN/Evaluator.h"

using namespace mlir;
using namespace secformer::nn;

#include "dialect/NN/NNDialect.cpp.inc"
#include "dialect/NN/NNEnums.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/NN/NNOps.cpp.inc"

void NNDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/NN/NNOps.cpp.inc"
      >();
}

Operation *NNDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                          Type type, Location location) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, location, elements);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// More floats are weights, in all likelihood: they belong into the file.
static constexpr int64_t maxConstantFloats = 64;
/// Bound on constants that folding makes anew.
static constexpr int64_t maxFoldedElements = 1 << 20;

bool secformer::nn::fitsConstant(const Tensor &tensor) {
  if (tensor.getElement() != Element::F32 || tensor.size() <= maxConstantFloats)
    return true;
  auto values = tensor.values<float>();
  const float *other = llvm::find_if(
      values, [&](float value) { return value != values.front(); });
  return llvm::all_of(ArrayRef(other, values.end()), [&](float value) {
    return value == values.front() || value == *other;
  });
}

LogicalResult ConstantOp::verify() {
  auto elements = dyn_cast<DenseElementsAttr>(getValue());
  if (!elements)
    return emitOpError("expected a dense value");
  if (elements.isSplat() || !isa<FloatType>(elements.getElementType()) ||
      fitsConstant(Tensor::fromAttribute(elements)))
    return success();
  return emitOpError("expected at most ")
         << maxConstantFloats << " floats or two different ones, found "
         << elements.getType()
         << ": put them into the weight file and use nn.param";
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult secformer::nn::foldConstantOperands(Operation *op,
                                                 ArrayRef<Attribute> operands) {
  if (cast<ShapedType>(op->getResult(0).getType()).getNumElements() >
      maxFoldedElements)
    return {};
  SmallVector<Tensor> values;
  for (Attribute operand : operands) {
    auto elements = dyn_cast_or_null<DenseElementsAttr>(operand);
    if (!elements)
      return {};
    values.push_back(Tensor::fromAttribute(elements));
  }
  llvm::Expected<Tensor> result = compute(op, values);
  if (!result) {
    // The evaluator says it at the operation; a fold only declines.
    llvm::consumeError(result.takeError());
    return {};
  }
  if (!fitsConstant(*result))
    return {};
  return result->toAttribute(op->getContext());
}

//===----------------------------------------------------------------------===//
// Operations that name their result type
//===----------------------------------------------------------------------===//

LogicalResult ParamOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto weight =
      symbolTable.lookupNearestSymbolFrom<WeightOp>(*this, getWeightAttr());
  if (!weight)
    return emitOpError("expected an nn.weight of the name ")
           << getWeightAttr() << ", found none";
  if (weight.getType() != getType())
    return emitOpError("expected the type of the weight, ")
           << weight.getType() << ", found " << getType();
  return success();
}

/// The operand if the operation keeps its type.
template <class OpTy> static OpFoldResult foldIdentity(OpTy op) {
  return op.getInput().getType() == op.getType() ? op.getInput() : Value();
}

template <class OpTy> static LogicalResult verifySameElements(OpTy op) {
  if (op.getInput().getType().getElementType() == op.getType().getElementType())
    return success();
  return op.emitOpError("expected operand and result of one element type, "
                        "found ")
         << op.getInput().getType() << " and " << op.getType();
}

OpFoldResult CastOp::fold(FoldAdaptor) { return foldIdentity(*this); }

LogicalResult CastOp::verify() {
  if (getInput().getType().getShape() == getType().getShape())
    return success();
  return emitOpError("expected operand and result of one shape, found ")
         << getInput().getType() << " and " << getType();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) { return foldIdentity(*this); }

LogicalResult ReshapeOp::verify() {
  int64_t before = getInput().getType().getNumElements();
  int64_t after = getType().getNumElements();
  if (before != after)
    return emitOpError("expected a result of ")
           << before << " elements like the input, found " << getType()
           << " of " << after;
  return verifySameElements(*this);
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) { return foldIdentity(*this); }

LogicalResult BroadcastOp::verify() {
  Extents from = getInput().getType().getShape(), to = getType().getShape();
  auto shape = broadcastShapes(from, to);
  if (!shape || Extents(*shape) != to)
    return emitOpError("shape ")
           << toString(from) << " does not broadcast to " << toString(to);
  return verifySameElements(*this);
}
