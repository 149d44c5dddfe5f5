//===- Tensor.h - plain tensors at the edges of a program -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Inputs, outputs and weights as they are in files, in the clear.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_TENSOR_H
#define SECFORMER_RUNTIME_TENSOR_H

#include "runtime/Wire.h"

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace secformer::runtime {

enum class DType : uint8_t { Float32, Float64, Int32, Int64, Bool };

/// "float32", "int64", ... and back (false if the name is none of them).
const char *dtypeName(DType type);
bool parseDType(std::string_view name, DType &type);
size_t dtypeSize(DType type);

/// A dense tensor in C order; data holds the elements in native byte order.
struct Tensor {
  DType dtype = DType::Float32;
  Shape shape;
  std::vector<std::byte> data;

  size_t size() const; ///< number of elements
  double at(size_t index) const;
  /// The elements as T, which must be the type dtype says.
  template <class T> std::span<const T> as() const {
    return {reinterpret_cast<const T *>(data.data()), data.size() / sizeof(T)};
  }
};

Tensor makeTensor(const Shape &shape, std::span<const float> values);
Tensor makeTensor(const Shape &shape, std::span<const double> values);
Tensor makeTensor(const Shape &shape, std::span<const int64_t> values);
/// The numbers as elements of \p dtype: integers are the nearest ones, bools
/// say which of these are not 0.
Tensor makeTensor(DType dtype, const Shape &shape,
                  std::span<const double> numbers);

/// "[1, 21, 128]".
std::string toString(const Shape &shape);

using TensorMap = std::map<std::string, Tensor>;

/// Where a role finds the weights.
class WeightSource {
public:
  virtual ~WeightSource() = default;
  /// The weights called \p name; throws Error if there are none of this shape.
  virtual std::span<const float> slice(const std::string &name,
                                       const Shape &shape) const = 0;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_TENSOR_H
