//===- SuiteFast.h - one round per smooth function ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Softmax by row mean, LayerNorm by one rsqrt per row, activations by fitted
// Fourier series, no comparison. The mathematics: docs/protocols.md. Other
// suites replace parts of it.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_SUITEFAST_H
#define SECFORMER_PASSES_NNTOMPC_SUITEFAST_H

#include "passes/NNToMPC/Lowering.h"

namespace secformer {

/// Room between the argument range and the period's end, and for the error of
/// fixed-point arguments, as a share of the range.
inline constexpr double kSlack = 1.0 / 64;

/// 1/n = units / 2^bits, up to a relative error.
struct Portion {
  unsigned bits;
  int64_t units;
  double error;
};
/// With the fewest bits for a relative error of at most `error`: log2 n, and no
/// error, for a power of two.
Portion portionOf(int64_t n, double error);

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

protected:
  /// The scores of a softmax and which positions count.
  struct SoftmaxRows {
    Secret scores;
    double scale = 1; ///< softmax is of scale * scores
    int64_t positions = 0;
    mlir::Value mask = {};    ///< 0 or 1, or null
    mlir::Value weights = {}; ///< mask / number of positions, or null
    mlir::Value inverse = {}; ///< 1 / number of positions, or null
    bool clientMask = false;  ///< the client's: weights are local, no inverse
  };
  /// What a softmax is the quotient of: values that are not negative, before
  /// the mask, and the range of their means over the positions that count.
  struct Numerators {
    Secret value;
    Range means;
    unsigned scale;  ///< fraction bits to open them with
    double unit = 1; ///< what the wire holds for a numerator of 1
  };
  /// The divisor of a softmax: one number per row.
  struct RowMean {
    /// The row's numerators added up, or their mean if there is no `inverse`.
    mlir::Value sum;
    /// The same of numerators that are not truncated, or null.
    mlir::Value early;
    /// The public 1 / (number of positions of a row), or null.
    mlir::Value inverse;
    /// What `sum` is the row sum of, as it is opened, where that has an
    /// inverse.
    Secret numerator;
    int64_t positions;
    bool uniform; ///< all positions count in every row
    double unit;  ///< see Numerators

    unsigned countBits() const {
      return inverse ? log2Ceil(double(positions)) : 0;
    }
    /// A sum as a mean: times 1 / positions, which gets so many bits.
    mlir::Value perPosition(Emitter &emit, mlir::Value wire,
                            unsigned bits) const {
      return inverse ? emit.mulPublic(wire, inverse, countBits() + bits) : wire;
    }
  };
  using Factors = llvm::SmallVector<Secret, 2>;

  //===--- What other suites do in another way ---===//

  virtual mlir::FailureOr<Numerators>
  numerators(nn::SoftmaxOp op, const SoftmaxRows &rows, Lowering &state);
  /// Factors whose product is 1 / sum, for means of a range.
  virtual mlir::FailureOr<Factors>
  reciprocalOf(Emitter &emit, const RowMean &row, Range means);
  /// 1 / (c sqrt(variance + eps)) for a range of variances, where `spread` is
  /// q times the variance.
  virtual mlir::FailureOr<Secret> inverseDeviation(Emitter &emit,
                                                   mlir::Value spread, double q,
                                                   double c, double eps,
                                                   Range range);
  /// 1/x, and 1/sqrt(x), of a shared wire with values of a positive range, by
  /// iteration: here only where a range is too wide for a fitted function.
  /// `unit` is what the wire holds for a row sum, or a variance, of 1.
  virtual mlir::FailureOr<Secret> reciprocal(Emitter &emit, mlir::Value x,
                                             Range range, double unit);
  virtual mlir::FailureOr<Secret> inverseRoot(Emitter &emit, mlir::Value x,
                                              Range range, double unit);
  /// inverseDeviation by inverseRoot.
  mlir::FailureOr<Secret> deviationByRoot(Emitter &emit, mlir::Value spread,
                                          double q, double c, double eps,
                                          Range range);
  /// nn.unary reciprocal or rsqrt of positive values by iteration.
  mlir::LogicalResult lowerByIteration(nn::UnaryOp op, Lowering &state);

private:
  static mlir::FailureOr<SoftmaxRows> rowsOf(nn::SoftmaxOp op, Lowering &state);
  /// (scale x + offset)^2 of a softmax with `quad`.
  static mlir::FailureOr<Numerators>
  squares(nn::SoftmaxOp op, const SoftmaxRows &rows, Lowering &state);
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_SUITEFAST_H
