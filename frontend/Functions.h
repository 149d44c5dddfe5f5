//===- Functions.h - functions that a model defines -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_FUNCTIONS_H
#define SECFORMER_FRONTEND_FUNCTIONS_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "onnx/onnx.pb.h"

namespace secformer::frontend {

/// Replaces every call of a function that the model defines by its body, and
/// drops the functions. Values and nodes of a body are named after the call.
/// Errors are emitted at \p location.
mlir::LogicalResult inlineFunctions(onnx::ModelProto &model,
                                    mlir::Location location);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_FUNCTIONS_H
