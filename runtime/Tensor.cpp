//===- Tensor.cpp - plain tensors at the edges of a program ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Tensor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

namespace secformer::runtime {
namespace {

struct DTypeEntry {
  const char *name;
  size_t size;
};
constexpr DTypeEntry dtypes[] = {
    {"float32", 4}, {"float64", 8}, {"int32", 4}, {"int64", 8}, {"bool", 1}};

template <class T>
Tensor make(DType dtype, const Shape &shape, std::span<const T> values) {
  Tensor result{dtype, shape, {}};
  result.data.resize(values.size_bytes());
  if (!values.empty())
    std::memcpy(result.data.data(), values.data(), values.size_bytes());
  return result;
}

template <class T, class Convert>
Tensor convert(DType dtype, const Shape &shape, std::span<const double> numbers,
               Convert to) {
  std::vector<T> values(numbers.size());
  std::transform(numbers.begin(), numbers.end(), values.begin(),
                 [&](double number) { return T(to(number)); });
  return make(dtype, shape, std::span<const T>(values));
}

template <class T> double load(const Tensor &tensor, size_t index) {
  T value;
  std::memcpy(&value, tensor.data.data() + index * sizeof(T), sizeof(T));
  return static_cast<double>(value);
}

} // namespace

const char *dtypeName(DType type) { return dtypes[size_t(type)].name; }
size_t dtypeSize(DType type) { return dtypes[size_t(type)].size; }

bool parseDType(std::string_view name, DType &type) {
  for (size_t i = 0; i < std::size(dtypes); ++i)
    if (name == dtypes[i].name) {
      type = DType(i);
      return true;
    }
  return false;
}

size_t Tensor::size() const { return data.size() / dtypeSize(dtype); }

double Tensor::at(size_t index) const {
  switch (dtype) {
  case DType::Float32:
    return load<float>(*this, index);
  case DType::Float64:
    return load<double>(*this, index);
  case DType::Int32:
    return load<int32_t>(*this, index);
  case DType::Int64:
    return load<int64_t>(*this, index);
  case DType::Bool:
    return load<uint8_t>(*this, index) != 0;
  }
  return 0;
}

Tensor makeTensor(const Shape &shape, std::span<const float> values) {
  return make(DType::Float32, shape, values);
}
Tensor makeTensor(const Shape &shape, std::span<const double> values) {
  return make(DType::Float64, shape, values);
}
Tensor makeTensor(const Shape &shape, std::span<const int64_t> values) {
  return make(DType::Int64, shape, values);
}

Tensor makeTensor(DType dtype, const Shape &shape,
                  std::span<const double> numbers) {
  auto nearest = [](double x) { return std::nearbyint(x); };
  switch (dtype) {
  case DType::Float32:
    return convert<float>(dtype, shape, numbers, [](double x) { return x; });
  case DType::Float64:
    return makeTensor(shape, numbers);
  case DType::Int32:
    return convert<int32_t>(dtype, shape, numbers, nearest);
  case DType::Int64:
    return convert<int64_t>(dtype, shape, numbers, nearest);
  case DType::Bool:
    return convert<uint8_t>(dtype, shape, numbers,
                            [&](double x) { return nearest(x) != 0; });
  }
  return {};
}

std::string toString(const Shape &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

} // namespace secformer::runtime
