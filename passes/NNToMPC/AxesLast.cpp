//===- AxesLast.cpp - operations along inner axes -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The suites work along the last axis; others are brought there first. Only the
// order of elements changes, so ranges stay what they are.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Ranges.h"
#include "passes/NNToMPC/Lowering.h"

using namespace mlir;
using namespace secformer;
using nn::getRange;
using nn::setRange;

/// `op` rearranges a value of this range.
template <class Op>
static Value withRange(Op op, std::optional<nn::Range> range) {
  if (range)
    setRange(op.getOperation(), *range);
  return op.getResult();
}

/// The same operation along the last axis, between two transposes.
template <class Op, class Build>
static void transposeAround(Op op, Build build) {
  const int64_t rank = op.getType().getRank(), axis = op.getAxis();
  if (axis == rank - 1)
    return;
  SmallVector<int64_t> permutation, inverse(rank);
  for (int64_t i = 0; i < rank; ++i)
    if (i != axis)
      permutation.push_back(i);
  permutation.push_back(axis);
  for (int64_t i = 0; i < rank; ++i)
    inverse[permutation[i]] = i;

  OpBuilder builder(op);
  auto transposed = [&](Value value, ArrayRef<int64_t> order) {
    return withRange(
        nn::TransposeOp::create(builder, op.getLoc(), value, order),
        getRange(value));
  };
  Op inner =
      build(builder, transposed(op.getInput(), permutation),
            [&](Value mask) -> Value {
              auto type = cast<RankedTensorType>(mask.getType());
              SmallVector<int64_t> shape(rank - type.getRank(), 1);
              shape.append(type.getShape().begin(), type.getShape().end());
              Value full = nn::ReshapeOp::create(builder, op.getLoc(),
                                                 type.clone(shape), mask);
              return transposed(full, permutation);
            });
  inner->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  op.replaceAllUsesWith(transposed(inner.getResult(), inverse));
  op.erase();
}

/// Several normalized axes become one.
static void mergeAxes(nn::LayerNormOp op) {
  auto type = op.getType();
  const int64_t axis = op.getAxis();
  if (axis == type.getRank() - 1)
    return;
  OpBuilder builder(op);
  auto reshaped = [&](Value value, ArrayRef<int64_t> shape) -> Value {
    if (!value)
      return value;
    return withRange(
        nn::ReshapeOp::create(builder, op.getLoc(), type.clone(shape), value),
        getRange(value));
  };
  const int64_t width =
      ShapedType::getNumElements(type.getShape().drop_front(axis));
  SmallVector<int64_t> rows(type.getShape().take_front(axis));
  rows.push_back(width);
  auto inner = nn::LayerNormOp::create(
      builder, op.getLoc(), reshaped(op.getInput(), rows),
      reshaped(op.getGamma(), width), reshaped(op.getBeta(), width), axis,
      op.getEps(), op.getRms());
  inner->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  op.replaceAllUsesWith(reshaped(inner.getResult(), type.getShape()));
  op.erase();
}

void secformer::moveAxesLast(func::FuncOp function) {
  function.walk([](nn::SoftmaxOp op) {
    transposeAround(op, [&](OpBuilder &builder, Value input, auto fullRank) {
      return nn::SoftmaxOp::create(
          builder, op.getLoc(), input,
          op.getMask() ? fullRank(op.getMask()) : Value(),
          op.getType().getRank() - 1, op.getScale(), op.getQuadAttr());
    });
  });
  function.walk([](nn::LogSoftmaxOp op) {
    transposeAround(op, [&](OpBuilder &builder, Value input, auto) {
      return nn::LogSoftmaxOp::create(builder, op.getLoc(), input,
                                      op.getType().getRank() - 1);
    });
  });
  function.walk([](nn::LayerNormOp op) { mergeAxes(op); });
}
