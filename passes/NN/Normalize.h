//===- Normalize.h - the parts of secformer-normalize ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_NORMALIZE_H
#define SECFORMER_PASSES_NN_NORMALIZE_H

#include "mlir/IR/PatternMatch.h"

namespace secformer::nn {

/// Rearrangements: merges them and drops those that change nothing.
void populateShapePatterns(mlir::RewritePatternSet &patterns);

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_NORMALIZE_H
