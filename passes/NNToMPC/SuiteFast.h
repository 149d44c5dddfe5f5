//===- SuiteFast.h - one round per smooth function ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Softmax by row mean, LayerNorm by one rsqrt per row, activations by fitted
// Fourier series, no comparison. The mathematics: docs/protocols.md.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_SUITEFAST_H
#define SECFORMER_PASSES_NNTOMPC_SUITEFAST_H

#include "passes/NNToMPC/Lowering.h"

namespace secformer {

/// Room between the argument range and the period's end, and for the error of
/// fixed-point arguments, as a share of the range.
inline constexpr double kSlack = 1.0 / 64;

/// Of a positive value, rounded up.
int log2Ceil(double value);

/// A number as it stands in the name of a function: exact, since fits are
/// shared by name.
std::string number(double value);

/// Outward to a coarse grid, so that layers with nearly one range share a fit.
Range coarse(Range range);
/// The same for a positive range, in quarter octaves.
Range coarsePositive(Range range);

/// A positive decreasing function of a positive argument, to relative error
/// 2^-(fraction - 1).
mlir::FailureOr<mpc::FitOp> fitPositive(Emitter &emit, const mlir::Twine &name,
                                        std::function<double(double)> function,
                                        Range range);

/// A function that is smooth on a range, to an absolute error of
/// 2^-(fraction - 1); of less where all its values are small, of more where
/// some are large.
mlir::FailureOr<mpc::FitOp> fitSmooth(Emitter &emit, const mlir::Twine &name,
                                      std::function<double(double)> function,
                                      Range range, bool even = false);

class FastSuite : public Suite {
public:
  mlir::LogicalResult lower(nn::SoftmaxOp op, Lowering &state) override;
  mlir::LogicalResult lower(nn::LogSoftmaxOp op, Lowering &state) override;
  mlir::LogicalResult lower(nn::LayerNormOp op, Lowering &state) override;
  mlir::LogicalResult lower(nn::UnaryOp op, Lowering &state) override;
  mlir::LogicalResult lower(nn::PowOp op, Lowering &state) override;

private:
  /// 1 / (c sqrt(variance + eps)) for a range of variances, where `spread` is
  /// q times the variance.
  static mlir::FailureOr<Secret> inverseDeviation(Emitter &emit,
                                                  mlir::Value spread, double q,
                                                  double c, double eps,
                                                  Range range);
  /// The divisor of a softmax: one number per row.
  struct RowMean {
    /// The row's exponentials added up, or their mean if there is no `inverse`.
    mlir::Value sum;
    /// The public 1 / (number of positions of a row), or null.
    mlir::Value inverse;
    /// What `sum` is the row sum of, where that has an inverse.
    Secret numerator;
  };
  /// Factors whose product is 1 / sum, for rows of at most \p n positions whose
  /// means lie in a range.
  mlir::FailureOr<llvm::SmallVector<Secret, 2>>
  reciprocalOf(Emitter &emit, const RowMean &row, int64_t n, Range means);
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_SUITEFAST_H
