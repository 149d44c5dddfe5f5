//===- Fit.cpp - smooth functions as integer Fourier series ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Searches for the cheapest series: argument bits, period, harmonics, and the
// largest penalty on the coefficients which still reaches the error.
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/Fit.h"
#include "passes/Fit/Certify.h"
#include "passes/Fit/LeastSquares.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <sstream>

using namespace secformer;
using namespace secformer::fit;

namespace {

constexpr unsigned harmonicsLadder[] = {4,  6,  8,  12,  16,  20,  24,  32,
                                        48, 64, 96, 128, 192, 256, 384, 512};
/// Above so many harmonics the search is coarser, and with yet more it takes
/// the first series of the ladder and of the two smallest periods.
constexpr unsigned manyHarmonics = 24, tooManyHarmonics = 64;
constexpr unsigned largestHarmonics = 512;
constexpr unsigned largestInputBits = 20;
/// Shares of maxError tried for the series; the roundings get the rest.
constexpr double seriesShares[] = {0.6, 0.35, 0.2};
/// In the gap |value| may be this many times what it is in the range, and where
/// that would cost more bits of scale than it saves words, this many.
constexpr double gapBound = 256, tightGapBound = 16;
/// Penalties tried: largestPenalty * 2^-(penaltyStep * i).
constexpr double largestPenalty = 1e-3;
constexpr int penaltyStep = 4;

struct Failure {
  std::string reason;
};

std::string text(double v) {
  std::ostringstream out;
  out << v;
  return out.str();
}

void checkRequest(const FitRequest &r) {
  if (!r.function)
    throw Failure{"has no function"};
  if (!(std::isfinite(r.low) && std::isfinite(r.high) && r.low < r.high))
    throw Failure{"has an empty or infinite range"};
  if (!(std::isfinite(r.maxError) && r.maxError > 0))
    throw Failure{"needs a positive maxError"};
  if (r.maxInputBits < 2 || r.maxInputBits > largestInputBits)
    throw Failure{"needs maxInputBits in 2..20"};
  if (r.maxRing < 8 || r.maxRing > 64)
    throw Failure{"needs maxRing in 8..64"};
}

/// The range fitted: symmetric for an even function.
std::pair<double, double> range(const FitRequest &r) {
  double bound = std::max(std::abs(r.low), std::abs(r.high));
  return r.even ? std::pair(-bound, bound) : std::pair(r.low, r.high);
}

double valueAt(const FitRequest &r, double x) {
  double v = r.function(x);
  if (!std::isfinite(v))
    throw Failure{"is not finite at " + text(x)};
  if (r.relative && v == 0)
    throw Failure{"is zero at " + text(x) +
                  ", where a relative error has no meaning"};
  return v;
}

/// The fewest fraction bits for which rounding the argument by half a unit
/// changes the function by at most maxError.
int chooseInputScale(const FitRequest &r) {
  if (r.inputScale)
    return *r.inputScale;
  constexpr int steps = 4096;
  auto [low, high] = range(r);
  double slope = 0, before = valueAt(r, low);
  for (int i = 1; i <= steps; ++i) {
    // Dense at the ends, where functions are steep.
    double at =
        low + (high - low) * (1 - std::cos(std::numbers::pi * i / steps)) / 2;
    double previous =
        low +
        (high - low) * (1 - std::cos(std::numbers::pi * (i - 1) / steps)) / 2;
    double value = valueAt(r, at);
    double size = r.relative ? std::min(std::abs(value), std::abs(before)) : 1;
    slope = std::max(slope, std::abs(value - before) / size / (at - previous));
    before = value;
  }
  return std::max(0, int(std::ceil(std::log2(slope / (2 * r.maxError)))));
}

/// log2 of the smallest period above the range.
int smallestPeriod(const FitRequest &r) {
  auto [low, high] = range(r);
  return int(std::floor(std::log2(high - low))) + 1;
}

Grid makeGrid(const FitRequest &r, int inputScale) {
  Grid grid;
  grid.inputScale = inputScale;
  auto [low, high] = range(r);
  grid.first = std::ceil(std::ldexp(low, inputScale));
  grid.last = std::floor(std::ldexp(high, inputScale));
  if (grid.last - grid.first < 8)
    throw Failure{"has fewer than 9 arguments at input scale " +
                  std::to_string(inputScale)};
  for (int64_t x = grid.first; x <= grid.last; ++x) {
    double v = valueAt(r, std::ldexp(double(x), -inputScale));
    grid.value.push_back(v);
    grid.weight.push_back(r.relative ? 1 / std::abs(v) : 1);
  }
  for (int64_t x = 1; r.even && x <= grid.last; ++x)
    if (std::abs(grid.valueAt(x) - grid.valueAt(-x)) * grid.weightAt(x) >
        1e-3 * r.maxError)
      throw Failure{"is not even"};
  grid.largestWeight = std::ranges::max(grid.weight);
  return grid;
}

/// Chebyshev points of the range, rounded to arguments; of one half of it for
/// an even function.
Samples sample(const Grid &grid, const Spectrum &spectrum, unsigned harmonics,
               bool even) {
  double first = even ? 0 : double(grid.first), last = double(grid.last);
  int count = harmonics * (harmonics <= 128 ? 16 : 8);
  int64_t previous = grid.first - 1;
  Samples samples;
  for (int i = 0; i <= count; ++i) {
    double t = (1 - std::cos(std::numbers::pi * i / count)) / 2;
    int64_t x = std::llround(first + (last - first) * t);
    if (x == previous)
      continue;
    previous = x;
    samples.angle.push_back(
        2 * std::numbers::pi_v<long double> *
        std::ldexp((long double)x * spectrum.first, -int(spectrum.inputRing)));
    samples.value.push_back(grid.valueAt(x));
    samples.weight.push_back(grid.weightAt(x));
  }
  return samples;
}

/// What an element costs: bits dealt. Each bit of the argument widens all that
/// it is made of: 9 % more. Each bit of the result's scale takes from what is
/// left of the ring, which may save a truncation: 4 % more, or 41 %.
double cost(const Fit &fit, bool few) {
  int insideBits = 0;
  std::frexp(fit.largestInside, &insideBits);
  unsigned bits = 0;
  for (unsigned dealt : fit.dealtBits)
    bits += 2 * std::max(1, int(dealt + fit.factorBits) + insideBits + 2);
  return bits * std::exp2(fit.inputRing / 8.0 +
                          fit.resultScale() / (few ? 2.0 : 16.0));
}

/// A series that seems to satisfy the request.
struct Candidate {
  Series series;
  Spectrum spectrum;
  unsigned harmonics;
  bool unproven; ///< its bound typically holds, but that takes a proof
  double cost;

  bool operator<(const Candidate &other) const {
    return std::pair(unproven, cost) < std::pair(other.unproven, other.cost);
  }
};

/// Tries one spectrum.
class Search {
public:
  Search(const FitRequest &request, const Grid &grid, const Spectrum &spectrum)
      : request(request), grid(grid), spectrum(spectrum) {}

  /// Series of up to `limit` harmonics, about as few as satisfy the request.
  std::vector<Candidate> run(unsigned limit) {
    unsigned tooFew = 3;
    for (unsigned next : harmonicsLadder) {
      const unsigned harmonics = std::min(next, limit);
      if (harmonics <= tooFew || !fits(harmonics))
        break;
      if (tryHarmonics(harmonics)) {
        if (coarse(harmonics))
          break;
        // With some more the coefficients and so the scale are smaller.
        const unsigned enough = fewest(tooFew, harmonics);
        for (unsigned more : {enough + (enough + 7) / 8, enough + enough / 4})
          if (more != harmonics && more <= limit && fits(more))
            tryHarmonics(more);
        break;
      }
      tooFew = harmonics;
    }
    return std::move(found);
  }

  double reached = INFINITY; ///< least error of any series seen
  std::string reason;        ///< why a series of sufficient error was refused

private:
  /// Are the first harmonics of the ladder that suffice good enough? With some
  /// more than needed the scale is lower.
  bool coarse(unsigned harmonics) const {
    return request.few || harmonics > tooManyHarmonics;
  }

  bool fits(unsigned harmonics) const {
    return uint64_t(spectrum.first) + (harmonics - 1) * spectrum.step() <
           (uint64_t(1) << spectrum.inputRing) / 2;
  }

  unsigned fewest(unsigned tooFew, unsigned enough) {
    while (enough - tooFew > (enough > manyHarmonics ? enough / 8 : 1)) {
      const unsigned middle = (enough + tooFew) / 2;
      (tryHarmonics(middle) ? enough : tooFew) = middle;
    }
    return enough;
  }

  bool tryHarmonics(unsigned harmonics) {
    SeriesSolver solver(sample(grid, spectrum, harmonics, request.even),
                        harmonics, request.even, spectrum.odd);
    const size_t before = found.size();
    const unsigned enoughSearched =
        request.few ? tooManyHarmonics : manyHarmonics;
    for (double share :
         std::span(seriesShares).first(harmonics > tooManyHarmonics ? 2 : 3)) {
      const bool close = tryTarget(solver, share * request.maxError);
      if (!close || (harmonics > enoughSearched && found.size() > before))
        break;
    }
    return found.size() > before;
  }

  /// Is there a series as close as `target`? Found only if it passes.
  bool tryTarget(const SeriesSolver &solver, double target) {
    double smallest = solver.smallestPenalty();
    Series series = solver.solve(smallest, target);
    reached = std::min(reached, series.error);
    if (series.error > target)
      return false;
    // The largest penalty that suffices gives the smallest coefficients, hence
    // the fewest result bits and the least overshoot in the gap.
    int enough = std::ceil(std::log2(largestPenalty / smallest) / penaltyStep);
    for (int tooMuch = -1; enough - tooMuch > 1;) {
      int middle = (enough + tooMuch) / 2;
      Series trial = solver.solve(
          std::ldexp(largestPenalty, -penaltyStep * middle), target);
      if (trial.error <= target) {
        series = std::move(trial);
        enough = middle;
      } else {
        tooMuch = middle;
      }
    }
    accept(std::move(series));
    return true;
  }

  void accept(Series series) {
    auto result = estimate(series, grid, spectrum, request);
    if (auto *why = std::get_if<std::string>(&result)) {
      reason = *why;
      return;
    }
    const Fit &fit = std::get<Fit>(result);
    const double bound = coarse(fit.harmonics()) ? tightGapBound : gapBound;
    if (fit.largestOutside > bound * fit.largestInside)
      reason = "grows too large outside its range";
    else
      found.push_back({std::move(series), spectrum, fit.harmonics(),
                       fit.certifiedError > request.maxError,
                       cost(fit, request.few)});
  }

  const FitRequest &request;
  const Grid &grid;
  Spectrum spectrum;
  std::vector<Candidate> found;
};

/// The spectra to try for a range of `width` units: periods 2^m / q from just
/// above the range to four times it, the two smallest 2^m first. Odd multiples
/// alone serve functions that continue, half a period on, with the other sign
/// (about some constant), as a line with a rounded corner does.
std::vector<Spectrum> spectra(unsigned smallestRing, double width,
                              unsigned largestRing) {
  std::vector<Spectrum> result;
  for (bool plain : {true, false})
    for (unsigned extra = 0; extra <= 2; ++extra)
      for (unsigned first = 1; first < 2U << extra; first += 2)
        for (bool odd : {false, true}) {
          const unsigned ring = smallestRing + extra;
          const double period = std::ldexp(1.0 / first, int(ring));
          if (ring >= 4 && ring <= largestRing && period > width &&
              period <= 4 * width &&
              plain == (first == 1 && extra <= 1 && !odd))
            result.push_back({ring, first, odd});
        }
  return result;
}

Fit search(const FitRequest &request) {
  checkRequest(request);
  int inputScale = chooseInputScale(request);
  int inputRing = inputScale + smallestPeriod(request);
  if (inputRing > int(request.maxInputBits))
    throw Failure{"needs " + std::to_string(inputRing) + " input bits (scale " +
                  std::to_string(inputScale) + "), more than " +
                  std::to_string(request.maxInputBits) +
                  ": give a smaller range, a larger error or a coarser "
                  "input scale"};
  Grid grid = makeGrid(request, inputScale);
  if (!request.sines.empty()) {
    std::vector<double> none(request.sines.size(), 0.0);
    auto given = certify({0, none, request.sines, 0}, grid,
                         {.inputRing = unsigned(inputRing)}, request);
    if (auto *why = std::get_if<std::string>(&given))
      throw Failure{*why};
    return std::get<Fit>(given);
  }
  std::vector<Candidate> candidates;
  double reached = INFINITY;
  std::string reason;
  unsigned limit = largestHarmonics;
  for (const Spectrum &spectrum : spectra(
           inputRing, double(grid.last - grid.first), request.maxInputBits)) {
    const bool plain = spectrum.first == 1 && !spectrum.odd;
    if (!plain && !candidates.empty() &&
        candidates.front().harmonics > tooManyHarmonics)
      break;
    Search attempt(request, grid, spectrum);
    for (Candidate &found : attempt.run(limit)) {
      limit = std::min(limit, found.harmonics * 5 / 4);
      candidates.push_back(std::move(found));
    }
    reached = std::min(reached, attempt.reached);
    if (reason.empty())
      reason = attempt.reason;
  }
  std::stable_sort(candidates.begin(), candidates.end());
  for (const Candidate &candidate : candidates) {
    auto result = certify(candidate.series, grid, candidate.spectrum, request);
    if (auto *fit = std::get_if<Fit>(&result))
      return std::move(*fit);
  }
  if (!reason.empty())
    throw Failure{reason};
  throw Failure{"needs more than " + std::to_string(largestHarmonics) +
                " harmonics for an error of " + text(request.maxError) +
                " (the closest series tried errs by " + text(reached) + ")"};
}

} // namespace

std::variant<Fit, std::string>
secformer::fitUnivariate(const FitRequest &request) {
  try {
    return search(request);
  } catch (const Failure &failure) {
    return request.name + " on [" + text(request.low) + ", " +
           text(request.high) + "] " + failure.reason;
  }
}

double secformer::evaluate(const Fit &fit, int64_t x) {
  uint64_t mask = (uint64_t(1) << fit.inputRing) - 1;
  double sum = 0;
  for (unsigned j = 0; j < fit.harmonics(); ++j) {
    double angle = 2 * std::numbers::pi *
                   std::ldexp(double(fit.frequency(j) * uint64_t(x) & mask),
                              -int(fit.inputRing));
    sum += double(fit.cosine[j]) * std::cos(angle) +
           double(fit.sine[j]) * std::sin(angle);
  }
  return std::ldexp(double(fit.constant), -int(fit.resultScale())) +
         std::ldexp(sum, -int(fit.coefficientBits));
}
