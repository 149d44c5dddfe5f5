//===- ImportReductions.cpp - reductions over axes ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include <limits>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// From which opset on the axes of ReduceSum, and of all others, are an input.
constexpr int64_t sumAxesInput = 13;
constexpr int64_t otherAxesInput = 18;

/// The axes that the node reduces: an attribute before `opset`, an input from
/// then on, all axes if there are none. Nothing if the value stays as it is.
static std::optional<SmallVector<int64_t>>
axesOf(Node &node, int64_t rank, int64_t opset = otherAxesInput) {
  auto given = node.integersUntil(opset, "axes", 1);
  if (given && !given->empty())
    return node.axes(*given, rank);
  if (node.integer("noop_with_empty_axes", 0))
    return std::nullopt;
  return llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

static Value reduce(Node &node, ReduceKind kind, Value x,
                    int64_t opset = otherAxesInput) {
  auto axes = axesOf(node, rankOf(x), opset);
  return axes ? node.reduce(kind, x, *axes, node.integer("keepdims", 1)) : x;
}

static Results reduceSum(Node &node) {
  return {reduce(node, ReduceKind::Sum, node.input(0), sumAxesInput)};
}

template <ReduceKind kind> static Results reduceAxes(Node &node) {
  Value x = node.input(0);
  Element element = elementOf(x);
  if (element == Element::I1) // true is 1
    x = node.cast(x, Element::I32);
  return {node.cast(reduce(node, kind, x), element)};
}

static Value sumOf(Node &node, Value x) {
  return reduce(node, ReduceKind::Sum, x);
}

static Value sumOfSquares(Node &node) {
  Value x = node.input(0);
  return sumOf(node, node.build<MulOp>(x, x));
}

/// A function of floats; integers are converted there and back.
static Value onFloats(Node &node, UnaryKind kind, Value x) {
  Value y = node.unary(kind, node.cast(x, Element::F32));
  return node.cast(y, elementOf(x));
}

static Results reduceL1(Node &node) {
  return {sumOf(node, node.unary(UnaryKind::Abs, node.input(0)))};
}

static Results reduceL2(Node &node) {
  return {onFloats(node, UnaryKind::Sqrt, sumOfSquares(node))};
}

static Results reduceSumSquare(Node &node) { return {sumOfSquares(node)}; }

static Results reduceLogSum(Node &node) {
  return {onFloats(node, UnaryKind::Log, sumOf(node, node.input(0)))};
}

/// log(sum(exp(x - m))) + m for the maximum m, so that no power overflows.
static Results reduceLogSumExp(Node &node) {
  Element element = elementOf(node.input(0));
  Value x = node.cast(node.input(0), Element::F32);
  auto axes = axesOf(node, rankOf(x));
  if (!axes || node.hasFailed())
    return {node.input(0)};
  constexpr double most = std::numeric_limits<float>::max();
  Value m = node.reduce(ReduceKind::Max, x, *axes, /*keepdims=*/true);
  // Infinite ones would subtract to no number.
  m = node.build<MaxOp>(m, node.scalar(-most, m));
  m = node.build<MinOp>(m, node.scalar(most, m));
  Value powers = node.unary(UnaryKind::Exp, node.build<SubOp>(x, m));
  Value sum = node.reduce(ReduceKind::Sum, powers, *axes, /*keepdims=*/true);
  Value y = node.build<AddOp>(node.unary(UnaryKind::Log, sum), m);
  if (!node.integer("keepdims", 1)) {
    SmallVector<int64_t> shape;
    for (auto [axis, extent] : llvm::enumerate(shapeOf(x)))
      if (!llvm::is_contained(*axes, axis))
        shape.push_back(extent);
    y = node.reshape(y, shape);
  }
  return {node.cast(y, element)};
}

/// The first of equals or, from behind, the last.
static Results argmax(Node &node, Value x) {
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(x));
  bool keepdims = node.integer("keepdims", 1),
       last = node.integer("select_last_index", 0);
  if (node.hasFailed())
    return {};
  return {node.build<ArgmaxOp>(x, axis, keepdims, last)};
}

static Results argMax(Node &node) { return argmax(node, node.input(0)); }

/// Turned around without overflow: integers bit by bit.
static Results argMin(Node &node) {
  Value x = node.input(0);
  return argmax(node, elementOf(x) == Element::F32
                          ? node.unary(UnaryKind::Neg, x)
                          : node.build<NotOp>(x));
}

static Results cumSum(Node &node) {
  Value x = node.input(0);
  auto axis = node.integerInput(1, "axis");
  if (!axis)
    return {};
  return {node.build<CumsumOp>(x, node.axis(*axis, rankOf(x)),
                               node.integer("exclusive", 0) != 0,
                               node.integer("reverse", 0) != 0)};
}

ArrayRef<Operator> secformer::frontend::reductionOperators() {
  static const Operator table[] = {
      {"", "ReduceSum", 1, 1, reduceSum},
      {"", "ReduceMean", 1, 1, reduceAxes<ReduceKind::Mean>},
      {"", "ReduceMax", 1, 1, reduceAxes<ReduceKind::Max>},
      {"", "ReduceMin", 1, 1, reduceAxes<ReduceKind::Min>},
      {"", "ReduceProd", 1, 1, reduceAxes<ReduceKind::Prod>},
      {"", "ReduceL1", 1, 1, reduceL1},
      {"", "ReduceL2", 1, 1, reduceL2},
      {"", "ReduceSumSquare", 1, 1, reduceSumSquare},
      {"", "ReduceLogSum", 1, 1, reduceLogSum},
      {"", "ReduceLogSumExp", 1, 1, reduceLogSumExp},
      {"", "ArgMax", 1, 1, argMax,
       "of secrets closer than they err, either; secrets that are equal, as in "
       "ONNX"},
      {"", "ArgMin", 1, 1, argMin, "as ArgMax"},
      {"", "CumSum", 11, 2, cumSum, "known axis"},
  };
  return table;
}
