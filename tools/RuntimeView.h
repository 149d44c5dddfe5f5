//===- RuntimeView.h - an nn model's tensors for the runtime --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TOOLS_RUNTIMEVIEW_H
#define SECFORMER_TOOLS_RUNTIMEVIEW_H

#include "dialect/NN/Evaluator.h"
#include "dialect/NN/WeightStore.h"
#include "runtime/Session.h"

namespace secformer {

runtime::Tensor toRuntime(const nn::Tensor &tensor);
runtime::TensorMap toRuntime(const nn::TensorMap &tensors);
/// The results of a function under their names.
runtime::TensorMap namedResults(mlir::func::FuncOp function,
                                llvm::ArrayRef<nn::Tensor> results);

/// Runs all roles here, each with what it owns of weights and inputs; fresh
/// randomness if \p seed is empty.
runtime::SessionResult
runInProcess(const runtime::Program &program, llvm::StringRef seed,
             const runtime::WeightSource &weights,
             const runtime::PerOwner<runtime::Inputs> &inputs);

/// The weights of an nn module.
class StoredWeights final : public runtime::WeightSource {
public:
  explicit StoredWeights(const nn::WeightStore &store) : store(store) {}
  std::span<const float> slice(const std::string &name,
                               const runtime::Shape &shape) const override;

private:
  const nn::WeightStore &store;
};

} // namespace secformer

#endif // SECFORMER_TOOLS_RUNTIMEVIEW_H
