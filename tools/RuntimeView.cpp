//===- RuntimeView.cpp - an nn model's tensors for the runtime ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tools/RuntimeView.h"
#include "runtime/Error.h"

using namespace mlir;
using namespace secformer;

runtime::Tensor secformer::toRuntime(const nn::Tensor &tensor) {
  runtime::Tensor result;
  bool known =
      runtime::parseDType(nn::elementName(tensor.getElement()), result.dtype);
  assert(known && "element types of nn are numpy's");
  (void)known;
  result.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  auto *bytes = static_cast<const std::byte *>(tensor.raw());
  result.data.assign(bytes, bytes + tensor.bytes());
  return result;
}

runtime::TensorMap secformer::toRuntime(const nn::TensorMap &tensors) {
  runtime::TensorMap result;
  for (const auto &[name, tensor] : tensors)
    result[name] = toRuntime(tensor);
  return result;
}

runtime::TensorMap secformer::namedResults(func::FuncOp function,
                                           ArrayRef<nn::Tensor> results) {
  runtime::TensorMap named;
  for (auto [index, tensor] : llvm::enumerate(results))
    named[nn::resultName(function, index)] = toRuntime(tensor);
  return named;
}

std::span<const float> StoredWeights::slice(const std::string &name,
                                            const runtime::Shape &shape) const {
  const nn::Tensor *tensor = store.lookup(name);
  if (!tensor || tensor->size() != nn::sizeOf(shape))
    throw runtime::Error("the weight file has no '" + name + "' of shape " +
                         runtime::toString(shape));
  ArrayRef<float> values = tensor->values<float>();
  return {values.data(), values.size()};
}

runtime::SessionResult
secformer::runInProcess(const runtime::Program &program, StringRef seed,
                        const runtime::WeightSource &weights,
                        const runtime::PerOwner<runtime::Inputs> &inputs) {
  runtime::PerOwner<runtime::Key> keys;
  for (auto [owner, key] : llvm::enumerate(keys))
    key = seed.empty() ? runtime::freshKey()
                       : runtime::testKey(seed, uint8_t(owner));
  runtime::PerOwner<const runtime::WeightSource *> sources;
  sources.fill(&weights);
  return runtime::runAll(program, keys, sources, inputs,
                         std::chrono::minutes(10));
}
