//===- Samples.cpp - several samples in one archive -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Samples.h"

#include "runtime/Error.h"

#include <algorithm>

namespace secformer::runtime {
namespace {

bool isStacked(const Tensor &array, const Shape &shape) {
  return array.shape.size() == shape.size() + 1 && array.shape[0] > 0 &&
         std::equal(shape.begin(), shape.end(), array.shape.begin() + 1);
}

Tensor slice(const Tensor &stacked, size_t index) {
  const size_t bytes = stacked.data.size() / size_t(stacked.shape[0]);
  const auto begin = stacked.data.begin() + ptrdiff_t(index * bytes);
  return {stacked.dtype,
          {stacked.shape.begin() + 1, stacked.shape.end()},
          {begin, begin + ptrdiff_t(bytes)}};
}

} // namespace

Samples splitSamples(const TensorMap &arrays,
                     const std::map<std::string, Shape> &shapes,
                     const std::string &file) {
  auto first = std::find_if(shapes.begin(), shapes.end(), [&](const auto &s) {
    auto found = arrays.find(s.first);
    return found != arrays.end() && isStacked(found->second, s.second);
  });
  if (first == shapes.end())
    return {{arrays}, false};

  const int64_t count = arrays.at(first->first).shape[0];
  Samples samples{std::vector<TensorMap>(size_t(count)), true};
  for (const auto &[name, shape] : shapes) {
    auto found = arrays.find(name);
    if (found == arrays.end())
      continue;
    Shape expected = shape;
    expected.insert(expected.begin(), count);
    if (found->second.shape != expected)
      throw Error(file + ": '" + name + "' has shape " +
                  toString(found->second.shape) + ", expected " +
                  toString(expected) + ", since '" + first->first + "' holds " +
                  std::to_string(count) + " samples");
    for (size_t i = 0; i < samples.each.size(); ++i)
      samples.each[i][name] = slice(found->second, i);
  }
  return samples;
}

std::string sampleName(const std::string &file, const Samples &samples,
                       size_t index) {
  return samples.stacked ? file + ", sample " + std::to_string(index) : file;
}

TensorMap stackSamples(const std::vector<TensorMap> &samples) {
  TensorMap stacked = samples.front();
  for (auto &[name, tensor] : stacked) {
    tensor.shape.insert(tensor.shape.begin(), int64_t(samples.size()));
    for (size_t i = 1; i < samples.size(); ++i) {
      const std::vector<std::byte> &data = samples[i].at(name).data;
      tensor.data.insert(tensor.data.end(), data.begin(), data.end());
    }
  }
  return stacked;
}

} // namespace secformer::runtime
