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

#include <algorithm>
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
  /// The function is applied to few elements, as 1/x to sums of rows is: a low
  /// scale of the result, which may save a round, is worth more than dealt
  /// bits.
  bool few = false;
  /// Fraction bits of the argument. Without it: the fewest for which rounding
  /// the argument changes the function by at most maxError.
  std::optional<unsigned> inputScale = std::nullopt;
  /// If not empty, the series is given: the sum of sines[j-1] sin(j w x) with
  /// the smallest period above the range. Only its precision is chosen.
  std::vector<double> sines;
};

/// The series
///   value(x) = constant + sum_j A_j cos(f_j w x) + B_j sin(f_j w x),
/// j = 1..K, f_j = firstFrequency + (j - 1) frequencyStep,
/// w = 2 pi / 2^inputRing, x the integer argument (real units 2^-inputScale).
/// A runtime evaluates it for x = D - d with D public and d masked as constant
/// +
///   sum_j 2^(T-T_j) (p_j round(2^T_j cos(f_j w d)) +
///                    q_j round(2^T_j sin(f_j w d))),
///   p_j = round(2^Q (A_j cos(f_j w D) + B_j sin(f_j w D))),
///   q_j = round(2^Q (A_j sin(f_j w D) - B_j cos(f_j w D))),
/// at scale T + Q, T the largest of the T_j. The error bounds hold if points of
/// the circle come from runtime/Circle.h.
struct Fit {
  unsigned inputScale = 0;     ///< fraction bits of the argument
  unsigned inputRing = 0;      ///< m: period is 2^(m - inputScale) real units
  unsigned firstFrequency = 1; ///< of the first harmonic
  unsigned frequencyStep = 1;  ///< from one harmonic to the next
  unsigned factorBits = 0;     ///< Q: fraction bits of public factors
  std::vector<unsigned> dealtBits; ///< T_j: fraction bits of dealt cosines
  unsigned coefficientBits = 0;    ///< fraction bits of cosine and sine
  int64_t constant = 0;            ///< at the result's scale, T + Q
  std::vector<int64_t> cosine;     ///< A_1..A_K, below 2^32 in size
  std::vector<int64_t> sine;       ///< B_1..B_K, zero for an even function

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
  unsigned harmonics() const { return cosine.size(); }
  uint64_t frequency(unsigned j) const { ///< of harmonic j, from 0
    return firstFrequency + uint64_t(j) * frequencyStep;
  }
  unsigned resultScale() const {
    return *std::ranges::max_element(dealtBits) + factorBits;
  }
  /// log2 of the period in real units; may be negative.
  int period() const { return int(inputRing) - int(inputScale); }
};

/// Finds the cheapest series: fewest bits dealt among several periods, with all
/// harmonics or the odd ones. Deterministic.
///
/// Q and the T_j take the fewest bits for which certifiedError <= maxError.
/// Where that takes a scale over six bits finer than typicalError <= maxError
/// does, or more than maxRing holds, they do for typicalError <= maxError.
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
