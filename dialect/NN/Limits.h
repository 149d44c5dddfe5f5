//===- Limits.h - how large the values of a model may be ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A model is a file from somewhere: what it asks for is bounded before it is
// computed with. docs/limits.md lists the bounds for users.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_LIMITS_H
#define SECFORMER_DIALECT_NN_LIMITS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace secformer::nn {

constexpr int64_t maxRank = 32;
/// Of one value. Extents of 0 do not make the others free: loops walk them.
constexpr int64_t maxElements = int64_t(1) << 32;
/// Each of a window's extent, stride, dilation and padding.
constexpr int64_t maxWindow = int64_t(1) << 24;

/// Is \p value a count that sizes of tensors can be computed with?
inline bool isCount(int64_t value) {
  return value >= 0 && value <= maxElements;
}
inline bool isWindow(int64_t value) { return value >= 0 && value <= maxWindow; }

/// The product of all extents but zeros, if each of them and the product are
/// within the limits.
inline std::optional<int64_t> nominalSize(llvm::ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t extent : shape) {
    if (!isCount(extent) || (extent && size > maxElements / extent))
      return std::nullopt;
    size *= std::max<int64_t>(extent, 1);
  }
  return size;
}

inline bool withinLimits(llvm::ArrayRef<int64_t> shape) {
  return int64_t(shape.size()) <= maxRank && nominalSize(shape);
}

/// The product of two counts, or a number beyond the limits.
inline int64_t productOfCounts(int64_t a, int64_t b) {
  return a && b > maxElements / a ? maxElements + 1 : a * b;
}

/// What an error says of a shape that is not within the limits.
std::string describeLimit(llvm::ArrayRef<int64_t> shape);

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_LIMITS_H
