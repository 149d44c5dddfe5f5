//===- SuiteMaximum.h - softmax by the row maximum ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_SUITEMAXIMUM_H
#define SECFORMER_PASSES_NNTOMPC_SUITEMAXIMUM_H

#include "passes/NNToMPC/SuiteGoldschmidt.h"

namespace secformer {

/// Softmax of scores less their row maximum, found by a tree of comparisons,
/// with the exponential (1 + x/2^k)^(2^k).
class MaximumSuite : public GoldschmidtSuite {
public:
  /// Exponents below \p lowest count as it.
  MaximumSuite(unsigned squarings, double lowest)
      : squarings(squarings), lowest(lowest) {}

  double approximation(mlir::Operation *op) const override;

protected:
  mlir::FailureOr<Numerators> numerators(nn::SoftmaxOp op,
                                         const SoftmaxRows &rows,
                                         Lowering &state) override;

private:
  const unsigned squarings;
  const double lowest;
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_SUITEMAXIMUM_H
