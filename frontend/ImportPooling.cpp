//===- ImportPooling.cpp - pools ------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "frontend/Operators.h"
#include "frontend/Window.h"

#include <limits>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

namespace {
/// A pool's windows, and how many there are along each spatial axis.
struct Pool {
  Window window;
  SmallVector<int64_t> input, places;
};
} // namespace

static std::optional<Pool> poolOf(Node &node) {
  Extents shape = shapeOf(node.input(0));
  auto kernel = node.integers("kernel_shape");
  if (node.hasFailed() || shape.size() < 3 || !kernel) {
    if (!node.hasFailed())
      node.error() << "expected a kernel_shape and an input of rank 3 or more, "
                      "found "
                   << toString(shape);
    return std::nullopt;
  }
  Extents input = shape.drop_front(2);
  auto window = windowOf(node, input, *kernel);
  if (!window)
    return std::nullopt;
  bool roundsUp = node.integer("ceil_mode", 0);
  Pool pool{*window, SmallVector<int64_t>(input), {}};
  for (size_t i = 0; i < input.size(); ++i) {
    int64_t stride = window->strides[i];
    int64_t padded = input[i] + window->low[i] + window->high[i];
    int64_t room = padded - window->reach(i);
    if (room < 0) {
      node.error() << "the window " << toString(*kernel)
                   << " is larger than the padded input " << toString(shape);
      return std::nullopt;
    }
    int64_t places = (room + (roundsUp ? stride - 1 : 0)) / stride + 1;
    // A window that would begin in the padding at the end does not count.
    if ((places - 1) * stride >= input[i] + window->low[i])
      --places;
    pool.places.push_back(places);
  }
  return pool;
}

/// Where element `tap` of window `place` lies; outside of the input in padding.
static int64_t positionOf(const Pool &pool, size_t axis, int64_t place,
                          int64_t tap) {
  return place * pool.window.strides[axis] + tap * pool.window.dilations[axis] -
         pool.window.low[axis];
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// Sums of windows, one axis after another, divided (for an average) by the
/// number of elements, in which padding may count.
static Value sumWindows(Node &node, Value x, const Pool &pool, bool average,
                        bool countsPadding) {
  for (size_t axis = 0; axis < pool.input.size(); ++axis) {
    int64_t extent = pool.input[axis];
    int64_t end = extent + (countsPadding ? pool.window.high[axis] : 0);
    // Every window is looked through.
    if (!node.affords({pool.places[axis], extent}) ||
        !node.affords({pool.places[axis], pool.window.kernel[axis]}))
      return {};
    std::vector<float> matrix(pool.places[axis] * extent, 0);
    for (int64_t place = 0; place < pool.places[axis]; ++place) {
      SmallVector<int64_t> inside;
      int64_t count = 0;
      for (int64_t tap = 0; tap < pool.window.kernel[axis]; ++tap) {
        int64_t at = positionOf(pool, axis, place, tap);
        if (at >= 0 && at < extent)
          inside.push_back(at);
        count += (countsPadding || at >= 0) && at < end;
      }
      for (int64_t at : inside)
        matrix[place * extent + at] = average ? 1.0f / float(count) : 1.0f;
    }
    x = node.mapAxis(x, int64_t(axis) + 2, matrix);
  }
  return x;
}

static Results averagePool(Node &node) {
  auto pool = poolOf(node);
  if (!pool)
    return {};
  bool countsPadding = node.integer("count_include_pad", 0);
  return {
      sumWindows(node, node.input(0), *pool, /*average=*/true, countsPadding)};
}

static Value power(Node &node, Value x, double exponent) {
  return exponent == 1 ? x : node.build<PowOp>(x, node.scalar(exponent, x));
}

/// (sum of |x|^p)^(1/p), where `sum` adds up.
static Results norm(Node &node, function_ref<Value(Value)> sum) {
  double p = double(node.integer("p", 2));
  Value powers = power(node, node.unary(UnaryKind::Abs, node.input(0)), p);
  return {power(node, sum(powers), 1 / p)};
}

static Results lpPool(Node &node) {
  auto pool = poolOf(node);
  if (!pool)
    return {};
  return norm(node, [&](Value x) {
    return sumWindows(node, x, *pool, /*average=*/false,
                      /*countsPadding=*/false);
  });
}

//===----------------------------------------------------------------------===//
// Maxima
//===----------------------------------------------------------------------===//

/// The elements of all windows: [batch, channels, places..., taps]. Padding has
/// the least value there is.
static Value gatherWindows(Node &node, Value x, const Pool &pool) {
  size_t axes = pool.input.size();
  bool isFloat = elementOf(x) == Element::F32;
  double least = isFloat ? -std::numeric_limits<double>::infinity()
                 : elementOf(x) == Element::I32
                     ? double(std::numeric_limits<int32_t>::min())
                     : double(std::numeric_limits<int64_t>::min());
  SmallVector<int64_t> low(2, 0), high(2, 0);
  for (size_t axis = 0; axis < axes; ++axis) {
    // Rounding up may make the last window longer than the padding.
    int64_t last = positionOf(pool, axis, pool.places[axis] - 1,
                              pool.window.kernel[axis] - 1);
    low.push_back(pool.window.low[axis]);
    high.push_back(std::max<int64_t>(0, last + 1 - pool.input[axis]));
  }
  x = node.build<PadOp>(x, low, high, APFloat(least));
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> perm{0, 1}, shape(shapeOf(x).take_front(2));
  for (size_t axis = 0; axis < axes; ++axis) {
    int64_t places = pool.places[axis], taps = pool.window.kernel[axis];
    Value ids =
        node.table<int64_t>({places, taps}, [&](MutableArrayRef<int64_t> out) {
          for (auto [i, id] : llvm::enumerate(out))
            id = positionOf(pool, axis, int64_t(i) / taps, int64_t(i) % taps) +
                 pool.window.low[axis];
        });
    // The axes before have become two each.
    x = node.build<GatherOp>(x, ids, int64_t(2 * axis + 2));
    perm.push_back(int64_t(2 * axis + 2));
    shape.push_back(places);
  }
  for (size_t axis = 0; axis < axes; ++axis)
    perm.push_back(int64_t(2 * axis + 3));
  int64_t taps = 1;
  for (int64_t extent : pool.window.kernel)
    taps = productOfCounts(taps, extent);
  shape.push_back(taps);
  return node.reshape(node.transpose(x, perm), shape);
}

/// Which element of the input, counted through, each window's largest is.
static Value positionsOfMaxima(Node &node, Value windows, const Pool &pool) {
  Extents shape = shapeOf(node.input(0));
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(0, int64_t(shape.size())));
  if (node.integer("storage_order", 0))
    std::reverse(order.begin() + 2, order.end());
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (int64_t axis : llvm::reverse(order)) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  Value indices = node.table<int64_t>(shape, [&](MutableArrayRef<int64_t> out) {
    for (int64_t i = 0; i < int64_t(out.size()); ++i) {
      int64_t rest = i;
      for (int64_t axis = int64_t(shape.size()) - 1; axis >= 0; --axis) {
        out[i] += rest % shape[axis] * strides[axis];
        rest /= shape[axis];
      }
    }
  });
  int64_t last = rankOf(windows) - 1;
  Value largest = node.build<ArgmaxOp>(windows, last, /*keepdims=*/true);
  Value chosen =
      node.gatherElements(gatherWindows(node, indices, pool), largest, last);
  return node.reshape(chosen, shapeOf(windows).drop_back());
}

static Results maxPool(Node &node) {
  auto pool = poolOf(node);
  if (!pool)
    return {};
  Value windows = gatherWindows(node, node.input(0), *pool);
  Value indices;
  if (node.hasOutput(1))
    indices = positionsOfMaxima(node, windows, *pool);
  return {node.reduce(ReduceKind::Max, windows, {rankOf(windows) - 1}, false),
          indices};
}

//===----------------------------------------------------------------------===//
// Whole images
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> spatialAxes(Value x) {
  return llvm::to_vector(
      llvm::seq<int64_t>(2, std::max<int64_t>(2, rankOf(x))));
}

template <ReduceKind kind> static Results globalPool(Node &node) {
  Value x = node.input(0);
  return {node.reduce(kind, x, spatialAxes(x), /*keepdims=*/true)};
}

static Results globalLpPool(Node &node) {
  return norm(node, [&](Value x) {
    return node.reduce(ReduceKind::Sum, x, spatialAxes(x), /*keepdims=*/true);
  });
}

/// x / (bias + alpha / size * sum of squares of neighbouring channels)^beta.
static Results localResponseNorm(Node &node) {
  Value x = node.input(0);
  int64_t size = node.integer("size", 0);
  if (rankOf(x) < 2 || size < 1) {
    if (!node.hasFailed())
      node.error() << "expected channels and a positive size, found "
                   << toString(shapeOf(x)) << " and " << size;
    return {};
  }
  int64_t channels = shapeOf(x)[1];
  if (!node.affords({channels, channels}))
    return {};
  std::vector<float> matrix(channels * channels, 0);
  float factor = node.number("alpha", 0.0001f) / float(size);
  for (int64_t i = 0; i < channels; ++i)
    for (int64_t j = std::max<int64_t>(0, i - (size - 1) / 2);
         j <= std::min(channels - 1, i + size / 2); ++j)
      matrix[i * channels + j] = factor;
  Value squares = node.mapAxis(node.build<MulOp>(x, x), 1, matrix);
  Value base = node.shift(squares, node.number("bias", 1));
  return {node.build<DivOp>(x, power(node, base, node.number("beta", 0.75f)))};
}

ArrayRef<Operator> secformer::frontend::poolingOperators() {
  static const Operator table[] = {
      {"", "AveragePool", 7, 1, averagePool},
      {"", "MaxPool", 1, 1, maxPool},
      {"", "LpPool", 2, 1, lpPool},
      {"", "GlobalAveragePool", 1, 1, globalPool<ReduceKind::Mean>},
      {"", "GlobalMaxPool", 1, 1, globalPool<ReduceKind::Max>},
      {"", "GlobalLpPool", 2, 1, globalLpPool},
      {"", "LRN", 1, 1, localResponseNorm},
  };
  return table;
}
