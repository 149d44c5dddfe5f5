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
#include <map>
#include <mutex>
#include <numbers>
#include <sstream>

using namespace secformer;
using namespace secformer::fit;

namespace {

constexpr unsigned harmonicsLadder[] = {4,  6,  8,  12,  16,  20,  24,  32,
                                        48, 64, 96, 128, 192, 256, 384, 512};
constexpr unsigned largestHarmonics = 512;
constexpr unsigned largestInputBits = 20;
/// Shares of maxError tried for the series; the roundings get the rest.
constexpr double seriesShares[] = {0.6, 0.35};
/// In the gap |value| may be this many times what it is in the range.
constexpr double gapBound = 16;
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
Samples sample(const Grid &grid, unsigned inputRing, unsigned harmonics,
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
    samples.angle.push_back(2 * std::numbers::pi_v<long double> *
                            std::ldexp((long double)x, -int(inputRing)));
    samples.value.push_back(grid.valueAt(x));
    samples.weight.push_back(grid.weightAt(x));
  }
  return samples;
}

/// Harmonics times result bits: what the dealer sends and the parties compute.
unsigned cost(const Fit &fit) {
  return fit.harmonics * (fit.resultScale() + fit.valueBits + 1);
}

/// Tries one period.
class Search {
public:
  Search(const FitRequest &request, const Grid &grid, unsigned inputRing)
      : request(request), grid(grid), inputRing(inputRing) {}

  /// The series of fewest harmonics, up to `limit`, that satisfies the request.
  std::optional<Fit> run(unsigned limit) {
    for (unsigned harmonics : harmonicsLadder)
      if (harmonics <= limit && 2 * harmonics < (1u << inputRing))
        if (auto fit = tryHarmonics(harmonics))
          return fit;
    return std::nullopt;
  }

  double reached = INFINITY; ///< least error of any series seen
  std::string reason;        ///< why a series of sufficient error was refused

private:
  std::optional<Fit> tryHarmonics(unsigned harmonics) {
    SeriesSolver solver(sample(grid, inputRing, harmonics, request.even),
                        harmonics, request.even);
    for (double share : seriesShares)
      if (auto fit = tryTarget(solver, share * request.maxError))
        return fit;
    return std::nullopt;
  }

  std::optional<Fit> tryTarget(const SeriesSolver &solver, double target) {
    double smallest = solver.smallestPenalty();
    Series series = solver.solve(smallest, target);
    reached = std::min(reached, series.error);
    if (series.error > target)
      return std::nullopt;
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
    return accept(series);
  }

  std::optional<Fit> accept(const Series &series) {
    auto result = certify(series, grid, inputRing, request);
    if (auto *why = std::get_if<std::string>(&result)) {
      reason = *why;
      return std::nullopt;
    }
    Fit &fit = std::get<Fit>(result);
    if (fit.largestOutside > gapBound * fit.largestInside) {
      reason = "grows too large outside its range";
      return std::nullopt;
    }
    return fit;
  }

  const FitRequest &request;
  const Grid &grid;
  unsigned inputRing;
};

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
    auto given = certify({0, none, request.sines, 0}, grid, inputRing, request);
    if (auto *why = std::get_if<std::string>(&given))
      throw Failure{*why};
    return std::get<Fit>(given);
  }
  std::optional<Fit> best;
  double reached = INFINITY;
  std::string reason;
  for (int ring : {inputRing, inputRing + 1}) {
    if (ring < 4 || ring > int(request.maxInputBits))
      continue;
    Search attempt(request, grid, ring);
    auto fit = attempt.run(best ? best->harmonics - 1 : largestHarmonics);
    if (fit && (!best || cost(*fit) < cost(*best)))
      best = fit;
    reached = std::min(reached, attempt.reached);
    if (reason.empty())
      reason = attempt.reason;
  }
  if (best)
    return *best;
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

std::variant<Fit, std::string>
secformer::knownUnivariate(const FitRequest &request) {
  static std::mutex mutex;
  static std::map<std::string, std::variant<Fit, std::string>> known;
  const std::string key = cacheKey(request);
  {
    const std::lock_guard lock(mutex);
    if (auto found = known.find(key); found != known.end())
      return found->second;
  }
  auto outcome = fitUnivariate(request);
  const std::lock_guard lock(mutex);
  return known.emplace(key, std::move(outcome)).first->second;
}

std::string secformer::cacheKey(const FitRequest &r) {
  std::ostringstream out;
  out << r.name << std::hexfloat << ' ' << r.low << ' ' << r.high << ' '
      << r.maxError << (r.relative ? " relative" : " absolute")
      << (r.even ? " even " : " any ") << std::dec << r.maxInputBits << ' '
      << r.maxRing << ' ';
  if (r.inputScale)
    out << *r.inputScale;
  for (double sine : r.sines)
    out << ' ' << std::hexfloat << sine;
  return out.str();
}

double secformer::evaluate(const Fit &fit, int64_t x) {
  uint64_t mask = (uint64_t(1) << fit.inputRing) - 1;
  double sum = 0;
  for (uint64_t j = 1; j <= fit.harmonics; ++j) {
    double angle =
        2 * std::numbers::pi *
        std::ldexp(double(j * uint64_t(x) & mask), -int(fit.inputRing));
    sum += double(fit.cosine[j - 1]) * std::cos(angle) +
           double(fit.sine[j - 1]) * std::sin(angle);
  }
  return std::ldexp(double(fit.constant), -int(fit.resultScale())) +
         std::ldexp(sum, -int(fit.coefficientBits));
}
