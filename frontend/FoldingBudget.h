//===- FoldingBudget.h - how much is computed to import a model -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A few bytes of a model can ask for any number of constants. What the importer
// makes and computes is bounded, by more for a larger file.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_FOLDINGBUDGET_H
#define SECFORMER_FRONTEND_FOLDINGBUDGET_H

#include "mlir/IR/Operation.h"

#include <cstdint>
#include <string>

namespace secformer::frontend {

/// Bytes of constants, and operations on their elements.
struct FoldingCost {
  uint64_t bytes = 0, operations = 0;
};

/// What it takes to compute an operation of the nn dialect.
FoldingCost costOf(mlir::Operation *op);

class FoldingBudget {
public:
  /// The model has so many bytes (more).
  void grow(uint64_t bytes);

  /// Takes the cost from the budget. If there is not so much left, says what
  /// was expected and found.
  std::string spend(const FoldingCost &cost);

private:
  FoldingCost most{uint64_t(1) << 29, uint64_t(1) << 28};
  FoldingCost spent;
};

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_FOLDINGBUDGET_H
