//===- ImportReductions.cpp - reductions over axes ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// Reduces \p x over the node's axes: an attribute before `opset`, an input
/// from then on, all axes if there are none.
static Value reduce(Node &node, int64_t opset, ReduceKind kind, Value x) {
  auto given = node.integersUntil(opset, "axes", 1);
  if ((!given || given->empty()) && node.integer("noop_with_empty_axes", 0))
    return x;
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(x)));
  if (given && !given->empty())
    axes = node.axes(*given, rankOf(x));
  return node.build<ReduceOp>(kind, x, axes, node.integer("keepdims", 1) != 0);
}

/// From which opset on the axes of ReduceSum, and of all others, are an input.
constexpr int64_t sumAxesInput = 13;
constexpr int64_t otherAxesInput = 18;

static Results reduceSum(Node &node) {
  return {reduce(node, sumAxesInput, ReduceKind::Sum, node.input(0))};
}

template <ReduceKind kind> static Results reduceAxes(Node &node) {
  return {reduce(node, otherAxesInput, kind, node.input(0))};
}

static Value sumOf(Node &node, Value x) {
  return reduce(node, otherAxesInput, ReduceKind::Sum, x);
}

static Value sumOfSquares(Node &node) {
  Value x = node.input(0);
  return sumOf(node, node.build<MulOp>(x, x));
}

static Results reduceL1(Node &node) {
  return {sumOf(node, node.unary(UnaryKind::Abs, node.input(0)))};
}

static Results reduceL2(Node &node) {
  return {node.unary(UnaryKind::Sqrt, sumOfSquares(node))};
}

static Results reduceSumSquare(Node &node) { return {sumOfSquares(node)}; }

static Results reduceLogSum(Node &node) {
  return {node.unary(UnaryKind::Log, sumOf(node, node.input(0)))};
}

static Results reduceLogSumExp(Node &node) {
  Value powers = node.unary(UnaryKind::Exp, node.input(0));
  return {node.unary(UnaryKind::Log, sumOf(node, powers))};
}

static Results globalAveragePool(Node &node) {
  Value x = node.input(0);
  auto axes =
      llvm::to_vector(llvm::seq<int64_t>(2, std::max<int64_t>(2, rankOf(x))));
  return {node.build<ReduceOp>(ReduceKind::Mean, x, axes, /*keepdims=*/true)};
}

static Results argmax(Node &node, Value x) {
  if (node.integer("select_last_index", 0))
    node.error() << "expected select_last_index = 0, found 1, which is not "
                    "supported";
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(x));
  return {node.build<ArgmaxOp>(x, axis, node.integer("keepdims", 1) != 0)};
}

static Results argMax(Node &node) { return argmax(node, node.input(0)); }

static Results argMin(Node &node) {
  return argmax(node, node.unary(UnaryKind::Neg, node.input(0)));
}

static Results cumSum(Node &node) {
  Value x = node.input(0);
  auto axis = node.numberInput(1, "axis");
  if (!axis)
    return {};
  return {node.build<CumsumOp>(x, node.axis(int64_t(*axis), rankOf(x)),
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
      {"", "GlobalAveragePool", 1, 1, globalAveragePool},
      {"", "ArgMax", 1, 1, argMax, "the first of equals"},
      {"", "ArgMin", 1, 1, argMin, "the first of equals"},
      {"", "CumSum", 11, 2, cumSum, "known axis"},
  };
  return table;
}
