//===- Univariate.cpp - smooth functions without interaction --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// f(x) = constant + sum_j A_j cos(j w x) + B_j sin(j w x), w = 2 pi / 2^m, on a
// masked x = D - d of m bits. The period is the ring, so D and d are all that
// is needed:
//   cos(j w x) = cos(j w D) cos(j w d) + sin(j w D) sin(j w d), sin alike.
// The dealer deals round(2^T cos(j w d)) and round(2^T sin(j w d)) modulo 2^k',
// the parties multiply them by public factors
//   p_j = round_Q(A_j cos(j w D) + B_j sin(j w D)),
//   q_j = round_Q(A_j sin(j w D) - B_j cos(j w D))
// and add up. (The Fourier form is SecFormer's for erf, Luo et al. 2024; the
// period that divides the ring is ours.) Both parties and the dealer take
// cosines from the same exact table, so all integers agree on any machine.
//
// Work goes block by block of elements; the words of a block are, for each j,
// the block's cosines, then its sines: 2 K k' bits an element to P1.
//
//===----------------------------------------------------------------------===//

#include "runtime/Blocks.h"
#include "runtime/Cosine.h"
#include "runtime/Dealer.h"
#include "runtime/Multiarch.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"

#include <algorithm>
#include <stdexcept>

namespace secformer::runtime {
namespace {

void check(const WireType &x, const Univariate &f, const WireType &result) {
  auto fits = [&](const std::vector<int64_t> &list) {
    return (list.empty() || list.size() == f.harmonics) &&
           std::all_of(list.begin(), list.end(), [](int64_t c) {
             return c > -(int64_t(1) << 32) && c < int64_t(1) << 32;
           });
  };
  if (f.inputRing < 2 || f.inputRing > cosineMaxRing || x.ring != f.inputRing ||
      f.dealtBits > cosineBits || !fits(f.cosine) || !fits(f.sine) ||
      f.coefficientBits + cosineBits <= f.factorBits ||
      f.coefficientBits + cosineBits - f.factorBits > 62 ||
      result.scale != f.dealtBits + f.factorBits || result.shape != x.shape)
    throw std::logic_error("univariate: the fit or the result's type does not "
                           "fit the operand");
}

/// One harmonic of a fit, ready for the loop.
struct Harmonic {
  int64_t a, b;   // coefficients
  unsigned shift; // from their scale and the table's to factorBits
};

Harmonic harmonic(const Univariate &f, unsigned j) {
  return {f.cosine.empty() ? 0 : f.cosine[j], f.sine.empty() ? 0 : f.sine[j],
          f.coefficientBits + cosineBits - f.factorBits};
}

/// The table's entries at an angle and a quarter period earlier.
struct Circle {
  const int32_t *table;
  uint64_t mask, quarter;
  explicit Circle(const CosineTable &t)
      : table(t.data()), mask(t.size() - 1), quarter(t.size() / 4) {}
  SECFORMER_INLINE int64_t cosine(uint64_t angle) const {
    return table[angle & mask];
  }
  SECFORMER_INLINE int64_t sine(uint64_t angle) const {
    return table[(angle - quarter) & mask];
  }
};

/// sum += p * c + q * s for harmonic j of every element.
SECFORMER_MULTIARCH void addHarmonic(uint64_t *sum, size_t n, const uint64_t *D,
                                     uint64_t j, Harmonic h, Circle circle,
                                     const uint64_t *c, const uint64_t *s) {
  const int64_t half = int64_t(1) << (h.shift - 1);
  for (size_t i = 0; i < n; ++i) {
    int64_t cosine = circle.cosine(j * D[i]), sine = circle.sine(j * D[i]);
    int64_t p = (h.a * cosine + h.b * sine + half) >> h.shift;
    int64_t q = (h.a * sine - h.b * cosine + half) >> h.shift;
    sum[i] += uint64_t(p) * c[i] + uint64_t(q) * s[i];
  }
}

/// c, s = round(2^T cos(j w d)), round(2^T sin(j w d)), signed.
SECFORMER_MULTIARCH void rounded(uint64_t *c, uint64_t *s, size_t n,
                                 const uint64_t *d, uint64_t j, Circle circle,
                                 unsigned dealtBits) {
  const unsigned shift = cosineBits - dealtBits;
  const int64_t half = (int64_t(1) << shift) >> 1;
  for (size_t i = 0; i < n; ++i) {
    c[i] = uint64_t((circle.cosine(j * d[i]) + half) >> shift);
    s[i] = uint64_t((circle.sine(j * d[i]) + half) >> shift);
  }
}

} // namespace

Wire Party::univariate(Wire x, const Univariate &f, const WireType &result) {
  const Slot &slot = get(x, Kind::Masked, "univariate");
  check(slot.type, f, result);
  const auto table = cosineTable(f.inputRing);
  const uint32_t op = nextOperation();
  const size_t perElement = 2 * size_t(f.harmonics);
  const Array &D = slot.parts[0];
  Array sum = Array::filled(D.size(), id == 0 ? uint64_t(f.constant) : 0);
  Array words(perElement * std::min(blockSize, D.size()));
  forBlocks(D.size(), [&](size_t first, size_t n) {
    dealt(words.words().first(perElement * n), result.ring,
          {Purpose::Correction, phase(), op}, perElement * first);
    for (unsigned j = 0; j < f.harmonics; ++j)
      addHarmonic(sum.data() + first, n, D.data() + first, j + 1,
                  harmonic(f, j), Circle(*table), words.data() + 2 * j * n,
                  words.data() + (2 * j + 1) * n);
  });
  return make({Kind::Shared, result, {kernels::reduced(sum, result.ring)}});
}

Wire Dealer::univariate(Wire x, const Univariate &f, const WireType &result) {
  const Slot &slot = get(x, Kind::Masked, "univariate");
  check(slot.type, f, result);
  const auto table = cosineTable(f.inputRing);
  const uint32_t op = nextOperation();
  const size_t perElement = 2 * size_t(f.harmonics);
  const Array d = totalMask(slot);
  Array words(perElement * std::min(blockSize, d.size()));
  forBlocks(d.size(), [&](size_t first, size_t n) {
    for (unsigned j = 0; j < f.harmonics; ++j)
      rounded(words.data() + 2 * j * n, words.data() + (2 * j + 1) * n, n,
              d.data() + first, j + 1, Circle(*table), f.dealtBits);
    deal(words.words().first(perElement * n), result.ring,
         {Purpose::Correction, phase(), op}, perElement * first);
  });
  return make({Kind::Shared, result, {}});
}

Wire Preparation::univariate(Wire x, const Univariate &f,
                             const WireType &result) {
  nextOperation();
  forBlocks(elementCount(result.shape), [&](size_t, size_t n) {
    forward(2 * size_t(f.harmonics) * n, result.ring);
  });
  return Bystander::univariate(x, f, result);
}

Wire Reference::univariate(Wire x, const Univariate &f,
                           const WireType &result) {
  const Slot &slot = get(x, Kind::Masked, "univariate");
  check(slot.type, f, result);
  const auto table = cosineTable(f.inputRing);
  const Array &D = slot.parts[0];
  Array sum = Array::filled(D.size(), uint64_t(f.constant));
  // d = 0: every cosine is 2^T and every sine 0.
  const Array ones = Array::filled(D.size(), uint64_t(1) << f.dealtBits);
  const Array zeros = Array::filled(D.size(), 0);
  for (unsigned j = 0; j < f.harmonics; ++j)
    addHarmonic(sum.data(), D.size(), D.data(), j + 1, harmonic(f, j),
                Circle(*table), ones.data(), zeros.data());
  Wire made = make({Kind::Shared, result, {sum}});
  checkRange(slot, f.low, f.high, "function", made);
  return made;
}

} // namespace secformer::runtime
