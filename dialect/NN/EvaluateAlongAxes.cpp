//===- EvaluateAlongAxes.cpp - reductions, softmax, layer norm ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Sums are kept in double.
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluate.h"
#include "dialect/NN/StridedLoop.h"

#include <cmath>
#include <compare>
#include <limits>
#include <numeric>
#include <vector>

using namespace mlir;
using namespace secformer::nn;

/// Calls body(offset) for the start of every lane along an axis.
template <class Body>
static void forEachLane(Extents shape, int64_t axis, Body &&body) {
  StridedLoop<1>(withExtent(shape, axis, 1), {denseStrides(shape)})
      .elements({}, [&](auto at) { body(at[0]); });
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// One accumulator for every element of the result.
template <class T, class F>
static auto accumulate(ReduceOp op, const Tensor &x, T start, F &&f) {
  Extents shape = x.getShape();
  SmallVector<int64_t> kept(shape);
  for (int64_t axis : op.getAxes())
    kept[axis] = 1;
  std::vector<T> sums(sizeOf(kept), start);
  visitElement(x.getElement(), [&](auto zero) {
    auto values = x.values<decltype(zero)>();
    StridedLoop<2>(shape, {denseStrides(shape), broadcastStrides(kept, shape)})
        .elements({}, [&](auto at) { f(sums[at[1]], T(values[at[0]])); });
  });
  return sums;
}

/// In double for floats, modulo 2^64 for integers.
template <class T>
static std::vector<T> reduceIn(ReduceOp op, const Tensor &x) {
  using Wrapping = Modular<T>;
  using Limits = std::numeric_limits<T>;
  switch (op.getKind()) {
  case ReduceKind::Sum:
  case ReduceKind::Mean: {
    auto sums = accumulate(op, x, T(0), [](T &sum, T value) {
      sum = T(Wrapping(sum) + Wrapping(value));
    });
    if (op.getKind() == ReduceKind::Mean && !sums.empty() && x.size()) {
      const int64_t count = x.size() / int64_t(sums.size());
      for (T &sum : sums)
        sum /= T(count);
    }
    return sums;
  }
  case ReduceKind::Max:
    return accumulate(
        op, x, Limits::has_infinity ? -Limits::infinity() : Limits::lowest(),
        [](T &most, T value) { most = larger(most, value); });
  case ReduceKind::Min:
    return accumulate(op, x,
                      Limits::has_infinity ? Limits::infinity() : Limits::max(),
                      [](T &least, T value) { least = smaller(least, value); });
  case ReduceKind::Prod:
    return accumulate(op, x, T(1), [](T &product, T value) {
      product = T(Wrapping(product) * Wrapping(value));
    });
  }
  llvm_unreachable("unknown reduction");
}

Evaluated secformer::nn::evaluate(ReduceOp op, Operands operands) {
  const Tensor &x = operands[0];
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    return Tensor::build<T>(
        op.getType().getShape(), [&](MutableArrayRef<T> out) {
          using Sum =
              std::conditional_t<std::is_same_v<T, float>, double, int64_t>;
          llvm::transform(reduceIn<Sum>(op, x), out.begin(),
                          [](Sum sum) { return T(sum); });
        });
  });
}

Evaluated secformer::nn::evaluate(ArgmaxOp op, Operands operands) {
  const Tensor &x = operands[0];
  Extents shape = x.getShape();
  int64_t axis = op.getAxis(), step = denseStrides(shape)[axis];
  if (!shape[axis])
    return evaluationError("no largest element among none");
  return visitElement(x.getElement(), [&](auto zero) {
    auto values = x.values<decltype(zero)>();
    return Tensor::build<int64_t>(
        op.getType().getShape(), [&](MutableArrayRef<int64_t> out) {
          auto *next = out.begin();
          forEachLane(shape, axis, [&](int64_t lane) {
            int64_t best = 0;
            for (int64_t i = 1; i < shape[axis]; ++i) {
              auto here = values[lane + i * step],
                   most = values[lane + best * step];
              if (op.getLast() ? here >= most : here > most)
                best = i;
            }
            *next++ = best;
          });
        });
  });
}

Evaluated secformer::nn::evaluate(TopIdsOp op, Operands operands) {
  const Tensor &x = operands[0];
  Extents from = x.getShape(), shape = op.getType().getShape();
  int64_t axis = op.getAxis();
  Strides target = denseStrides(shape);
  int64_t step = denseStrides(from)[axis];
  return visitElement(x.getElement(), [&](auto zero) {
    auto values = x.values<decltype(zero)>();
    std::vector<int64_t> order(from[axis]);
    return Tensor::build<int64_t>(shape, [&](MutableArrayRef<int64_t> out) {
      StridedLoop<2>(withExtent(from, axis, 1), {denseStrides(from), target})
          .elements({}, [&](auto at) {
            std::iota(order.begin(), order.end(), 0);
            llvm::sort(order, [&](int64_t a, int64_t b) {
              // NaNs have a place in this order, too.
              auto order = std::weak_order(values[at[0] + a * step],
                                           values[at[0] + b * step]);
              return order == 0 ? a < b : (order < 0) == op.getSmallest();
            });
            for (int64_t i = 0; i < shape[axis]; ++i)
              out[at[1] + i * target[axis]] = order[i];
          });
    });
  });
}

Evaluated secformer::nn::evaluate(CumsumOp op, Operands operands) {
  const Tensor &x = operands[0];
  Extents shape = x.getShape();
  int64_t axis = op.getAxis(), length = shape[axis];
  int64_t step = denseStrides(shape)[axis];
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    auto values = x.values<T>();
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      forEachLane(shape, axis, [&](int64_t lane) {
        std::conditional_t<std::is_same_v<T, float>, double, uint64_t> sum = 0;
        for (int64_t i = 0; i < length; ++i) {
          int64_t at = lane + (op.getReverse() ? length - 1 - i : i) * step;
          if (op.getExclusive())
            out[at] = T(sum);
          sum += values[at];
          if (!op.getExclusive())
            out[at] = T(sum);
        }
      });
    });
  });
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// Calls body with the offsets of the elements of every lane that the mask does
/// not exclude, and of the lane's first element; not for lanes without any.
template <class Body>
static void forEachMaskedLane(const Tensor &x, const Tensor *mask, int64_t axis,
                              Body &&body) {
  Extents shape = x.getShape();
  Strides strides = denseStrides(shape);
  Strides maskStrides(shape.size(), 0);
  if (mask)
    maskStrides = broadcastStrides(mask->getShape(), shape);
  std::vector<int64_t> counted;
  StridedLoop<2>(withExtent(shape, axis, 1), {strides, maskStrides})
      .elements({}, [&](auto at) {
        counted.clear();
        for (int64_t i = 0; i < shape[axis]; ++i)
          if (!mask || mask->at(at[1] + i * maskStrides[axis]) != 0)
            counted.push_back(at[0] + i * strides[axis]);
        if (!counted.empty())
          body(ArrayRef<int64_t>(counted), at[0]);
      });
}

static double maxOf(ArrayRef<float> values, ArrayRef<int64_t> lane,
                    double scale) {
  double most = -std::numeric_limits<double>::infinity();
  for (int64_t at : lane)
    most = std::max(most, scale * values[at]);
  return most;
}

static Tensor softmax(const Tensor &x, const Tensor *mask, double scale,
                      int64_t axis, bool logarithm) {
  auto values = x.values<float>();
  return Tensor::build<float>(x.getShape(), [&](MutableArrayRef<float> out) {
    forEachMaskedLane(x, mask, axis, [&](ArrayRef<int64_t> lane, int64_t) {
      double most = maxOf(values, lane, scale), sum = 0;
      // Scores of minus infinity do not count either.
      if (!logarithm && most == -std::numeric_limits<double>::infinity())
        return;
      for (int64_t at : lane)
        sum += std::exp(scale * values[at] - most);
      for (int64_t at : lane) {
        double score = scale * values[at] - most;
        out[at] = logarithm ? score - std::log(sum) : std::exp(score) / sum;
      }
    });
  });
}

/// (scale x + offset)^2 over its sum.
static Tensor quadSoftmax(const Tensor &x, const Tensor *mask, double scale,
                          int64_t axis, double offset) {
  auto values = x.values<float>();
  auto square = [&](int64_t at) {
    double score = scale * values[at] + offset;
    return score * score;
  };
  return Tensor::build<float>(x.getShape(), [&](MutableArrayRef<float> out) {
    forEachMaskedLane(x, mask, axis, [&](ArrayRef<int64_t> lane, int64_t) {
      double sum = 0;
      for (int64_t at : lane)
        sum += square(at);
      for (int64_t at : lane)
        out[at] = square(at) / sum;
    });
  });
}

Evaluated secformer::nn::evaluate(SoftmaxOp op, Operands operands) {
  const Tensor *mask = op.getMask() ? &operands[1] : nullptr;
  const double scale = op.getScale().convertToFloat();
  if (op.getQuad())
    return quadSoftmax(operands[0], mask, scale, op.getAxis(),
                       op.getQuad()->convertToFloat());
  return softmax(operands[0], mask, scale, op.getAxis(), /*logarithm=*/false);
}

Evaluated secformer::nn::evaluate(LogSoftmaxOp op, Operands operands) {
  return softmax(operands[0], nullptr, 1, op.getAxis(), /*logarithm=*/true);
}

/// Widens a range so that it holds a value.
static void include(std::optional<Range> &range, double value) {
  if (!range)
    range = Range{value, value};
  range->low = std::min(range->low, value);
  range->high = std::max(range->high, value);
}

SoftmaxInner secformer::nn::softmaxInner(const Tensor &x, const Tensor *mask,
                                         double scale, int64_t axis,
                                         bool secretMask,
                                         std::optional<double> quad) {
  auto values = x.values<float>();
  const int64_t extent = x.getShape()[axis],
                stride = denseStrides(x.getShape())[axis];
  std::optional<Range> centered, meanNumerator;
  forEachMaskedLane(x, mask, axis, [&](ArrayRef<int64_t> lane, int64_t first) {
    double mean = 0, sum = 0;
    if (secretMask)
      for (int64_t i = 0; i < extent; ++i)
        mean += values[first + i * stride] / double(extent);
    else
      for (int64_t at : lane)
        mean += values[at] / double(lane.size());
    for (int64_t at : lane) {
      double score = scale * (values[at] - mean);
      include(centered, score);
      double shifted = scale * values[at] + quad.value_or(0);
      sum += quad ? shifted * shifted : std::exp(score);
    }
    include(meanNumerator, sum / double(lane.size()));
  });
  return {centered.value_or(Range{}), meanNumerator.value_or(Range{})};
}

//===----------------------------------------------------------------------===//
// Layer norm
//===----------------------------------------------------------------------===//

namespace {
struct Moments {
  double mean = 0, variance = 0;
};
} // namespace

/// With \p rms the mean counts as 0.
static Moments momentsOf(ArrayRef<float> row, bool rms) {
  Moments moments;
  if (!rms)
    for (float value : row)
      moments.mean += value / double(row.size());
  for (float value : row)
    moments.variance +=
        (value - moments.mean) * (value - moments.mean) / double(row.size());
  return moments;
}

Evaluated secformer::nn::evaluate(LayerNormOp op, Operands operands) {
  const Tensor &x = operands[0];
  auto values = x.values<float>();
  ArrayRef<float> gamma, beta;
  if (op.getGamma())
    gamma = operands[1].values<float>();
  if (op.getBeta())
    beta = operands.back().values<float>();
  int64_t length = sizeOf(x.getShape().drop_front(op.getAxis()));
  double eps = op.getEps().convertToFloat();
  return Tensor::build<float>(x.getShape(), [&](MutableArrayRef<float> out) {
    for (int64_t start = 0; start < x.size(); start += length) {
      auto row = values.slice(start, length);
      Moments moments = momentsOf(row, op.getRms());
      double scale = 1 / std::sqrt(moments.variance + eps);
      for (int64_t i = 0; i < length; ++i) {
        double normal = (row[i] - moments.mean) * scale;
        out[start + i] = normal * (gamma.empty() ? 1.0f : gamma[i]) +
                         (beta.empty() ? 0.0f : beta[i]);
      }
    }
  });
}

Range secformer::nn::layerNormInner(const Tensor &x, int64_t axis, bool rms) {
  auto values = x.values<float>();
  int64_t length = sizeOf(x.getShape().drop_front(axis));
  std::optional<Range> range;
  for (int64_t start = 0; start < x.size(); start += length) {
    ArrayRef<float> row = values.slice(start, length);
    // A constant row (of an RMS norm: of zeros) becomes beta, whatever it is
    // divided by.
    if (llvm::any_of(row, [&](float v) { return v != (rms ? 0 : row[0]); }))
      include(range, momentsOf(row, rms).variance);
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return range.value_or(Range{infinity, -infinity});
}
