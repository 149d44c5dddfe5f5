//===- Fit.h - smooth functions as integer Fourier series -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A smooth function on a known range becomes a Fourier series of power-of-two
// period (a Fourier extension). Its argument is a masked wire of inputRing bits
// and its value costs no further round: docs/protocols.md, "Smooth functions".
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_FIT_FIT_H
#define SECFORMER_PASSES_FIT_FIT_H

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace secformer {

/// What to fit and how well.
struct FitRequest {
  /// Appears in reasons and in cacheKey; tells functions apart for a cache.
  std::string name;
  std::function<double(double)> function;
  /// Valid range of the argument, in real units. The integer argument itself
  /// must lie in it: leave room for its rounding.
  double low = 0, high = 0;
  /// Bound on |value - function|, or on |value - function| / |function|.
  double maxError = 0;
  bool relative = false;
  /// The function is even: cosines only, fitted on [-b, b], b = max(|low|,
  /// |high|).
  bool even = false;
  /// Largest inputRing allowed; at most 20.
  unsigned maxInputBits = 20;
  /// Largest ring for a result that can still be truncated, hence T + Q +
  /// valueBits + 2 at most; at most 64.
  unsigned maxRing = 64;
  /// Fraction bits of the argument. Without it: the fewest for which rounding
  /// the argument changes the function by at most maxError.
  std::optional<unsigned> inputScale = std::nullopt;
  /// If not empty, the series is given: the sum of sines[j-1] sin(j w x) with
  /// the smallest period above the range. Only its precision is chosen.
  std::vector<double> sines;
};

/// The series
///   value(x) = constant + sum_j A_j cos(j w x) + B_j sin(j w x), j = 1..K,
/// w = 2 pi / 2^inputRing, x the integer argument (real units 2^-inputScale).
/// A runtime evaluates it for x = D - d with D public and d masked as
///   constant + sum_j pc_j round(2^T cos(j w d)) + ps_j round(2^T sin(j w d)),
///   pc_j = round(2^Q (A_j cos(j w D) + B_j sin(j w D))),
///   ps_j = round(2^Q (A_j sin(j w D) - B_j cos(j w D))), at scale T + Q.
/// The error bounds hold if cosines come from a table rounded to 2^-30 (off by
/// at most 0.51 units), both for D and, rounded once more to 2^-T, for d.
struct Fit {
  unsigned inputScale = 0;      ///< fraction bits of the argument
  unsigned inputRing = 0;       ///< m: period is 2^(m - inputScale) real units
  unsigned harmonics = 0;       ///< K
  unsigned factorBits = 0;      ///< Q: fraction bits of public factors
  unsigned dealtBits = 0;       ///< T: fraction bits of dealt cosines, <= 30
  unsigned coefficientBits = 0; ///< fraction bits of cosine and sine
  int64_t constant = 0;         ///< at the result's scale, T + Q
  std::vector<int64_t> cosine;  ///< A_1..A_K, below 2^32 in size
  std::vector<int64_t> sine;    ///< B_1..B_K, zero for an even function

  /// Proven bound over every representable argument in the range and every
  /// mask, in the request's measure (absolute or relative).
  double certifiedError = 0;
  /// Error of the series plus four standard deviations of the roundings: a
  /// bound which one value in 10^4 may exceed, and none beyond certifiedError.
  double typicalError = 0;
  double largestInside = 0;  ///< largest |value| over the range
  double largestOutside = 0; ///< largest |value| over the rest of the period
  /// |value| < 2^valueBits everywhere; the result, at scale T + Q, therefore
  /// needs a ring of T + Q + valueBits + 1 bits (one more to be truncated).
  unsigned valueBits = 0;

  bool operator==(const Fit &) const = default;
  unsigned resultScale() const { return dealtBits + factorBits; }
  /// log2 of the period in real units; may be negative.
  int period() const { return int(inputRing) - int(inputScale); }
};

/// Finds the cheapest series: fewest harmonics times result bits among the two
/// smallest periods. Deterministic.
///
/// T and Q are the smallest for which certifiedError <= maxError. Where that
/// takes over six bits more than typicalError <= maxError does, or more than
/// maxRing holds, they are the smallest for typicalError <= maxError.
///
/// Otherwise returns the reason: which limit the request exceeds.
std::variant<Fit, std::string> fitUnivariate(const FitRequest &request);

/// The same, found once in the life of the process for requests of one
/// cacheKey: operations are lowered several times to compare protocols and
/// fraction bits.
std::variant<Fit, std::string> knownUnivariate(const FitRequest &request);

/// Everything in the request that decides the result, function by name.
std::string cacheKey(const FitRequest &request);

/// The exact value of the series at the integer argument x (any integer; the
/// period wraps), without the roundings of masks.
double evaluate(const Fit &fit, int64_t x);

} // namespace secformer

#endif // SECFORMER_PASSES_FIT_FIT_H
