//===- Backend.h - from a scheduled module to a program directory ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_BACKEND_BACKEND_H
#define SECFORMER_BACKEND_BACKEND_H

#include "dialect/MPC/MPCOps.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Support/Timing.h"

namespace secformer {

#define GEN_PASS_DECL
#include "backend/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "backend/Passes.h.inc"

/// The manifest of a scheduled mpc module as JSON: inputs, outputs, weights and
/// the cost that the program must not exceed. \p hash is written if not empty.
std::string manifestOf(mlir::ModuleOp module, llvm::StringRef name,
                       llvm::StringRef hash);

/// A weight declared public, at a byte offset of public.bin.
struct PublicWeight {
  mpc::PublicParamOp param;
  int64_t offset;
};
/// Those of a module, in the order of their use.
std::vector<PublicWeight> publicWeightsOf(mlir::ModuleOp module);

/// Ties the roles of a program together: SHA-256 over the source and the
/// manifest without its hash, in hex. Weights are not in it: party 1 has none.
std::string programHash(llvm::StringRef source, llvm::StringRef manifest);

/// The C++ source of a module in the EmitC dialect.
mlir::FailureOr<std::string> cppOf(mlir::ModuleOp emitc);

struct ProgramDirectory {
  std::string path;   ///< made if needed; replaced only as a whole
  std::string name;   ///< of the model
  std::string source; ///< C++
  mlir::ModuleOp rounds;
  /// Writes the weight file of the program.
  std::function<llvm::LogicalResult(llvm::StringRef file)> writeWeights;
  bool build = true;
  std::string runtimePath; ///< folder of SecFormerRuntimeConfig.cmake
};

/// Writes source, build file, manifest and weights, and builds the program.
/// Nothing half-written remains after an error.
llvm::LogicalResult writeProgram(const ProgramDirectory &program,
                                 mlir::TimingScope &timing);

} // namespace secformer

#endif // SECFORMER_BACKEND_BACKEND_H
