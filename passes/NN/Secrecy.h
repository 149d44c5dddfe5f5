//===- Secrecy.h - who may know a value -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_SECRECY_H
#define SECFORMER_PASSES_NN_SECRECY_H

#include "dialect/NN/NNOps.h"
#include "mlir/Analysis/DataFlowFramework.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace secformer::nn {

/// A set of owners: what depends on several of them exists in shares only.
enum class Secrecy : uint8_t { Public = 0, Client = 1, Model = 2, Shared = 3 };

/// Was the weight declared public?
bool isPublicWeight(ParamOp param);

/// "public", "client", "model", "shared".
llvm::StringRef stringifySecrecy(Secrecy secrecy);

/// Forward data flow: a value depends on the owners that its operands depend
/// on.
class SecrecyAnalysis {
public:
  explicit SecrecyAnalysis(mlir::func::FuncOp function);

  /// Shared if the analysis did not reach the value.
  Secrecy of(mlir::Value value) const;

private:
  mlir::DataFlowSolver solver;
};

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_SECRECY_H
