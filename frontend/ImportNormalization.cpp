//===- ImportNormalization.cpp - softmax and layer norms ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

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

/// x, gamma and, unless it is the RMS form, beta.
template <bool rms> static Results layerNorm(Node &node) {
  Value x = node.input(0);
  int64_t axis = node.axis(node.integer("axis", -1), rankOf(x));
  Value beta = rms ? Value() : node.input(2);
  return {normalize(
      node, x,
      {node.input(1), beta, axis, node.number("epsilon", 1e-5f), rms})};
}

/// x, skip, gamma, [beta,] bias: normalizes the sum. The fourth output is the
/// sum.
template <bool rms> static Results skipLayerNorm(Node &node) {
  Value sum = node.build<AddOp>(node.input(0), node.input(1));
  if (Value bias = node.input(rms ? 3 : 4))
    sum = node.build<AddOp>(sum, bias);
  Value beta = rms ? Value() : node.input(3);
  Value y = normalize(node, sum,
                      {node.input(2), beta, rankOf(sum) - 1,
                       node.number("epsilon", rms ? 1e-5f : 1e-12f), rms});
  return {y, Value(), Value(), sum};
}

static Results batchNorm(Node &node) {
  if (node.integer("training_mode", 0))
    node.error() << "expected a model for inference, found training_mode: "
                    "export the model in eval mode";
  if (!node.integer("spatial", 1))
    node.error() << "expected spatial = 1, found 0, which is not supported";
  Value x = node.input(0);
  SmallVector<int64_t> channels(std::max<int64_t>(rankOf(x) - 1, 1), 1);
  channels[0] = rankOf(x) > 1 ? shapeOf(x)[1] : 1;
  Value scale = node.input(1), offset = node.input(2), mean = node.input(3);
  for (Value each : {scale, offset, mean, node.input(4)})
    if (!node.hasFailed() && sizeOf(shapeOf(each)) != channels[0])
      node.error() << "expected one number for each of " << channels[0]
                   << " channels, found shape " << toString(shapeOf(each));
  Value eps = node.scalar(node.number("epsilon", 1e-5f), x);
  Value deviation =
      node.unary(UnaryKind::Rsqrt, node.build<AddOp>(node.input(4), eps));
  Value factor = node.build<MulOp>(scale, deviation);
  Value rest = node.build<SubOp>(offset, node.build<MulOp>(mean, factor));
  return {
      node.build<AddOp>(node.build<MulOp>(x, node.reshape(factor, channels)),
                        node.reshape(rest, channels))};
}

ArrayRef<Operator> secformer::frontend::normalizationOperators() {
  static const Operator table[] = {
      {"", "Softmax", 1, 1, softmax},
      {"", "LogSoftmax", 1, 1, logSoftmax},
      {"com.microsoft", "BiasSoftmax", 1, 2, biasSoftmax},
      {"", "LayerNormalization", 1, 2, layerNorm<false>,
       "first output only; below opset 17 as ONNX Runtime writes it"},
      {"", "SimplifiedLayerNormalization", 1, 2, layerNorm<true>,
       "first output only"},
      {"", "RMSNormalization", 23, 2, layerNorm<true>},
      {"com.microsoft", "SkipLayerNormalization", 1, 3, skipLayerNorm<false>,
       "outputs 1 and 4"},
      {"com.microsoft", "SkipSimplifiedLayerNormalization", 1, 3,
       skipLayerNorm<true>, "outputs 1 and 4"},
      {"", "BatchNormalization", 7, 5, batchNorm, "inference only"},
  };
  return table;
}
