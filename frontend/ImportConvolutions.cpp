//===- ImportConvolutions.cpp - convolutions and their transposes ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "frontend/Operators.h"
#include "frontend/Window.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// False, after an error, unless there is an input and a kernel of one rank
/// with spatial axes.
static bool hasSpatialAxes(Node &node) {
  Extents x = shapeOf(node.input(0)), kernel = shapeOf(node.input(1));
  if (!node.hasFailed() && (x.size() < 3 || kernel.size() != x.size()))
    node.error() << "expected an input and a kernel of one rank, 3 or more, "
                    "found "
                 << toString(x) << " and " << toString(kernel);
  return !node.hasFailed();
}

/// Adds the third operand, one number a channel, if there is one.
static Value addBias(Node &node, Value y) {
  if (!node.hasInput(2) || node.hasFailed())
    return y;
  SmallVector<int64_t> channels(rankOf(y) - 1, 1);
  channels[0] = sizeOf(shapeOf(node.input(2)));
  return node.build<AddOp>(y, node.reshape(node.input(2), channels));
}

static Results conv(Node &node) {
  if (!hasSpatialAxes(node))
    return {};
  Value x = node.input(0), kernel = node.input(1);
  auto window =
      windowOf(node, shapeOf(x).drop_front(2), shapeOf(kernel).drop_front(2));
  if (!window)
    return {};
  Value y =
      node.build<ConvOp>(x, kernel, window->strides, window->low, window->high,
                         window->dilations, node.integer("group", 1));
  return {addBias(node, y)};
}

/// A convolution plus what has its shape (operand 3), and an activation.
static Results fusedConv(Node &node) {
  Results y = conv(node);
  if (y.empty())
    return {};
  Value sum = y.front();
  if (node.hasInput(3))
    sum = node.build<AddOp>(sum, node.input(3));
  return {fusedActivation(node, sum)};
}

//===----------------------------------------------------------------------===//
// Transposed
//===----------------------------------------------------------------------===//

/// The pads that the attributes mean, given the extents of the input: they may
/// ask for an extent of the result instead.
static bool resolvePads(Node &node, Window &window, Extents input,
                        Extents extra) {
  std::string mode = autoPad(node);
  bool same = StringRef(mode).starts_with("SAME");
  auto shape = node.integers("output_shape");
  if (!same && !shape)
    return !node.hasFailed();
  // Some exporters write the batch and the channels as well.
  if (shape && shape->size() == input.size() + 2)
    shape->erase(shape->begin(), shape->begin() + 2);
  if (shape &&
      (shape->size() != input.size() || !llvm::all_of(*shape, isCount)))
    node.error() << "expected an output_shape of " << input.size()
                 << " extents from 0 to " << maxElements << ", found "
                 << toString(*shape);
  if (node.hasFailed())
    return false;
  for (size_t i = 0; i < input.size(); ++i) {
    int64_t stride = window.strides[i];
    int64_t target = shape ? (*shape)[i] : input[i] * stride;
    int64_t total =
        stride * (input[i] - 1) + extra[i] + window.reach(i) - target;
    int64_t half = total / 2;
    window.low[i] = mode == "SAME_UPPER" ? half : total - half;
    window.high[i] = total - window.low[i];
  }
  return true;
}

/// The value with stride - 1 zeros between neighbours along an axis.
static Value spread(Node &node, Value x, int64_t axis, int64_t stride) {
  if (stride == 1 || node.hasFailed())
    return x;
  SmallVector<int64_t> split(shapeOf(x));
  int64_t extent = split[axis];
  split.insert(split.begin() + axis + 1, 1);
  SmallVector<int64_t> low(split.size(), 0), high(split.size(), 0);
  high[axis + 1] = stride - 1;
  Value apart =
      node.build<PadOp>(node.reshape(x, split), low, high, APFloat(0.0));
  SmallVector<int64_t> joined(shapeOf(x));
  joined[axis] = extent * stride;
  return node.sliceAlong(node.reshape(apart, joined), axis, 0,
                         (extent - 1) * stride + 1);
}

/// Zeros at both ends of an axis, or elements cut off where that is negative.
static Value padOrCut(Node &node, Value x, int64_t axis, int64_t low,
                      int64_t high) {
  if (node.hasFailed())
    return x;
  int64_t cutLow = std::max<int64_t>(0, -low);
  int64_t cutHigh = std::max<int64_t>(0, -high);
  if (cutLow || cutHigh)
    x = node.sliceAlong(x, axis, cutLow, shapeOf(x)[axis] - cutLow - cutHigh);
  if (node.hasFailed() || (low <= 0 && high <= 0))
    return x;
  SmallVector<int64_t> before(rankOf(x), 0), after(rankOf(x), 0);
  before[axis] = std::max<int64_t>(0, low);
  after[axis] = std::max<int64_t>(0, high);
  return node.build<PadOp>(x, before, after, APFloat(0.0));
}

/// The kernel [channels, features / groups, window...] as that of the
/// convolution: [features, channels / groups, window...], windows backwards.
static Value turnKernel(Node &node, Value kernel, int64_t groups) {
  SmallVector<int64_t> shape(shapeOf(kernel));
  int64_t channels = shape[0], features = shape[1];
  if (groups < 1 || groups > channels || channels % groups) {
    node.error() << "expected groups that divide " << channels
                 << " channels, found " << groups;
    return {};
  }
  shape[0] = groups;
  shape.insert(shape.begin() + 1, channels / groups);
  Value turned = node.moveAxis(node.reshape(kernel, shape), 2, 1);
  shape.erase(shape.begin());
  shape[0] = groups * features;
  shape[1] = channels / groups;
  turned = node.reshape(turned, shape);
  for (int64_t axis = 2; axis < int64_t(shape.size()); ++axis)
    turned = node.sliceAlong(turned, axis, shape[axis] - 1, shape[axis],
                             /*stride=*/-1);
  return turned;
}

/// A convolution of the input with zeros between its elements.
static Results convTranspose(Node &node) {
  if (!hasSpatialAxes(node))
    return {};
  Value x = node.input(0), kernel = node.input(1);
  int64_t spatial = rankOf(x) - 2;
  SmallVector<int64_t> input(shapeOf(x).drop_front(2)), ones(spatial, 1);
  auto window = plainWindowOf(node, input, shapeOf(kernel).drop_front(2));
  auto extra = node.integers("output_padding")
                   .value_or(SmallVector<int64_t>(spatial, 0));
  if (!window || int64_t(extra.size()) != spatial ||
      !llvm::all_of(extra, isWindow) ||
      !resolvePads(node, *window, input, extra)) {
    if (!node.hasFailed())
      node.error() << "expected " << spatial << " output_padding from 0 to "
                   << maxWindow << ", found " << toString(extra);
    return {};
  }
  for (int64_t i = 0; i < spatial; ++i) {
    int64_t rim = window->reach(i) - 1;
    x = padOrCut(node, spread(node, x, i + 2, window->strides[i]), i + 2,
                 rim - window->low[i], rim - window->high[i] + extra[i]);
  }
  int64_t groups = node.integer("group", 1);
  SmallVector<int64_t> zeros(spatial, 0);
  Value y = node.build<ConvOp>(x, turnKernel(node, kernel, groups), ones, zeros,
                               zeros, window->dilations, groups);
  return {addBias(node, y)};
}

ArrayRef<Operator> secformer::frontend::convolutionOperators() {
  static const Operator table[] = {
      {"", "Conv", 1, 2, conv},
      {"com.microsoft", "FusedConv", 1, 2, fusedConv},
      {"", "ConvTranspose", 1, 2, convTranspose},
  };
  return table;
}
