//===- ReadableErrors.h - error texts about hostile files -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_READABLEERRORS_H
#define SECFORMER_FRONTEND_READABLEERRORS_H

#include "mlir/IR/Diagnostics.h"

#include <memory>
#include <vector>

namespace secformer::frontend {

/// Text from a file, cut to \p most bytes, with '?' for control characters.
std::string readable(llvm::StringRef text, size_t most);

/// While it lives, what a file says is readable in the diagnostics that others
/// handle.
class ReadableErrors {
public:
  explicit ReadableErrors(mlir::MLIRContext *context);

private:
  std::vector<std::unique_ptr<std::string>> texts;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_READABLEERRORS_H
