//===- SuiteGoldschmidt.h - division and roots by iteration ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_SUITEGOLDSCHMIDT_H
#define SECFORMER_PASSES_NNTOMPC_SUITEGOLDSCHMIDT_H

#include "passes/NNToMPC/GeluSegments.h"
#include "passes/NNToMPC/SuiteFast.h"

namespace secformer {

/// The fast suite with iterations for the divisor of softmax and the deviation
/// of LayerNorm: Goldschmidt's, or those of a suite that derives from it; and
/// with GELU in segments, if that has a form of it.
class GoldschmidtSuite : public FastSuite {
public:
  using FastSuite::lower;
  mlir::LogicalResult lower(nn::UnaryOp op, Lowering &state) override;
  double approximation(mlir::Operation *op) const override;

protected:
  /// GELU in segments; null: the fitted function.
  virtual const SegmentedGelu *gelu() const { return nullptr; }
  /// Are row sums divided by their number of positions first, even where that
  /// is the same for all?
  virtual bool dividesMeans() const { return false; }

  mlir::FailureOr<Factors> reciprocalOf(Emitter &emit, const RowMean &row,
                                        Range means) override;
  mlir::FailureOr<Secret> inverseDeviation(Emitter &emit, mlir::Value spread,
                                           double q, double c, double eps,
                                           Range range) override;
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_SUITEGOLDSCHMIDT_H
