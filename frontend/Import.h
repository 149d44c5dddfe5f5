//===- Import.h - from an ONNX file to an nn module -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_IMPORT_H
#define SECFORMER_FRONTEND_IMPORT_H

#include "dialect/NN/Evaluator.h"
#include "dialect/NN/WeightStore.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace secformer {

struct ImportOptions {
  /// Sizes of dynamic axes, by the axis's name in the model or, for an axis
  /// without a name, by INPUT:AXIS ("embeddings:1").
  std::map<std::string, int64_t> dims;
  /// Values of the inputs, for an evaluation in the clear: dynamic axes that
  /// `dims` does not bind take their extents, an initializer of the same name
  /// is overridden, and what must be known when a model is compiled (a shape,
  /// say) may depend on them. The module is right for these inputs alone.
  nn::TensorMap inputs = {}; // NOLINT(readability-redundant-member-init): may
                             // be left out where `dims` is given
};

/// Reads an ONNX model. The result has one function @main; weights are added to
/// \p weights. Whatever depends on constants alone is computed: what remains
/// depends on an input.
///
/// Errors go to the context's diagnostic handlers: at FileLineColLoc (the
/// file) for the file and the graph as a whole, at NameLoc (the name of the
/// node) for one node.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importOnnx(llvm::StringRef file, const ImportOptions &options,
           mlir::MLIRContext &context, nn::WeightStore &weights);

} // namespace secformer

#endif // SECFORMER_FRONTEND_IMPORT_H
