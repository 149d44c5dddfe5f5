//===- ImportLosses.cpp - losses of classifications -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// The mean or sum over all samples, or the losses themselves.
static Value combine(Node &node, Value losses, Value weights) {
  std::string how = node.text("reduction", "mean");
  if (how == "none")
    return losses;
  if (how != "mean" && how != "sum")
    node.error() << "expected reduction none, mean or sum, found '" << how
                 << "'";
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(losses)));
  Value sum = node.reduce(ReduceKind::Sum, losses, axes, /*keepdims=*/false);
  if (how == "sum")
    return sum;
  return node.build<DivOp>(
      sum, node.reduce(ReduceKind::Sum, weights, axes, /*keepdims=*/false));
}

/// Minus the weighted log-probability [batch, classes, ...] of the class that
/// the second operand [batch, ...] names.
static Value negativeLogLikelihood(Node &node, Value logs) {
  Value classes = node.cast(node.input(1), Element::I64);
  SmallVector<int64_t> shape(shapeOf(logs));
  bool isBatch = shape.size() >= 2;
  if (isBatch)
    shape.erase(shape.begin() + 1);
  if (node.hasFailed() || !isBatch || shapeOf(classes) != Extents(shape)) {
    if (!node.hasFailed())
      node.error() << "expected classes for " << toString(shapeOf(logs))
                   << " of shape " << toString(shape) << ", found "
                   << toString(shapeOf(classes));
    return {};
  }
  Value ignored;
  if (node.attribute("ignore_index")) {
    Value mark = node.scalar(double(node.integer("ignore_index", 0)), classes);
    ignored = node.compare(CompareKind::Eq, classes, mark);
    classes = node.select(ignored, node.scalar(0, classes), classes);
  }
  Value weights = node.broadcast(node.scalar(1, logs), shape);
  if (node.hasInput(2))
    weights = node.build<GatherOp>(node.input(2), classes, 0);
  if (ignored)
    weights = node.select(ignored, node.scalar(0, weights), weights);
  SmallVector<int64_t> column(shape);
  column.insert(column.begin() + 1, 1);
  Value chosen = node.reshape(
      node.gatherElements(logs, node.reshape(classes, column), 1), shape);
  Value losses = node.unary(UnaryKind::Neg, node.build<MulOp>(chosen, weights));
  return combine(node, losses, weights);
}

static Results nllLoss(Node &node) {
  return {negativeLogLikelihood(node, node.input(0))};
}

static Results crossEntropy(Node &node) {
  Value logs = node.build<LogSoftmaxOp>(node.input(0), int64_t(1));
  return {negativeLogLikelihood(node, logs), logs};
}

ArrayRef<Operator> secformer::frontend::lossOperators() {
  static const Operator table[] = {
      {"", "NegativeLogLikelihoodLoss", 12, 2, nllLoss},
      {"", "SoftmaxCrossEntropyLoss", 12, 2, crossEntropy},
  };
  return table;
}
