//===- Piecewise.h - functions in segments, chosen by comparisons ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// y = f_0(x) + sum over the thresholds c_i <= x of f_i(x) - f_(i-1)(x). All
// thresholds are decided in one round; the differences are selected locally.
// Outside of its segment a function may wrap in the ring: where it does not
// count it is multiplied by 0, and where it counts twice it cancels.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_PIECEWISE_H
#define SECFORMER_PASSES_NNTOMPC_PIECEWISE_H

#include "passes/NNToMPC/Emitter.h"

namespace secformer {

/// A function on one segment: linear * x + constant, plus a masked wire at the
/// scale of Piecewise::scale(), if there is one.
struct Segment {
  double constant = 0, linear = 0;
  mlir::Value wire = {};
};

/// x, opened once at the scale of activations, and functions of it in segments.
class Piecewise {
public:
  Piecewise(Emitter &emit, Secret x);

  /// Two bits more than activations: what reads the result rounds it.
  static unsigned scale(const Emitter &emit) { return emit.fraction + 2; }

  /// A polynomial of degree 6 at most, lowest coefficient first, that is not
  /// linear, opened. Right where abs(x) <= 4. Takes x^2, rounded and opened,
  /// beside x.
  Segment polynomial(llvm::ArrayRef<double> coefficients);
  /// (x/2)(1 + g) of an opened g.
  Segment halfTimesOnePlus(mlir::Value g);

  /// The function that is segments[i] from thresholds[i - 1] on; values up to
  /// \p bound.
  Secret choose(llvm::ArrayRef<double> thresholds,
                llvm::ArrayRef<Segment> segments, double bound);

private:
  Emitter &emit;
  Secret x;
  mlir::Value opened; ///< x
  Secret square;      ///< (x/4)^2, made when needed
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_PIECEWISE_H
