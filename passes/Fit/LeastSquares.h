//===- LeastSquares.h - bounded minimax fit of a Fourier series -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Weighted least squares with a Tikhonov term that keeps the coefficients
// small, reweighted towards the minimax solution (Lawson, 1961).
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_FIT_LEASTSQUARES_H
#define SECFORMER_PASSES_FIT_LEASTSQUARES_H

#include <memory>
#include <vector>

namespace secformer::fit {

/// Points to fit: angles of the first harmonic, values, and what an error at a
/// point is multiplied by (1, or 1 / |value| for a relative error).
struct Samples {
  std::vector<long double> angle;
  std::vector<double> value, weight;
};

/// A constant and harmonics, which are 1, 2, 3, ... or, if `odd`, 1, 3, 5, ...
/// times the first.
struct Series {
  double constant = 0;
  std::vector<double> cosine, sine; ///< sine is zero for an even function
  double error = 0;                 ///< largest weighted error on the samples
};

/// Fits series of a fixed number of harmonics (odd ones or all) to fixed
/// samples.
class SeriesSolver {
public:
  SeriesSolver(const Samples &samples, unsigned harmonics, bool even, bool odd);
  ~SeriesSolver();

  /// Minimises the largest weighted error plus a penalty on the coefficients,
  /// stopping early at an error of `target`. `penalty` is relative to the
  /// scale of the problem and at least smallestPenalty().
  Series solve(double penalty, double target) const;

  /// What double, or for few harmonics long double, arithmetic can resolve.
  double smallestPenalty() const;

  class Backend;

private:
  std::unique_ptr<Backend> backend;
};

} // namespace secformer::fit

#endif // SECFORMER_PASSES_FIT_LEASTSQUARES_H
