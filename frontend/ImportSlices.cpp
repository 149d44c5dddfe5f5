//===- ImportSlices.cpp - parts of tensors --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "frontend/Operators.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

static Results concat(Node &node) {
  SmallVector<Value> inputs;
  for (int i = 0; i < node.inputCount(); ++i)
    inputs.push_back(node.requiredInput(i));
  if (node.hasFailed())
    return {};
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(inputs[0]));
  return {node.build<ConcatOp>(inputs, axis)};
}

/// Extents of the parts along an axis: given, or as equal as can be.
static SmallVector<int64_t> splitSizes(Node &node, int64_t extent) {
  if (auto given = node.integersUntil(13, "split", 1))
    return *given;
  int64_t count = node.integer("num_outputs", node.outputCount());
  if (count != node.outputCount())
    return {};
  int64_t size = (extent + count - 1) / count;
  SmallVector<int64_t> sizes(count, size);
  sizes.back() = extent - size * (count - 1);
  return sizes;
}

static Results split(Node &node) {
  Value x = node.input(0);
  Extents shape = shapeOf(x);
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(x));
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> parts = splitSizes(node, shape[axis]);
  int64_t total = 0;
  bool valid = int64_t(parts.size()) == node.outputCount();
  for (int64_t part : parts) {
    valid = valid && isCount(part) && total <= shape[axis];
    total += valid ? part : 0;
  }
  if (!valid || total != shape[axis]) {
    if (!node.hasFailed())
      node.error() << "cannot split extent " << shape[axis] << " of axis "
                   << axis << " into " << node.outputCount()
                   << " outputs of sizes " << toString(parts);
    return {};
  }
  Results results;
  SmallVector<int64_t> starts(shape.size(), 0), sizes(shape);
  for (int64_t part : parts) {
    sizes[axis] = part;
    results.push_back(node.slice(x, starts, sizes));
    starts[axis] += part;
  }
  return results;
}

/// Start and size along one axis of `extent`, by ONNX's (and Python's) rules.
static std::pair<int64_t, int64_t> clampSlice(int64_t start, int64_t end,
                                              int64_t step, int64_t extent) {
  auto clamp = [&](int64_t at) {
    at += at < 0 ? extent : 0;
    return step > 0 ? std::clamp<int64_t>(at, 0, extent)
                    : std::clamp<int64_t>(at, -1, extent - 1);
  };
  // Longer steps take one element as well, and can be turned around.
  step = std::clamp(step, -maxElements, maxElements);
  // INT_MIN as an end means "past the first element"; adding is safe for it.
  int64_t first = clamp(start), last = clamp(end);
  int64_t span = step > 0 ? last - first : first - last;
  int64_t stride = step > 0 ? step : -step;
  return {first, span > 0 ? (span - 1) / stride + 1 : 0};
}

static Results slice(Node &node) {
  Value x = node.input(0);
  Extents shape = shapeOf(x);
  auto list = [&](StringRef name, int i) {
    return node.integersUntil(10, name, i);
  };
  auto starts = list("starts", 1), ends = list("ends", 2);
  auto axes = list("axes", 3);
  auto steps = node.opset() < 10 ? std::nullopt : list("steps", 4);
  if (node.hasFailed())
    return {};
  size_t count = starts ? starts->size() : 0;
  auto fits = [&](auto &given) { return given && given->size() == count; };
  if (!axes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, count));
  if (!steps)
    steps = SmallVector<int64_t>(count, 1);
  if (!starts || !fits(ends) || !fits(axes) || !fits(steps) ||
      llvm::is_contained(*steps, 0)) {
    node.error() << "expected as many ends, axes and steps (other than 0) as "
                    "starts";
    return {};
  }
  axes = node.axes(*axes, rankOf(x));
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> from(shape.size(), 0), sizes(shape);
  SmallVector<int64_t> strides(shape.size(), 1);
  for (auto [i, axis] : llvm::enumerate(*axes)) {
    strides[axis] = std::clamp((*steps)[i], -maxElements, maxElements);
    std::tie(from[axis], sizes[axis]) =
        clampSlice((*starts)[i], (*ends)[i], (*steps)[i], shape[axis]);
  }
  if (Extents(sizes) == shape &&
      llvm::all_of(strides, [](int64_t stride) { return stride == 1; }))
    return {x};
  return {node.build<SliceOp>(x, from, sizes, strides)};
}

/// Zeros, or another constant, where the pads are positive.
static Value padConstant(Node &node, Value x, Extents low, Extents high) {
  double value = 0;
  if (node.opset() < 11)
    value = node.number("value", 0);
  else if (node.hasInput(2))
    value = node.numberInput(2, "constant_value").value_or(0);
  return node.build<PadOp>(x, low, high, APFloat(value));
}

/// Which element of an axis of `extent` stands at `at`, beyond its ends.
static int64_t mirrored(const std::string &mode, int64_t at, int64_t extent) {
  if (mode == "edge" || extent == 1)
    return std::clamp<int64_t>(at, 0, extent - 1);
  auto modulo = [](int64_t a, int64_t b) { return (a % b + b) % b; };
  if (mode == "wrap")
    return modulo(at, extent);
  // Reflection does not repeat the outermost elements.
  int64_t place = modulo(at, 2 * extent - 2);
  return std::min(place, 2 * extent - 2 - place);
}

static Value padMirrored(Node &node, Value x, const std::string &mode,
                         Extents low, Extents high) {
  for (int64_t axis = 0; axis < rankOf(x); ++axis) {
    int64_t extent = shapeOf(x)[axis];
    if (!low[axis] && !high[axis])
      continue;
    if (!extent) {
      node.error() << "expected elements along axis " << axis << " for mode '"
                   << mode << "', found none";
      return {};
    }
    Value ids = node.table<int64_t>(
        {low[axis] + extent + high[axis]}, [&](MutableArrayRef<int64_t> out) {
          for (auto [i, id] : llvm::enumerate(out))
            id = mirrored(mode, int64_t(i) - low[axis], extent);
        });
    x = node.build<GatherOp>(x, ids, axis);
    if (node.hasFailed())
      return {};
  }
  return x;
}

static Results pad(Node &node) {
  Value x = node.input(0);
  std::string mode = node.text("mode", "constant");
  auto pads = node.integersUntil(11, "pads", 1);
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(x)));
  if (node.hasInput(3))
    if (auto given = node.integersInput(3, "axes"))
      axes = node.axes(*given, rankOf(x));
  if (mode != "constant" && mode != "reflect" && mode != "edge" &&
      mode != "wrap")
    node.error() << "expected mode constant, reflect, edge or wrap, found '"
                 << mode << "'";
  if (node.hasFailed())
    return {};
  if (!pads || pads->size() != 2 * axes.size() ||
      llvm::any_of(*pads, [](int64_t pad) {
        return pad < -maxElements || pad > maxElements;
      })) {
    node.error() << "expected two pads for each of " << axes.size()
                 << " axes, each of " << maxElements << " at most";
    return {};
  }
  SmallVector<int64_t> low(rankOf(x), 0), high(rankOf(x), 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    low[axis] = (*pads)[i];
    high[axis] = (*pads)[i + axes.size()];
    // Negative pads cut off.
    int64_t cutLow = std::max<int64_t>(0, -low[axis]);
    int64_t cutHigh = std::max<int64_t>(0, -high[axis]);
    low[axis] += cutLow;
    high[axis] += cutHigh;
    if (cutLow || cutHigh)
      x = node.sliceAlong(x, axis, cutLow, shapeOf(x)[axis] - cutLow - cutHigh);
    if (node.hasFailed())
      return {};
  }
  return {mode == "constant" ? padConstant(node, x, low, high)
                             : padMirrored(node, x, mode, low, high)};
}

/// Cuts or pads both sides of axes until they have the given extents.
static Results centerCropPad(Node &node) {
  Value x = node.input(0);
  auto target = node.integersInput(1, "shape");
  auto all = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(x)));
  auto axes = node.axes(node.integers("axes").value_or(all), rankOf(x));
  if (node.hasFailed() || target->size() != axes.size() ||
      !llvm::all_of(*target, isCount)) {
    if (!node.hasFailed())
      node.error() << "expected a shape of " << axes.size()
                   << " extents from 0 to " << maxElements << ", found "
                   << toString(*target);
    return {};
  }
  SmallVector<int64_t> low(rankOf(x), 0), high(rankOf(x), 0);
  for (auto [axis, extent] : llvm::zip(axes, *target)) {
    int64_t more = extent - shapeOf(x)[axis];
    if (more < 0)
      x = node.sliceAlong(x, axis, -more / 2, extent);
    if (node.hasFailed())
      return {};
    low[axis] = std::max<int64_t>(0, more) / 2;
    high[axis] = std::max<int64_t>(0, more) - low[axis];
  }
  return {node.build<PadOp>(x, low, high, APFloat(0.0))};
}

ArrayRef<Operator> secformer::frontend::sliceOperators() {
  static const Operator table[] = {
      {"", "Concat", 4, 1, concat},
      {"", "Split", 2, 1, split, "known sizes"},
      {"", "Slice", 1, 1, slice, "known bounds"},
      {"", "Pad", 2, 1, pad, "known pads"},
      {"", "CenterCropPad", 18, 2, centerCropPad, "known shape"},
  };
  return table;
}
