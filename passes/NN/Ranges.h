//===- Ranges.h - range attributes ----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_RANGES_H
#define SECFORMER_PASSES_NN_RANGES_H

#include "dialect/NN/Evaluator.h"
#include "passes/NN/Attributes.h"

namespace secformer::nn {

/// The smallest range that contains both; not a number if one of them is.
Range hull(Range a, Range b);
/// The smallest range that contains the elements; not a number if one is not.
Range rangeOf(const Tensor &tensor);

std::optional<Range> getRange(mlir::Operation *op,
                              llvm::StringRef attribute = rangeAttr);
void setRange(mlir::Operation *op, Range range,
              llvm::StringRef attribute = rangeAttr);

/// Do both parties compute the results in the clear, so that their range does
/// not matter? Not what is made of weights: party 0 encodes those declared
/// public, too, where nothing looks up their rows.
bool isInTheClear(mlir::Operation *op);

/// `nn.range` of the operation that makes the value or of the argument it is.
std::optional<Range> getRange(mlir::Value value);
void setRange(mlir::Value value, Range range);

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_RANGES_H
