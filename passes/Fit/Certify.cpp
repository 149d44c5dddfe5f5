//===- Certify.cpp - integer series and their proven error ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The error of the series with integer coefficients is measured at every
// argument; Precision.h bounds what roundings add.
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/Certify.h"
#include "passes/Fit/Precision.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <iterator>
#include <unsupported/Eigen/FFT>

using namespace secformer;
using namespace secformer::fit;

namespace {

constexpr int largestCoefficientBits = 32;
/// Q may be so much finer than the coefficients; factors are below 2^50 then.
constexpr int factorsBeyondCoefficients = 16;
/// Bits we pay to prove a bound which typically holds without them.
constexpr int bitsForProof = 6;
/// Of the error asked for, what a proven bound takes. Bits are
/// chosen harmonic by harmonic, so every bound comes close to what it may be;
/// with all of it the errors of a model would add up to more than its accuracy
/// was judged by.
constexpr double usualShare = 6.0 / 7;

/// The sizes of the harmonics.
std::vector<double> sizesOf(const Fit &fit) {
  std::vector<double> sizes;
  for (unsigned j = 0; j < fit.harmonics(); ++j)
    sizes.push_back(
        std::ldexp(std::hypot(double(fit.cosine[j]), double(fit.sine[j])),
                   -int(fit.coefficientBits)));
  return sizes;
}

/// The series at 2^bits arguments, a period in equal steps from 0.
std::vector<double> tabulate(double constant, const Fit &fit, unsigned bits) {
  size_t period = size_t(1) << bits;
  std::vector<std::complex<double>> spectrum(period), values(period);
  spectrum[0] = constant;
  for (unsigned j = 0; j < fit.harmonics(); ++j)
    spectrum[fit.frequency(j)] = {
        std::ldexp(double(fit.cosine[j]), -int(fit.coefficientBits)),
        -std::ldexp(double(fit.sine[j]), -int(fit.coefficientBits))};
  Eigen::FFT<double> transform;
  transform.SetFlag(Eigen::FFT<double>::Unscaled);
  transform.inv(values.data(), spectrum.data(), period);
  std::vector<double> result(period);
  std::ranges::transform(values, result.begin(),
                         [](std::complex<double> v) { return v.real(); });
  return result;
}

/// Largest weighted error at the arguments of the table; sets largestInside,
/// largestOutside.
double measure(const std::vector<double> &table, const Grid &grid, Fit &fit) {
  const int64_t period = int64_t(1) << fit.inputRing;
  const int64_t step = period / int64_t(table.size());
  const int64_t first = (grid.first + step - 1) & -step;
  double error = 0;
  for (int64_t x = first; x < first + period; x += step) {
    double value = table[(x & (period - 1)) / step];
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

/// Over a table of 2^tableBits arguments and the samples of the series.
std::variant<Fit, std::string> evaluated(const Series &series, const Grid &grid,
                                         const Spectrum &spectrum,
                                         const FitRequest &request,
                                         unsigned tableBits) {
  Fit result;
  result.inputScale = grid.inputScale;
  result.inputRing = spectrum.inputRing;
  result.firstFrequency = spectrum.first;
  result.frequencyStep = spectrum.step();
  if (!roundCoefficients(series, result))
    return "needs coefficients of 2^32 or more";
  const Rounding rounding(sizesOf(result));

  double seriesError = std::max(
      series.error,
      measure(tabulate(series.constant, result, tableBits), grid, result));
  // The transform's own rounding, with room to spare.
  seriesError += 1e-14 * (std::abs(series.constant) + rounding.sumOfSizes()) *
                 grid.largestWeight;
  double perUnit = grid.largestWeight;
  double budget = (request.maxError - seriesError) / perUnit;
  double usual = (usualShare * request.maxError - seriesError) / perUnit;
  double largest = std::max(result.largestInside, result.largestOutside);
  auto coverValue = [&](double error) {
    while (largest + error >= std::ldexp(1.0, result.valueBits))
      ++result.valueBits;
    return int(request.maxRing) - 2 - int(result.valueBits);
  };

  std::string tooWide = "needs a ring of more than " +
                        std::to_string(request.maxRing) +
                        " bits for its result";
  int largestFactor = int(result.coefficientBits) + factorsBeyondCoefficients;
  int limit = coverValue(std::max(budget, 0.0));
  auto choose = [&](Rounding::Error error, double within, int widest) {
    return rounding.choose(error, within, largestFactor, widest, request.few);
  };
  auto chosen = choose(&Rounding::typical, budget, limit);
  if (!chosen)
    return tooWide;
  int proofLimit = std::min(limit, chosen->scale() + bitsForProof);
  if (auto proven = choose(&Rounding::worst, usual, proofLimit))
    chosen = proven;

  const double worst = rounding.worst(*chosen);
  if (chosen->scale() > coverValue(worst))
    return tooWide;
  result.dealtBits.assign(chosen->dealt.begin(), chosen->dealt.end());
  result.factorBits = chosen->factor;
  result.constant = std::llround(std::ldexp(series.constant, chosen->scale()));
  result.certifiedError = seriesError + worst * perUnit;
  result.typicalError = seriesError + rounding.typical(*chosen) * perUnit;
  return result;
}

} // namespace

std::variant<Fit, std::string> fit::certify(const Series &series,
                                            const Grid &grid,
                                            const Spectrum &spectrum,
                                            const FitRequest &request) {
  return evaluated(series, grid, spectrum, request, spectrum.inputRing);
}

std::variant<Fit, std::string> fit::estimate(const Series &series,
                                             const Grid &grid,
                                             const Spectrum &spectrum,
                                             const FitRequest &request) {
  // 16 arguments and more in a period of the last harmonic.
  const uint64_t frequencies =
      spectrum.first + series.cosine.size() * spectrum.step();
  return evaluated(
      series, grid, spectrum, request,
      std::min<unsigned>(spectrum.inputRing, std::bit_width(frequencies) + 4));
}
