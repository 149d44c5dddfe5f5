//===- Precision.cpp - fraction bits of public factors and dealt cosines --===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/Precision.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace secformer::fit;

namespace {
constexpr int leastBits = 1, mostDealtBits = 40;

/// A finer result costs its readers, too: a bit as much as that of two words,
/// or as that of all words.
int cost(const Precision &p, bool few) {
  const int count = int(p.dealt.size());
  return std::accumulate(p.dealt.begin(), p.dealt.end(),
                         count * p.factor + (few ? 2 * count : 2) * p.scale());
}
} // namespace

int Precision::scale() const {
  return factor + *std::ranges::max_element(dealt);
}

Rounding::Rounding(std::vector<double> ofHarmonics)
    : sizes(std::move(ofHarmonics)), exponent(sizes.size()),
      rank(sizes.size()) {
  // runtime/Circle.h, and 3 units more for each of p and q made of the point.
  tau = std::ldexp(7.0 * double(sizes.size()) + 5, -53);
  std::vector<double> fraction(sizes.size());
  for (size_t j = 0; j < sizes.size(); ++j) {
    sum += sizes[j];
    fraction[j] = std::frexp(sizes[j], &exponent[j]);
  }
  std::vector<int> order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](int j) { return fraction[j]; });
  for (size_t place = 0; place < order.size(); ++place)
    rank[order[place]] = int(place);
}

double Rounding::worst(const Precision &p) const {
  const double factor = std::ldexp(M_SQRT1_2, -p.factor);
  double error = std::ldexp(0.5, -p.scale());
  for (size_t j = 0; j < sizes.size(); ++j) {
    const double publicError = factor + tau * sizes[j];
    error += publicError + (std::ldexp(M_SQRT1_2, -p.dealt[j]) + tau) *
                               (sizes[j] + publicError);
  }
  return error;
}

double Rounding::typical(const Precision &p) const {
  double variance = double(sizes.size()) * std::ldexp(1.0, -2 * p.factor);
  for (size_t j = 0; j < sizes.size(); ++j)
    variance += sizes[j] * sizes[j] * std::ldexp(1.0, -2 * p.dealt[j]);
  return std::min(4 * std::sqrt(variance / 12), worst(p));
}

/// One bit more goes to the harmonic whose dealt cosines err most: `bits`
/// counts them from an error of 1 for every harmonic.
Precision Rounding::withBits(int factor, int bits, int mostDealt) const {
  const int count = int(sizes.size());
  Precision result{factor, std::vector<int>(sizes.size())};
  for (int j = 0; j < count; ++j) {
    // Rounded down, also below 0.
    const int each = (bits + count - 1 - rank[j] + 1024 * count) / count - 1024;
    result.dealt[j] = std::clamp(exponent[j] + each, leastBits, mostDealt);
  }
  return result;
}

std::optional<Precision> Rounding::fewestBits(Error error, double budget,
                                              int factor, int mostDealt) const {
  const int count = int(sizes.size());
  int tooFew = -64 * count, enough = 64 * count;
  auto suffices = [&](int bits) {
    return (this->*error)(withBits(factor, bits, mostDealt)) <= budget;
  };
  if (!suffices(enough))
    return std::nullopt;
  while (enough - tooFew > 1) {
    const int middle = (enough + tooFew) / 2;
    (suffices(middle) ? enough : tooFew) = middle;
  }
  return withBits(factor, enough, mostDealt);
}

std::optional<Precision> Rounding::choose(Error error, double budget,
                                          int largestFactor, int limit,
                                          bool few) const {
  std::optional<Precision> best;
  for (int factor = leastBits; factor <= std::min(largestFactor, limit - 1);
       ++factor) {
    // The fewer bits the finest cosine has, the more the others need.
    std::optional<Precision> before;
    for (int most = std::min(mostDealtBits, limit - factor); most > 0;) {
      auto trial = fewestBits(error, budget, factor, most);
      if (!trial || (before && cost(*trial, few) > cost(*before, few)))
        break;
      most = trial->scale() - factor - 1;
      before = std::move(trial);
    }
    if (before && (!best || cost(*before, few) < cost(*best, few)))
      best = std::move(before);
  }
  return best;
}
