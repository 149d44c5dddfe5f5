//===- CentreResiduals.h - sums that have no mean to subtract -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_CENTRERESIDUALS_H
#define SECFORMER_PASSES_NN_CENTRERESIDUALS_H

#include "dialect/NN/WeightStore.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace secformer::nn {

/// LayerNorm subtracts the mean of its row, and the mean of a sum of products
/// with weights, biases, rows of tables and results of LayerNorms is the sum of
/// their means. Where that is all that leads to some LayerNorms, and nobody
/// else reads it, the weights of the last axis get mean 0 (as new weights; the
/// means of other LayerNorms' results are subtracted), and these LayerNorms
/// become RMSNorms, which need the mean of squares alone. Models that add
/// their residuals in a stream (GPT-2) are centred from the embedding on:
/// Ashkboos et al., SliceGPT (ICLR 2024), section 3.2.
/// Ranges must be measured afterwards.
void centreResiduals(mlir::func::FuncOp function, WeightStore &weights);

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_CENTRERESIDUALS_H
