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
// The last factor of a root may be quadratic, too, since b needs it no more.
//
// A range that takes many steps is cut into segments of one ratio, which public
// thresholds tell apart in one comparison: each has a deflation of its own, so
// that the steps begin with the range of one segment. b is opened as a product
// with the chosen deflation, which takes a round, and a begins with what takes
// the deflation back, which is chosen likewise.
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
  /// Fraction bits of b in the factor.
  unsigned factorBits = 14;
  double factor(double b) const;
};

/// What `a` takes of a factor that b takes: all of it, or its root.
double ofFactor(Inverse kind, double factor);

struct GoldschmidtPlan {
  std::vector<GoldschmidtStep> steps;
  /// The argument is divided by this first.
  double deflation = 1;
  /// Where it changes to the next segment: thresholds of the argument, known to
  /// a unit of so many fraction bits. Without any there is one segment.
  std::vector<double> thresholds;
  unsigned thresholdBits = 0;
  /// The argument is multiplied by that of its segment.
  std::vector<int64_t> multiples{1};
  /// Where b lies at the end, for arguments of the range.
  Range end;
  /// Largest relative error of the result, without the wires' roundings.
  double error = 0;
  /// What the accumulated factors are divided by.
  double scale = 1;
  /// b stays in (0, bound].
  double bound = 1;
  /// Fraction bits of b in products, and of `a`.
  unsigned fineBits = 14, sumBits = 16;
  /// `a` stays in (0, largest].
  double largest = 1;
  /// Can wires hold the products?
  bool fits = true;

  /// What `a` begins with, without multiples.
  double start(Inverse kind) const;
  /// Fraction bits of b before its first rounding, if there are segments.
  unsigned argumentBits() const;
  /// From the argument's first opening to that of the last factor, with exact
  /// truncation.
  unsigned rounds() const;
};

/// Segments and steps for arguments of a positive range, so that the relative
/// error of the result is at most two units of activations: the fewest rounds,
/// of these the fewest segments. The deflation is a power of two.
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
