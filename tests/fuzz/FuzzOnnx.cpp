//===- FuzzOnnx.cpp - any bytes as an ONNX model --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Import.h"
#include "mlir/IR/Verifier.h"
#include "onnx/onnx.pb.h"
#include "tests/fuzz/InputFile.h"

#include <cstdio>
#include <numeric>

using namespace mlir;
using namespace secformer;

/// What a user might give for the model: every dynamic axis is bound and, if
/// the model's version is odd, small inputs have values.
static ImportOptions optionsFor(const onnx::ModelProto &model) {
  ImportOptions options;
  for (const onnx::ValueInfoProto &input : model.graph().input()) {
    const auto &type = input.type().tensor_type();
    SmallVector<int64_t> shape;
    auto bind = [&](const std::string &name) {
      int64_t extent = 2 + int64_t(name.size()) % 2;
      shape.push_back(options.dims.try_emplace(name, extent).first->second);
    };
    for (const auto &dim : type.shape().dim()) {
      if (dim.has_dim_value() && dim.dim_value() >= 0)
        shape.push_back(dim.dim_value());
      else
        bind(dim.dim_param().empty()
                 ? input.name() + ":" + std::to_string(shape.size())
                 : dim.dim_param());
    }
    if (!type.has_shape())
      for (int axis = 0; axis < 2; ++axis)
        bind(input.name() + ":" + std::to_string(axis));
    // Zeros do not make up for what overflows.
    constexpr int64_t small = 1 << 12;
    int64_t size = 1;
    for (int64_t extent : shape)
      size = size > small / std::max<int64_t>(extent, 1)
                 ? small + 1
                 : size * std::max<int64_t>(extent, 1);
    if (model.model_version() % 2 == 0 || size > small)
      continue;
    SmallVector<int64_t> values(nn::sizeOf(shape));
    std::iota(values.begin(), values.end(), -1);
    auto element =
        type.elem_type() == onnx::TensorProto::BOOL    ? nn::Element::I1
        : type.elem_type() == onnx::TensorProto::INT64 ? nn::Element::I64
        : type.elem_type() == onnx::TensorProto::INT32 ? nn::Element::I32
                                                       : nn::Element::F32;
    options.inputs[input.name()] =
        nn::Tensor::of<int64_t>(shape, values).cast(element);
  }
  return options;
}

/// What must hold for every file is a crash where it does not.
static void require(bool holds, const char *what, const std::string &errors) {
  if (holds)
    return;
  std::fprintf(stderr, "expected %s, found: %s\n", what, errors.c_str());
  std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::InputFile file("model.onnx");
  onnx::ModelProto model;
  google::protobuf::LogSilencer silencer;
  if (!model.ParsePartialFromArray(data, int(size)))
    model.Clear();
  MLIRContext context(MLIRContext::Threading::DISABLED);
  int count = 0;
  std::string errors;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return;
    ++count;
    errors += diagnostic.str();
  });
  nn::WeightStore weights;
  auto module =
      importOnnx(file.write(data, size), optionsFor(model), context, weights);
  require(count == (failed(module) ? 1 : 0), "one error if it fails", errors);
  require(errors.size() < 1 << 16, "short errors", errors);
  return 0;
}
