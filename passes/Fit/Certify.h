//===- Certify.h - integer series and their proven error ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Rounds a series to integer coefficients, evaluates it at every argument, and
// has the precision of public factors and dealt cosines chosen.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_FIT_CERTIFY_H
#define SECFORMER_PASSES_FIT_CERTIFY_H

#include "passes/Fit/Fit.h"
#include "passes/Fit/LeastSquares.h"

namespace secformer::fit {

/// The function at every representable argument of the range.
struct Grid {
  unsigned inputScale = 0;
  int64_t first = 0, last = 0; ///< integer arguments
  std::vector<double> value;
  std::vector<double> weight; ///< 1, or 1 / |value| for a relative error
  double largestWeight = 0;

  double valueAt(int64_t x) const { return value[x - first]; }
  double weightAt(int64_t x) const { return weight[x - first]; }
};

/// Which multiples of 2 pi / 2^inputRing the harmonics of a series are.
struct Spectrum {
  unsigned inputRing;
  unsigned first = 1; ///< of the first harmonic
  bool odd = false;   ///< the others are odd multiples of it, else all

  unsigned step() const { return odd ? 2 * first : first; }
};

/// The series with integer coefficients, certified over the grid with all
/// fields of Fit set; or the reason why no T and Q serve the request.
std::variant<Fit, std::string> certify(const Series &series, const Grid &grid,
                                       const Spectrum &spectrum,
                                       const FitRequest &request);

/// The same in little time for a search: looks at some arguments only.
std::variant<Fit, std::string> estimate(const Series &series, const Grid &grid,
                                        const Spectrum &spectrum,
                                        const FitRequest &request);

} // namespace secformer::fit

#endif // SECFORMER_PASSES_FIT_CERTIFY_H
