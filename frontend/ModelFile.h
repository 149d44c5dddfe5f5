//===- ModelFile.h - an ONNX file in memory -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_MODELFILE_H
#define SECFORMER_FRONTEND_MODELFILE_H

#include "frontend/FoldingBudget.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "onnx/onnx.pb.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace secformer::frontend {

/// What has been read of them, by path.
using ExternalFiles = llvm::StringMap<std::shared_ptr<llvm::MemoryBuffer>>;

struct ModelFile {
  std::string path;
  std::shared_ptr<const onnx::ModelProto> proto;
  mlir::Location location; ///< for errors about the file as a whole
  /// What may be computed from the model; grows when external data is read.
  std::shared_ptr<FoldingBudget> budget;
  std::shared_ptr<ExternalFiles> externalFiles;

  const onnx::GraphProto &graph() const { return proto->graph(); }
  /// Version of the operators of a domain; 0 if the model does not import it.
  int64_t opset(llvm::StringRef domain) const;
};

/// "" for the names of the default domain ("", "ai.onnx").
llvm::StringRef canonicalDomain(llvm::StringRef domain);

/// Reads the file; what is not a usable ONNX model is one error.
mlir::FailureOr<ModelFile> readModelFile(llvm::StringRef path,
                                         mlir::MLIRContext &context);

/// Location of a node: its name, or the name of its first output, or its
/// operator and index.
mlir::NameLoc locationOf(const onnx::NodeProto &node, int index,
                         mlir::MLIRContext *context);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_MODELFILE_H
