//===- ImportNormalization.cpp - softmax and layer norms ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include <limits>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// Before opset 13 softmax works on all axes from `axis` on as if they were
/// one.
static std::pair<Value, int64_t> softmaxOperand(Node &node) {
  Value x = node.input(0);
  Extents shape = shapeOf(x);
  bool joins = node.opset() < 13;
  int64_t axis = node.axis(node.integer("axis", joins ? 1 : -1), rankOf(x));
  if (!joins || node.hasFailed())
    return {x, axis};
  int64_t joined = sizeOf(shape.drop_front(axis));
  if (joined == shape.back())
    return {x, rankOf(x) - 1};
  SmallVector<int64_t> outer(shape.take_front(axis));
  outer.push_back(joined);
  return {node.reshape(x, outer), axis};
}

static Results softmax(Node &node) {
  auto [x, axis] = softmaxOperand(node);
  return {node.reshape(
      node.build<SoftmaxOp>(x, /*mask=*/Value(), axis, APFloat(1.0f)),
      shapeOf(node.input(0)))};
}

/// Of the sum with a bias; the axes from `axis` on count as one.
static Results biasSoftmax(Node &node) {
  Value sum = node.build<AddOp>(node.input(0), node.input(1));
  int64_t axis = node.axis(node.integer("axis", 1), rankOf(sum));
  SmallVector<int64_t> outer(shapeOf(sum).take_front(axis));
  outer.push_back(sizeOf(shapeOf(sum).drop_front(axis)));
  // Mostly it is the last axis alone.
  Value rows = axis + 1 == rankOf(sum) ? sum : node.reshape(sum, outer);
  Value y = node.build<SoftmaxOp>(rows, /*mask=*/Value(), axis, APFloat(1.0f));
  return {node.reshape(y, shapeOf(sum))};
}

static Results logSoftmax(Node &node) {
  auto [x, axis] = softmaxOperand(node);
  return {
      node.reshape(node.build<LogSoftmaxOp>(x, axis), shapeOf(node.input(0)))};
}

/// 1 at the first largest element along the axis, 0 elsewhere.
static Results hardmax(Node &node) {
  auto [x, axis] = softmaxOperand(node);
  if (node.hasFailed())
    return {};
  Value largest = node.build<ArgmaxOp>(x, axis, /*keepdims=*/false);
  Value hot = node.build<OneHotOp>(largest, shapeOf(x)[axis], axis);
  return {node.reshape(hot, shapeOf(node.input(0)))};
}

namespace {
struct Normalization {
  Value gamma, beta; ///< may be null
  int64_t axis;
  float eps;
  bool rms;
};
} // namespace

/// The factor in the shape of the normalized axes; null if it varies along
/// others.
static Value fitFactor(Node &node, Value factor, Extents normalized) {
  Extents shape = shapeOf(factor);
  while (shape.size() > normalized.size() && shape.front() == 1)
    shape = shape.drop_front();
  auto broadcast = broadcastShapes(shape, normalized);
  if (!broadcast || Extents(*broadcast) != normalized)
    return {};
  return node.broadcast(node.reshape(factor, shape), normalized);
}

static Value normalize(Node &node, Value x, const Normalization &how) {
  Extents normalized =
      shapeOf(x).drop_front(std::min<size_t>(how.axis, rankOf(x)));
  APFloat eps(how.eps);
  Value gamma, beta;
  bool fits = true;
  if (how.gamma)
    fits &= bool(gamma = fitFactor(node, how.gamma, normalized));
  if (how.beta)
    fits &= bool(beta = fitFactor(node, how.beta, normalized));
  if (fits)
    return node.build<LayerNormOp>(x, gamma, beta, how.axis, eps, how.rms);
  Value y =
      node.build<LayerNormOp>(x, Value(), Value(), how.axis, eps, how.rms);
  if (how.gamma)
    y = node.build<MulOp>(y, how.gamma);
  return how.beta ? node.build<AddOp>(y, how.beta) : y;
}

/// Mean and reciprocal deviation over the axes from `axis` on; computed a
/// second time, for the rare model that uses them. Null for unused outputs.
static std::pair<Value, Value> statistics(Node &node, Value x, int output,
                                          const Normalization &how) {
  if (!node.hasOutput(output) && !node.hasOutput(output + 1))
    return {};
  auto axes = llvm::to_vector(llvm::seq<int64_t>(how.axis, rankOf(x)));
  Value mean;
  if (!how.rms) {
    mean = node.reduce(ReduceKind::Mean, x, axes, /*keepdims=*/true);
    x = node.build<SubOp>(x, mean);
  }
  Value variance = node.reduce(ReduceKind::Mean, node.build<MulOp>(x, x), axes,
                               /*keepdims=*/true);
  return {mean, node.unary(UnaryKind::Rsqrt, node.shift(variance, how.eps))};
}

/// x, gamma and, unless it is the RMS form, beta.
template <bool rms> static Results layerNorm(Node &node) {
  Value x = node.input(0);
  int64_t axis = node.axis(node.integer("axis", -1), rankOf(x));
  Normalization how{node.input(1), rms ? Value() : node.input(2), axis,
                    node.number("epsilon", 1e-5f), rms};
  auto [mean, deviation] = statistics(node, x, 1, how);
  Value y = normalize(node, x, how);
  if (rms) // Its second output is the deviation.
    return {y, deviation};
  return {y, mean, deviation};
}

/// x, skip, gamma, [beta,] bias: normalizes the sum. The fourth output is the
/// sum.
template <bool rms> static Results skipLayerNorm(Node &node) {
  Value sum = node.build<AddOp>(node.input(0), node.input(1));
  if (Value bias = node.input(rms ? 3 : 4))
    sum = node.build<AddOp>(sum, bias);
  Normalization how{node.input(2), rms ? Value() : node.input(3),
                    rankOf(sum) - 1,
                    node.number("epsilon", rms ? 1e-5f : 1e-12f), rms};
  auto [mean, deviation] = statistics(node, sum, 1, how);
  return {normalize(node, sum, how), mean, deviation, sum};
}

/// A list, one number a channel, in a shape that broadcasts to x.
static Value perChannel(Node &node, Value x, Value list) {
  SmallVector<int64_t> shape(std::max<int64_t>(rankOf(x) - 1, 1), 1);
  shape[0] = sizeOf(shapeOf(list));
  return node.reshape(list, shape);
}

static Value scaleChannels(Node &node, Value x, Value factor, Value offset) {
  return node.build<AddOp>(node.build<MulOp>(x, perChannel(node, x, factor)),
                           perChannel(node, x, offset));
}

/// Every group of channels of every batch normalized by itself.
static Value normalizeGroups(Node &node, Value x, int64_t groups) {
  Extents shape = shapeOf(x);
  if (node.hasFailed() || shape.size() < 2 || groups < 1 || shape[1] % groups) {
    if (!node.hasFailed())
      node.error() << "expected channels that " << groups
                   << " groups divide, found " << toString(shape);
    return {};
  }
  int64_t size = sizeOf(shape.drop_front(1)) / groups;
  Value rows = node.reshape(x, {shape[0], groups, size});
  Normalization how{{}, {}, 2, node.number("epsilon", 1e-5f), false};
  return node.reshape(normalize(node, rows, how), shape);
}

static Results instanceNorm(Node &node) {
  Value x = node.input(0);
  int64_t channels = rankOf(x) > 1 ? shapeOf(x)[1] : 0;
  return {scaleChannels(node, normalizeGroups(node, x, channels), node.input(1),
                        node.input(2))};
}

static Results groupNorm(Node &node) {
  Value x = node.input(0), scale = node.input(1), bias = node.input(2);
  int64_t groups = node.integer("num_groups", 0);
  Value y = normalizeGroups(node, x, groups);
  if (node.hasFailed())
    return {};
  // Before opset 21 factors belong to groups.
  int64_t channels = shapeOf(x)[1];
  for (Value *factor : {&scale, &bias})
    if (node.opset() < 21)
      *factor = node.reshape(node.broadcast(node.reshape(*factor, {groups, 1}),
                                            {groups, channels / groups}),
                             {channels});
  return {scaleChannels(node, y, scale, bias)};
}

/// Over the whole of a list of axes, without a learned factor.
static Results meanVarianceNorm(Node &node) {
  Value x = node.input(0);
  auto given = node.integers("axes").value_or(SmallVector<int64_t>{0, 2, 3});
  auto axes = node.axes(given, rankOf(x));
  Value centered = node.build<SubOp>(
      x, node.reduce(ReduceKind::Mean, x, axes, /*keepdims=*/true));
  Value variance =
      node.reduce(ReduceKind::Mean, node.build<MulOp>(centered, centered), axes,
                  /*keepdims=*/true);
  constexpr double eps = 1e-9;
  Value deviation = node.shift(node.unary(UnaryKind::Sqrt, variance), eps);
  return {node.build<DivOp>(centered, deviation)};
}

/// Rows of length 0 stay.
static Results lpNorm(Node &node) {
  Value x = node.input(0);
  int64_t axis = node.axis(node.integer("axis", -1), rankOf(x));
  int64_t p = node.integer("p", 2);
  if (p != 1 && p != 2)
    node.error() << "expected p = 1 or 2, found " << p;
  Value terms =
      p == 1 ? node.unary(UnaryKind::Abs, x) : node.build<MulOp>(x, x);
  Value length = node.reduce(ReduceKind::Sum, terms, {axis}, /*keepdims=*/true);
  if (p == 2)
    length = node.unary(UnaryKind::Sqrt, length);
  constexpr double least = std::numeric_limits<float>::min();
  return {node.build<DivOp>(
      x, node.build<MaxOp>(length, node.scalar(least, length)))};
}

/// new * (1 - momentum) + old * momentum
static Value running(Node &node, Value old, Value now) {
  double momentum = node.number("momentum", 0.9f);
  return node.build<AddOp>(node.scale(old, momentum),
                           node.scale(now, 1 - momentum));
}

static Results batchNorm(Node &node) {
  if (!node.integer("spatial", 1))
    node.error() << "expected spatial = 1, found 0, which is not supported";
  Value x = node.input(0), mean = node.input(3), variance = node.input(4);
  int64_t channels = rankOf(x) > 1 ? shapeOf(x)[1] : 1;
  for (Value each : {node.input(1), node.input(2), mean, variance})
    if (!node.hasFailed() && sizeOf(shapeOf(each)) != channels)
      node.error() << "expected one number for each of " << channels
                   << " channels, found shape " << toString(shapeOf(each));
  if (!rankOf(x))
    node.error() << "expected an input of rank 1 or more, found a number";
  if (node.hasFailed())
    return {};
  Results results(1);
  if (node.integer("training_mode", 0)) {
    auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(x)));
    axes.erase(axes.begin() + std::min<int64_t>(1, rankOf(x) - 1));
    Value now = node.reduce(ReduceKind::Mean, x, axes, /*keepdims=*/false);
    Value centered = node.build<SubOp>(x, perChannel(node, x, now));
    Value spread =
        node.reduce(ReduceKind::Mean, node.build<MulOp>(centered, centered),
                    axes, /*keepdims=*/false);
    results.append({running(node, mean, now), running(node, variance, spread)});
    mean = now;
    variance = spread;
  }
  Value deviation = node.unary(
      UnaryKind::Rsqrt, node.shift(variance, node.number("epsilon", 1e-5f)));
  Value factor = node.build<MulOp>(node.input(1), deviation);
  Value rest =
      node.build<SubOp>(node.input(2), node.build<MulOp>(mean, factor));
  results[0] = scaleChannels(node, x, factor, rest);
  return results;
}

ArrayRef<Operator> secformer::frontend::normalizationOperators() {
  static const Operator table[] = {
      {"", "Softmax", 1, 1, softmax},
      {"", "LogSoftmax", 1, 1, logSoftmax},
      {"com.microsoft", "BiasSoftmax", 1, 2, biasSoftmax},
      {"", "Hardmax", 1, 1, hardmax},
      {"", "LayerNormalization", 1, 2, layerNorm<false>,
       "below opset 17 as ONNX Runtime writes it"},
      {"", "SimplifiedLayerNormalization", 1, 2, layerNorm<true>},
      {"", "RMSNormalization", 23, 2, layerNorm<true>},
      {"com.microsoft", "SkipLayerNormalization", 1, 3, skipLayerNorm<false>},
      {"com.microsoft", "SkipSimplifiedLayerNormalization", 1, 3,
       skipLayerNorm<true>},
      {"", "BatchNormalization", 7, 5, batchNorm},
      {"", "InstanceNormalization", 6, 3, instanceNorm},
      {"", "GroupNormalization", 18, 3, groupNorm},
      {"", "MeanVarianceNormalization", 9, 1, meanVarianceNorm},
      {"", "LpNormalization", 1, 1, lpNorm},
  };
  return table;
}
