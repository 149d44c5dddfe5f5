//===- StridedLoop.h - walking several tensors at once --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Broadcasts, transpositions, slices and reductions are all one loop nest over
// extents, with a stride for each tensor and axis.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_STRIDEDLOOP_H
#define SECFORMER_DIALECT_NN_STRIDEDLOOP_H

#include "dialect/NN/NNShapes.h"
#include "llvm/ADT/SmallVector.h"

#include <array>

namespace secformer::nn {

using Strides = llvm::SmallVector<int64_t, 6>;

/// Strides, in elements, of a dense tensor in C order.
inline Strides denseStrides(Extents shape) {
  Strides strides(shape.size(), 1);
  for (int64_t axis = int64_t(shape.size()) - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/// Strides with which a dense tensor of shape `from` is read as one of shape
/// `to`, to which it broadcasts: 0 along repeated axes.
inline Strides broadcastStrides(Extents from, Extents to) {
  Strides dense = denseStrides(from), strides(to.size(), 0);
  size_t missing = to.size() - from.size();
  for (size_t axis = 0; axis < from.size(); ++axis)
    if (from[axis] == to[axis + missing])
      strides[axis + missing] = dense[axis];
  return strides;
}

/// A loop nest over `extents` that walks N tensors; axes that all tensors walk
/// without a gap are merged.
template <size_t N> class StridedLoop {
public:
  using Offsets = std::array<int64_t, N>;

  StridedLoop(Extents shape, const std::array<Strides, N> &strides) {
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      empty |= shape[axis] == 0;
      if (shape[axis] == 1)
        continue;
      Offsets step;
      bool merges = !extents.empty();
      for (size_t n = 0; n < N; ++n) {
        step[n] = strides[n][axis];
        merges = merges && steps.back()[n] == step[n] * shape[axis];
      }
      if (merges) {
        extents.back() *= shape[axis];
        steps.back() = step;
      } else {
        extents.push_back(shape[axis]);
        steps.push_back(step);
      }
    }
    if (extents.empty()) {
      extents.push_back(1);
      steps.push_back(Offsets{});
    }
  }

  /// Calls body(offsets, steps, length) for every innermost row; the offsets
  /// begin at \p at.
  template <class Body> void rows(Offsets at, Body &&body) const {
    if (empty)
      return;
    llvm::SmallVector<int64_t, 6> index(extents.size() - 1, 0);
    while (true) {
      body(at, steps.back(), extents.back());
      int64_t axis = int64_t(index.size()) - 1;
      for (; axis >= 0; --axis) {
        bool wraps = ++index[axis] == extents[axis];
        int64_t moves = wraps ? 1 - extents[axis] : 1;
        for (size_t n = 0; n < N; ++n)
          at[n] += moves * steps[axis][n];
        if (!wraps)
          break;
        index[axis] = 0;
      }
      if (axis < 0)
        return;
    }
  }

  /// Calls body(offsets) for every element.
  template <class Body> void elements(Offsets at, Body &&body) const {
    rows(at, [&](Offsets row, const Offsets &step, int64_t length) {
      for (int64_t i = 0; i < length; ++i) {
        body(row);
        for (size_t n = 0; n < N; ++n)
          row[n] += step[n];
      }
    });
  }

private:
  llvm::SmallVector<int64_t, 6> extents;
  llvm::SmallVector<Offsets, 6> steps;
  bool empty = false;
};

/// The shape with the extent of one axis replaced.
inline llvm::SmallVector<int64_t> withExtent(Extents shape, int64_t axis,
                                             int64_t extent) {
  llvm::SmallVector<int64_t> changed(shape);
  changed[axis] = extent;
  return changed;
}

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_STRIDEDLOOP_H
