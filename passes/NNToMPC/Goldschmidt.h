//===- Goldschmidt.h - reciprocals and roots by iteration -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Goldschmidt's method multiplies a value b that is known up to a range until
// it is 1, and another value a by the same factors: a then is 1/b0, or
// 1/sqrt(b0) if b takes the square of every factor. SecFormer (ACL 2024,
// section 3.3) deflates the argument by a public constant first, so that no
// start value has to be looked up in secret. Here the constant and the factors
// of every step follow from the range: a step brings the range as close to one
// point as its degree can.
//
//   reciprocal   b' = b ((b - r)^2 + s)     a cubic Chebyshev residual: the
//                                           range shrinks up to 9 times
//   root         b' = b (r - b)^2           up to 6.75 times
//
// With the constants of the paper, m = 2 - b and m = (3 - b)/2 throughout.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_GOLDSCHMIDT_H
#define SECFORMER_PASSES_NNTOMPC_GOLDSCHMIDT_H

#include "passes/NNToMPC/Lowering.h"
#include <vector>

namespace secformer {

/// What is iterated towards.
enum class Inverse : uint8_t { Reciprocal, Root };

/// One factor m of an iteration on b.
struct GoldschmidtStep {
  /// m = ((b - shift)^2 + rest) 2^exponent, or (shift - b) 2^exponent.
  bool quadratic = false;
  double shift = 0, rest = 0;
  int exponent = 0;
  double factor(double b) const;
};

struct GoldschmidtPlan {
  std::vector<GoldschmidtStep> steps;
  /// The argument is divided by this first.
  double deflation = 1;
  /// Where b lies at the end, for arguments of the range.
  Range end;
  /// Largest relative error of the result, without the wires' roundings.
  double error = 0;
  /// What the accumulated factors are divided by.
  double scale = 1;
  /// b stays in (0, bound].
  double bound = 1;
  /// Fraction bits of b in the factors.
  unsigned factorBits = 14;
};

/// Steps for arguments of a positive range until the relative error of the
/// result is four units of the factors, which have a bit more than activations.
/// The deflation is a power of two.
GoldschmidtPlan planGoldschmidt(Inverse kind, Range range, unsigned fraction);

/// A deflation and a number of steps as published. `end` is empty (low > high)
/// if an argument of the range leaves what the method converges on.
GoldschmidtPlan publishedGoldschmidt(Inverse kind, Range range,
                                     double deflation, int iterations,
                                     unsigned fraction);

/// 1/x or 1/sqrt(x) of a shared wire whose values lie in \p range. An error, at
/// the emitter's location, where the range is too wide for a wire.
mlir::FailureOr<Secret> goldschmidt(Emitter &emit, Inverse kind, mlir::Value x,
                                    Range range, const GoldschmidtPlan &plan);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_GOLDSCHMIDT_H
