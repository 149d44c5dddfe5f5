//===- Passes.h - nn to nn ------------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_PASSES_H
#define SECFORMER_PASSES_NN_PASSES_H

#include "dialect/NN/NNOps.h"
#include "dialect/NN/WeightStore.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace secformer::nn {

#define GEN_PASS_DECL
#include "passes/NN/Passes.h.inc"

/// The same with weights that are in memory; the store must outlive the pass.
std::unique_ptr<mlir::Pass> createFuseSoftmaxMask(const WeightStore &weights);
std::unique_ptr<mlir::Pass> createDefaultRanges(const WeightStore &weights);

#define GEN_PASS_REGISTRATION
#include "passes/NN/Passes.h.inc"

/// From an imported module to one of few, large operations: normalization,
/// fusion and secrecy. \p weights may be null; it must outlive the passes.
/// Ranges come after it: calibrate (Calibrate.h), then default ranges.
void buildNNPipeline(mlir::OpPassManager &manager,
                     const WeightStore *weights = nullptr);
/// The pipeline under the name secformer-nn-pipeline.
void registerNNPipelines();

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_PASSES_H
