//===- Certify.h - integer series and their proven error ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Rounds a series to integer coefficients, evaluates it at every argument, and
// chooses the precision of public factors and dealt cosines.
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

/// The series with integer coefficients, certified over the grid with all
/// fields of Fit set; or the reason why no T and Q serve the request.
std::variant<Fit, std::string> certify(const Series &series, const Grid &grid,
                                       unsigned inputRing,
                                       const FitRequest &request);

} // namespace secformer::fit

#endif // SECFORMER_PASSES_FIT_CERTIFY_H
