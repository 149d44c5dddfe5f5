//===- ImportResize.cpp - interpolation -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Resizing is a linear map of every axis by itself, whose matrix depends on
// shapes alone.
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "frontend/Operators.h"

#include <cmath>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

namespace {
/// How one axis is resized.
struct Axis {
  int64_t axis, from, to;
  double scale;
  double start = 0, end = 1; ///< region of interest

  /// Where element i of the result lies on the input.
  double source(const std::string &transformation, int64_t i) const {
    double length = scale * double(from), x = double(i);
    if (transformation == "align_corners")
      return length == 1 ? 0 : x * double(from - 1) / (length - 1);
    if (transformation == "asymmetric")
      return x / scale;
    if (transformation == "tf_crop_and_resize") {
      double span = (end - start) * double(from - 1);
      return start * double(from - 1) +
             (length == 1 ? span / 2 : x * span / (length - 1));
    }
    if (transformation == "pytorch_half_pixel" && length == 1)
      return -0.5;
    double shift = transformation == "half_pixel_symmetric"
                       ? double(from) / 2 * (1 - double(to) / length)
                       : 0;
    return shift + (x + 0.5) / scale - 0.5;
  }
};

/// The attributes.
struct Interpolation {
  std::string mode, transformation, nearest;
  float cubic, extrapolation;
  bool antialias, excludesOutside;
};
} // namespace

static int64_t nearestTo(double x, const std::string &mode) {
  if (mode == "floor")
    return toNumber<int64_t>(std::floor(x));
  if (mode == "ceil")
    return toNumber<int64_t>(std::ceil(x));
  return toNumber<int64_t>(mode == "round_prefer_ceil" ? std::floor(x + 0.5)
                                                       : std::ceil(x - 0.5));
}

/// The weight of a neighbour at a distance.
static double kernel(const Interpolation &how, double distance) {
  double x = std::abs(distance), a = how.cubic;
  if (how.mode == "linear")
    return std::max(0.0, 1 - x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static double narrowingOf(const Interpolation &how, const Axis &axis) {
  return how.antialias ? std::min(axis.scale, 1.0) : 1.0;
}

/// How far away neighbours count.
static double radiusOf(const Interpolation &how, const Axis &axis) {
  return (how.mode == "linear" ? 1 : 2) / narrowingOf(how, axis);
}

/// Weights of the input for the element of the result that lies at x.
static void addWeights(const Interpolation &how, const Axis &axis, double x,
                       MutableArrayRef<float> row) {
  double narrowing = narrowingOf(how, axis), radius = radiusOf(how, axis);
  // All places beyond the reach of an end are alike.
  x = std::clamp(x, -2 * radius, double(axis.from) + 2 * radius);
  double total = 0;
  SmallVector<std::pair<int64_t, double>> weights;
  for (auto i = int64_t(std::ceil(x - radius)); double(i) <= x + radius; ++i) {
    bool outside = i < 0 || i >= axis.from;
    double weight = outside && how.excludesOutside
                        ? 0
                        : kernel(how, (double(i) - x) * narrowing);
    // Beyond an end the outermost element counts.
    weights.push_back({std::clamp<int64_t>(i, 0, axis.from - 1), weight});
    total += weight;
  }
  // The weights of the plain kernels add up to 1.
  if (!how.antialias && !how.excludesOutside)
    total = 1;
  for (auto [i, weight] : weights)
    row[i] += float(weight / total);
}

/// The value with the extrapolated one where the result lies outside of the
/// input.
static Value extrapolate(Node &node, Value y, const Axis &axis,
                         const Interpolation &how) {
  if (how.transformation != "tf_crop_and_resize" || node.hasFailed())
    return y;
  SmallVector<int64_t> shape(rankOf(y), 1);
  shape[axis.axis] = axis.to;
  Value outside = node.table<bool>(shape, [&](MutableArrayRef<bool> out) {
    for (int64_t i = 0; i < axis.to; ++i) {
      double x = axis.source(how.transformation, i);
      out[i] = x < 0 || x > double(axis.from - 1);
    }
  });
  return node.select(outside, node.scalar(how.extrapolation, y), y);
}

static Value resizeAxis(Node &node, Value x, const Axis &axis,
                        const Interpolation &how) {
  if (node.hasFailed() || (axis.from == axis.to && axis.scale == 1 &&
                           how.transformation != "tf_crop_and_resize"))
    return x;
  if (!axis.from) {
    node.error() << "expected elements along axis " << axis.axis
                 << ", found none";
    return {};
  }
  bool finite = std::isfinite(axis.scale) && std::isfinite(axis.start) &&
                std::isfinite(axis.end);
  if (!finite || axis.scale <= 0 || !isCount(axis.to)) {
    node.error() << "expected positive finite scales to extents from 0 to "
                 << maxElements << ", found " << axis.scale
                 << " to an extent of " << axis.to << " along axis "
                 << axis.axis;
    return {};
  }
  if (how.mode == "nearest") {
    Value ids =
        node.table<int64_t>({axis.to}, [&](MutableArrayRef<int64_t> out) {
          for (auto [i, id] : llvm::enumerate(out))
            id = std::clamp<int64_t>(
                nearestTo(axis.source(how.transformation, int64_t(i)),
                          how.nearest),
                0, axis.from - 1);
        });
    Value y = node.build<GatherOp>(x, ids, axis.axis);
    return extrapolate(node, y, axis, how);
  }
  auto taps = toNumber<int64_t>(2 * radiusOf(how, axis) + 2);
  if (!node.affords({axis.to, axis.from}) || !node.affords({axis.to, taps}))
    return {};
  std::vector<float> matrix(axis.to * axis.from, 0);
  for (int64_t i = 0; i < axis.to; ++i)
    addWeights(how, axis, axis.source(how.transformation, i),
               MutableArrayRef(matrix).slice(i * axis.from, axis.from));
  return extrapolate(node, node.mapAxis(x, axis.axis, matrix), axis, how);
}

static Value resizeAxes(Node &node, ArrayRef<Axis> axes,
                        const Interpolation &how) {
  Value x = node.input(0);
  Element element = elementOf(x);
  if (how.mode != "nearest" && how.mode != "linear" && how.mode != "cubic")
    node.error() << "expected mode nearest, linear or cubic, found '"
                 << how.mode << "'";
  if (how.mode != "nearest")
    x = node.cast(x, Element::F32);
  for (const Axis &axis : axes)
    x = resizeAxis(node, x, axis, how);
  return node.cast(x, element);
}

/// The floats of an operand, as many as axes; nothing without the operand.
static std::optional<SmallVector<double>>
numbers(Node &node, int i, StringRef what, size_t count) {
  if (!node.hasInput(i))
    return std::nullopt;
  auto tensor = node.constantInput(i, what);
  if (!tensor || tensor->size() == 0)
    return std::nullopt;
  if (tensor->size() != int64_t(count)) {
    node.error() << "expected " << count << " " << what << ", found "
                 << tensor->size();
    return std::nullopt;
  }
  SmallVector<double> values;
  for (int64_t j = 0; j < tensor->size(); ++j)
    values.push_back(tensor->at(j));
  return values;
}

/// Scales of all axes such that the shape fits the sizes in the given way.
static void keepRatio(const std::string &policy, MutableArrayRef<Axis> axes) {
  if (policy == "stretch")
    return;
  double scale = axes[0].scale;
  for (const Axis &axis : axes)
    scale = policy == "not_larger" ? std::min(scale, axis.scale)
                                   : std::max(scale, axis.scale);
  for (Axis &axis : axes) {
    axis.scale = scale;
    axis.to = toNumber<int64_t>(std::floor(scale * double(axis.from) + 0.5));
  }
}

static Results resize(Node &node) {
  Value x = node.input(0);
  bool hasRegion = node.opset() >= 11;
  auto all = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(x)));
  auto chosen = node.axes(node.integers("axes").value_or(all), rankOf(x));
  auto sorted = llvm::to_vector(chosen);
  llvm::sort(sorted);
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    node.error() << "expected different axes, found " << toString(chosen);
  size_t count = chosen.size();
  auto scales = numbers(node, hasRegion ? 2 : 1, "scales", count);
  auto sizes = numbers(node, 3, "sizes", count);
  Interpolation how{
      node.text("mode", "nearest"),
      node.text("coordinate_transformation_mode",
                hasRegion ? "half_pixel" : "asymmetric"),
      node.text("nearest_mode", hasRegion ? "round_prefer_floor" : "floor"),
      node.number("cubic_coeff_a", -0.75f),
      node.number("extrapolation_value", 0),
      bool(node.integer("antialias", 0)),
      bool(node.integer("exclude_outside", 0))};
  std::optional<SmallVector<double>> region;
  if (how.transformation == "tf_crop_and_resize")
    region = numbers(node, 1, "region of interest", 2 * count);
  if (node.hasFailed() || !(scales || sizes) || !count) {
    if (!node.hasFailed() && count)
      node.error() << "expected scales or sizes, found none";
    return {x};
  }
  SmallVector<Axis> axes;
  for (auto [i, axis] : llvm::enumerate(chosen)) {
    int64_t from = shapeOf(x)[axis];
    Axis next{axis, from, 0, 1};
    if (region) {
      next.start = (*region)[i];
      next.end = (*region)[i + count];
    }
    if (scales) {
      next.scale = (*scales)[i];
      next.to = toNumber<int64_t>(
          std::floor(double(from) * (next.end - next.start) * next.scale));
    } else {
      next.to = toNumber<int64_t>((*sizes)[i]);
      next.scale = double(next.to) / double(from);
    }
    axes.push_back(next);
  }
  if (!scales)
    keepRatio(node.text("keep_aspect_ratio_policy", "stretch"), axes);
  return {resizeAxes(node, axes, how)};
}

static Results upsample(Node &node) {
  Value x = node.input(0);
  std::optional<SmallVector<double>> scales;
  if (node.opset() >= 9)
    scales = numbers(node, 1, "scales", rankOf(x));
  else
    scales = llvm::to_vector_of<double>(node.numbers("scales"));
  if (!scales || int64_t(scales->size()) != rankOf(x)) {
    if (!node.hasFailed())
      node.error() << "expected " << rankOf(x) << " scales";
    return {};
  }
  SmallVector<Axis> axes;
  for (auto [i, scale] : llvm::enumerate(*scales)) {
    int64_t from = shapeOf(x)[i];
    axes.push_back({int64_t(i), from,
                    toNumber<int64_t>(std::floor(double(from) * scale)),
                    scale});
  }
  Interpolation how{node.text("mode", "nearest"),
                    "asymmetric",
                    "floor",
                    -0.75f,
                    0,
                    false,
                    false};
  return {resizeAxes(node, axes, how)};
}

ArrayRef<Operator> secformer::frontend::resizeOperators() {
  static const Operator table[] = {
      {"", "Resize", 10, 1, resize, "known scales, sizes and region"},
      {"", "Upsample", 7, 1, upsample, "known scales"},
  };
  return table;
}
