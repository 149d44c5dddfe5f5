//===- Univariate.cpp - smooth functions without interaction --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// f(x) = constant + sum_j A_j cos(f_j w x) + B_j sin(f_j w x), w = 2 pi / 2^m,
// on a masked x = D - d of m bits. The period is the ring, so D and d are all
// that is needed:
//   cos(f w x) = cos(f w D) cos(f w d) + sin(f w D) sin(f w d), sin alike.
// The dealer deals round(2^T_j cos(f_j w d)) and round(2^T_j sin(f_j w d)), the
// parties multiply them by public factors
//   p_j = round_Q(A_j cos(f_j w D) + B_j sin(f_j w D)),
//   q_j = round_Q(A_j sin(f_j w D) - B_j cos(f_j w D))
// and add up 2^(T-T_j) (p_j c_j + q_j s_j), T the largest T_j. Modulo 2^k' that
// depends on dealt words modulo 2^(k'-T+T_j) alone: a harmonic with small
// coefficients needs few fraction bits, hence narrow words. (The Fourier form
// is SecFormer's for erf, Luo et al. 2024; the period that divides the ring is
// ours.)
//
// Words of one width are drawn from a stream of their own: an operation number
// each, from the widest to the narrowest. Work goes block by block of elements;
// the words of a block are, width by width, for each harmonic the block's
// cosines, then its sines.
//
//===----------------------------------------------------------------------===//

#include "runtime/Blocks.h"
#include "runtime/Dealer.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"
#include "runtime/Series.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace secformer::runtime {
namespace {

constexpr unsigned mostDealtBits = 40;
/// |p|, |q| < 2^50: `rounded` is exact and cosines are fine enough for them.
constexpr unsigned factorsBeyondCoefficients = 16;

void check(const WireType &x, const Univariate &f, const WireType &result) {
  const size_t count = f.dealtBits.size();
  auto fits = [&](const std::vector<int64_t> &list) {
    return (list.empty() || list.size() == count) &&
           std::all_of(list.begin(), list.end(), [](int64_t c) {
             return c > -(int64_t(1) << 32) && c < int64_t(1) << 32;
           });
  };
  if (count == 0 || f.inputRing < 2 || f.inputRing > circleMaxRing ||
      x.ring != f.inputRing || !fits(f.cosine) || !fits(f.sine) ||
      f.factorBits > f.coefficientBits + factorsBeyondCoefficients ||
      std::ranges::max(f.dealtBits) > mostDealtBits ||
      result.scale != std::ranges::max(f.dealtBits) + f.factorBits ||
      result.shape != x.shape)
    throw std::logic_error("univariate: the fit or the result's type does not "
                           "fit the operand");
}

/// Harmonics whose dealt words have one width.
struct Group {
  size_t firstRow, rows;
  unsigned width; ///< 0: multiples of 2^k', not dealt
  uint32_t operation;
};

/// A fit, ready for the loops.
class Prepared {
public:
  /// \p nextOperation numbers the groups.
  template <class Number>
  Prepared(const Univariate &f, unsigned resultRing, Number nextOperation)
      : circle(Circle::of(f.inputRing)), first(f.firstFrequency),
        step(f.frequencyStep), harmonics(f.dealtBits.size()) {
    const unsigned finest = std::ranges::max(f.dealtBits);
    const int toFactor = int(f.factorBits) - int(f.coefficientBits);
    std::vector<size_t> order(harmonics.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(),
                             [&](size_t j) { return f.dealtBits[j]; });
    for (size_t place = 0; place < order.size(); ++place) {
      const size_t j = order[place];
      auto scaled = [&](const std::vector<int64_t> &list) {
        return list.empty() ? 0.0 : std::ldexp(double(list[j]), toFactor);
      };
      const unsigned shift = finest - f.dealtBits[j];
      harmonics[j] = {scaled(f.cosine), scaled(f.sine),
                      std::ldexp(1.0, int(f.dealtBits[j])), shift, 2 * place};
      if (place == 0 || f.dealtBits[order[place - 1]] != f.dealtBits[j])
        groups.push_back({2 * place, 0,
                          resultRing > shift ? resultRing - shift : 0,
                          nextOperation()});
      groups.back().rows += 2;
    }
  }

  Series series() const { return {*circle, first, step, harmonics}; }
  size_t rows() const { return 2 * harmonics.size(); }

  std::vector<Group> groups; ///< of widths from the widest

private:
  std::shared_ptr<const Circle> circle;
  uint64_t first, step;
  std::vector<Harmonic> harmonics;
};

SECFORMER_MULTIARCH void addSeries(uint64_t *sum, size_t n, const uint64_t *D,
                                   const Series &series,
                                   const uint64_t *words) {
  addSeriesTo(sum, n, D, series, words);
}

SECFORMER_MULTIARCH void cosines(uint64_t *words, size_t n, const uint64_t *d,
                                 const Series &series) {
  cosinesTo(words, n, d, series);
}

/// Calls deal(words, width, operation, first word) for the groups of a block.
template <class Deal>
void forGroups(const Prepared &fit, std::span<uint64_t> words, size_t first,
               size_t n, Deal deal) {
  for (const Group &group : fit.groups)
    if (group.width)
      deal(words.subspan(group.firstRow * n, group.rows * n), group.width,
           group.operation, group.rows * first);
}

} // namespace

Wire Party::univariate(Wire x, const Univariate &f, const WireType &result) {
  const Slot &slot = get(x, Kind::Masked, "univariate");
  check(slot.type, f, result);
  const Prepared fit(f, result.ring, [this] { return nextOperation(); });
  const Array &D = slot.parts[0];
  Array sum(D.size());
  Array words(fit.rows() * std::min(blockSize, D.size()));
  forBlocks(D.size(), [&](size_t first, size_t n) {
    uint64_t *const block = sum.data() + first;
    std::fill_n(block, n, id == 0 ? uint64_t(f.constant) : 0);
    forGroups(fit, words.words(), first, n,
              [&](std::span<uint64_t> group, unsigned width, uint32_t op,
                  size_t firstWord) {
                dealt(group, width, {Purpose::Correction, phase(), op},
                      firstWord);
              });
    addSeries(block, n, D.data() + first, fit.series(), words.data());
    for (size_t i = 0; i < n; ++i)
      block[i] &= ringMask(result.ring);
  });
  return make({Kind::Shared, result, {sum}});
}

Wire Dealer::univariate(Wire x, const Univariate &f, const WireType &result) {
  const Slot &slot = get(x, Kind::Masked, "univariate");
  check(slot.type, f, result);
  const Prepared fit(f, result.ring, [this] { return nextOperation(); });
  const Array d = totalMask(slot);
  Array words(fit.rows() * std::min(blockSize, d.size()));
  forBlocks(d.size(), [&](size_t first, size_t n) {
    cosines(words.data(), n, d.data() + first, fit.series());
    forGroups(fit, words.words(), first, n,
              [&](std::span<uint64_t> group, unsigned width, uint32_t op,
                  size_t firstWord) {
                deal(group, width, {Purpose::Correction, phase(), op},
                     firstWord);
              });
  });
  return make({Kind::Shared, result, {}});
}

Wire Preparation::univariate(Wire x, const Univariate &f,
                             const WireType &result) {
  const Prepared fit(f, result.ring, [this] { return nextOperation(); });
  forBlocks(elementCount(result.shape), [&](size_t, size_t n) {
    for (const Group &group : fit.groups)
      if (group.width)
        forward(group.rows * n, group.width);
  });
  return Bystander::univariate(x, f, result);
}

Wire Reference::univariate(Wire x, const Univariate &f,
                           const WireType &result) {
  const Slot &slot = get(x, Kind::Masked, "univariate");
  check(slot.type, f, result);
  const Prepared fit(f, 64, [] { return 0; });
  const Array &D = slot.parts[0];
  Array sum = Array::filled(D.size(), uint64_t(f.constant));
  // d = 0: every cosine is 2^T and every sine 0.
  const Array zeros = Array::filled(std::min(blockSize, D.size()), 0);
  Array words(fit.rows() * zeros.size());
  forBlocks(D.size(), [&](size_t first, size_t n) {
    cosines(words.data(), n, zeros.data(), fit.series());
    addSeries(sum.data() + first, n, D.data() + first, fit.series(),
              words.data());
  });
  Wire made = make({Kind::Shared, result, {sum}});
  checkRange(slot, f.low, f.high, "function", made);
  return made;
}

} // namespace secformer::runtime
