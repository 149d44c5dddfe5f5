//===- Certify.cpp - integer series and their proven error ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The error of one evaluation is that of the series with integer coefficients,
// measured here at every argument, plus that of the roundings, bounded for all
// masks at once. Let h = hypot(A, B) be the size of a harmonic. Its public
// factors (pc, ps) err by a vector of at most 2^-Q / sqrt 2 (two roundings)
// plus sqrt 2 h tau (the cosine table), applied to a unit vector; its dealt
// cosines err by at most sqrt 2 times (2^-(T+1) + tau), applied to (pc, ps).
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/Certify.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <iterator>
#include <optional>
#include <unsupported/Eigen/FFT>

using namespace secformer;
using namespace secformer::fit;

namespace {

constexpr int tableBits = 30;
constexpr int largestCoefficientBits = 32;
/// Bits we pay to prove a bound which typically holds without them.
constexpr int bitsForProof = 6;
const double tau = std::ldexp(0.51, -tableBits);

/// What the roundings do to one evaluation, absolute.
struct Rounding {
  double harmonics = 0;
  double sum = 0;     ///< of h
  double squares = 0; ///< of h^2

  explicit Rounding(const Fit &fit) : harmonics(fit.harmonics) {
    for (unsigned j = 0; j < fit.harmonics; ++j) {
      double size =
          std::ldexp(std::hypot(double(fit.cosine[j]), double(fit.sine[j])),
                     -int(fit.coefficientBits));
      sum += size;
      squares += size * size;
    }
  }

  static double dealtUnit(int dealt) {
    return dealt < tableBits ? std::ldexp(0.5, -dealt) + tau : tau;
  }

  double worst(int dealt, int factor) const {
    double size = harmonics * std::ldexp(M_SQRT1_2, -factor) +
                  M_SQRT2 * tau * sum; // of the factors' error
    return size + M_SQRT2 * dealtUnit(dealt) * (sum + size) +
           std::ldexp(0.5, -(dealt + factor));
  }

  double typical(int dealt, int factor) const {
    double table = std::ldexp(1.0, -2 * tableBits);
    double variance = harmonics * std::ldexp(1.0, -2 * factor) +
                      squares * (table + std::ldexp(1.0, -2 * dealt) +
                                 (dealt < tableBits ? table : 0));
    return std::min(4 * std::sqrt(variance / 12), worst(dealt, factor));
  }
};

struct Precision {
  int dealt, factor;
};

/// The T and Q of least sum, at most `limit`, with error(T, Q) <= budget.
template <class Error>
std::optional<Precision> choosePrecision(Error error, double budget,
                                         int largestFactor, int limit) {
  for (int sum = 5; sum <= limit; ++sum) {
    std::optional<Precision> best;
    for (int dealt = 4; dealt <= std::min(tableBits, sum - 1); ++dealt) {
      Precision trial{dealt, sum - dealt};
      double now = trial.factor <= largestFactor
                       ? error(trial.dealt, trial.factor)
                       : INFINITY;
      if (now <= budget && (!best || now < error(best->dealt, best->factor)))
        best = trial;
    }
    if (best)
      return best;
  }
  return std::nullopt;
}

/// The series at the arguments 0 .. 2^inputRing - 1.
std::vector<double> tabulate(double constant, const Fit &fit) {
  size_t period = size_t(1) << fit.inputRing;
  std::vector<std::complex<double>> spectrum(period), values(period);
  spectrum[0] = constant;
  for (unsigned j = 1; j <= fit.harmonics; ++j)
    spectrum[j] = {
        std::ldexp(double(fit.cosine[j - 1]), -int(fit.coefficientBits)),
        -std::ldexp(double(fit.sine[j - 1]), -int(fit.coefficientBits))};
  Eigen::FFT<double> transform;
  transform.SetFlag(Eigen::FFT<double>::Unscaled);
  transform.inv(values.data(), spectrum.data(), period);
  std::vector<double> result(period);
  std::ranges::transform(values, result.begin(),
                         [](std::complex<double> v) { return v.real(); });
  return result;
}

/// Largest weighted error over the grid; sets largestInside, largestOutside.
double measure(const std::vector<double> &table, const Grid &grid, Fit &fit) {
  int64_t period = table.size();
  double error = 0;
  for (int64_t x = grid.first; x < grid.first + period; ++x) {
    double value = table[x & (period - 1)];
    if (x > grid.last) {
      fit.largestOutside = std::max(fit.largestOutside, std::abs(value));
      continue;
    }
    fit.largestInside = std::max(fit.largestInside, std::abs(value));
    error =
        std::max(error, std::abs(value - grid.valueAt(x)) * grid.weightAt(x));
  }
  return error;
}

/// Rounds the coefficients of the harmonics to integers below 2^32, as fine as
/// that allows; false where one is too large.
bool roundCoefficients(const Series &series, Fit &fit) {
  double largest = 0;
  for (const auto *side : {&series.cosine, &series.sine})
    for (double c : *side)
      largest = std::max(largest, std::abs(c));
  int bits = largestCoefficientBits;
  while (bits >= 0 && std::ldexp(largest, bits) >= std::ldexp(1.0, 32) - 1)
    --bits;
  if (bits < 0)
    return false;
  fit.coefficientBits = bits;
  auto round = [&](double c) { return std::llround(std::ldexp(c, bits)); };
  std::ranges::transform(series.cosine, std::back_inserter(fit.cosine), round);
  std::ranges::transform(series.sine, std::back_inserter(fit.sine), round);
  return true;
}

} // namespace

std::variant<Fit, std::string> fit::certify(const Series &series,
                                            const Grid &grid,
                                            unsigned inputRing,
                                            const FitRequest &request) {
  Fit result;
  result.inputScale = grid.inputScale;
  result.inputRing = inputRing;
  result.harmonics = series.cosine.size();
  if (!roundCoefficients(series, result))
    return "needs coefficients of 2^32 or more";
  Rounding rounding(result);

  double seriesError = measure(tabulate(series.constant, result), grid, result);
  // The transform's own rounding, with room to spare.
  seriesError +=
      1e-14 * (std::abs(series.constant) + rounding.sum) * grid.largestWeight;
  double perUnit = grid.largestWeight;
  double budget = (request.maxError - seriesError) / perUnit;
  double largest = std::max(result.largestInside, result.largestOutside);
  auto coverValue = [&](double rounding) {
    while (largest + rounding >= std::ldexp(1.0, result.valueBits))
      ++result.valueBits;
    return int(request.maxRing) - 2 - int(result.valueBits);
  };

  std::string tooWide = "needs a ring of more than " +
                        std::to_string(request.maxRing) +
                        " bits for its result";
  auto worst = [&](int t, int q) { return rounding.worst(t, q); };
  auto typical = [&](int t, int q) { return rounding.typical(t, q); };
  int largestFactor = int(result.coefficientBits) + tableBits - 1;
  int limit = coverValue(std::max(budget, 0.0));
  auto chosen = choosePrecision(typical, budget, largestFactor, limit);
  if (!chosen)
    return tooWide;
  int proofLimit =
      std::min(limit, chosen->dealt + chosen->factor + bitsForProof);
  if (auto proven = choosePrecision(worst, budget, largestFactor, proofLimit))
    chosen = proven;

  auto [dealt, factor] = *chosen;
  if (dealt + factor > coverValue(worst(dealt, factor)))
    return tooWide;
  result.dealtBits = dealt;
  result.factorBits = factor;
  result.constant = std::llround(std::ldexp(series.constant, dealt + factor));
  result.certifiedError = seriesError + worst(dealt, factor) * perUnit;
  result.typicalError = seriesError + typical(dealt, factor) * perUnit;
  return result;
}
