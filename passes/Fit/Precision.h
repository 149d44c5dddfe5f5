//===- Precision.h - fraction bits of public factors and dealt cosines ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The error of one evaluation is that of the series with integer coefficients
// plus that of the roundings, bounded here for all masks at once. Let h be the
// size hypot(A, B) of a harmonic. Its public factors (p, q) err by a vector of
// at most 2^-Q / sqrt 2 (two roundings) plus h tau (the point of the circle),
// applied to a unit vector; its dealt cosines err by at most 2^-T / sqrt 2 +
// tau, applied to (p, q).
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_FIT_PRECISION_H
#define SECFORMER_PASSES_FIT_PRECISION_H

#include <optional>
#include <vector>

namespace secformer::fit {

struct Precision {
  int factor = 0;         ///< Q
  std::vector<int> dealt; ///< T of every harmonic

  int scale() const; ///< of the result: the largest T, plus Q
};

/// What the roundings do to one evaluation, absolute.
class Rounding {
public:
  /// \p sizes: h of every harmonic.
  explicit Rounding(std::vector<double> sizes);

  /// A bound for all masks.
  double worst(const Precision &precision) const;
  /// Four standard deviations over random masks; at most worst().
  double typical(const Precision &precision) const;
  double sumOfSizes() const { return sum; }

  using Error = double (Rounding::*)(const Precision &) const;
  /// The precision of fewest dealt bits with an error within \p budget, Q at
  /// most \p largestFactor and a result's scale of at most \p limit; if \p few
  /// elements are to be dealt, of the lowest scale.
  std::optional<Precision> choose(Error error, double budget, int largestFactor,
                                  int limit, bool few) const;

private:
  Precision withBits(int factor, int bits, int mostDealt) const;
  std::optional<Precision> fewestBits(Error error, double budget, int factor,
                                      int mostDealt) const;

  std::vector<double> sizes;
  /// Of the harmonics: T for one common error (exponent of h, rounded up), and
  /// their places in the order of who errs most with it.
  std::vector<int> exponent, rank;
  double sum = 0, tau;
};

} // namespace secformer::fit

#endif // SECFORMER_PASSES_FIT_PRECISION_H
