//===- OnnxTensor.h - tensors and element types of ONNX -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_ONNXTENSOR_H
#define SECFORMER_FRONTEND_ONNXTENSOR_H

#include "dialect/NN/Tensor.h"
#include "frontend/ModelFile.h"

namespace secformer::frontend {

/// How the nn dialect holds an ONNX element type: all floats as f32, small
/// integers as i32, unsigned 32 and 64 bits as i64. Nothing for types that it
/// cannot hold (strings, complex numbers, 8-bit floats ...).
std::optional<nn::Element> elementOfOnnx(int32_t dataType);

/// "FLOAT16", or "type 99".
std::string dataTypeName(int32_t dataType);

/// The values of a tensor of the model, wherever they are stored. External
/// data must lie in the folder of the model. Errors are emitted at \p location.
mlir::FailureOr<nn::Tensor> readTensor(const onnx::TensorProto &proto,
                                       const ModelFile &file,
                                       mlir::Location location);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_ONNXTENSOR_H
