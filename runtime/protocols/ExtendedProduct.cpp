//===- ExtendedProduct.cpp - products in a ring wider than the factors' ---===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A factor x is masked in a ring of k bits, Delta = x + d mod 2^k, and the
// product is wanted modulo 2^K, K > k. For |x| < 2^(k-2), X = Delta + 2^(k-2)
// mod 2^k and d in [0, 2^k), the sum x + 2^(k-2) + d wraps if and only if the
// top bit m of d is set and that of X is not: over the integers
//
//   x = X - 2^(k-2) - d + g m,   g = 2^k where the top bit of X is 0, else 0.
//
// X and g are public, d and m are the dealer's, so
//
//   x y = (P - a + g m) (Q - b + h l)
//       = P Q + P (h l - b) + Q (g m - a) + ab - h al - g mb + g h ml
//
// with P = X - 2^(k-2), a = d and Q, b, h, l alike for y, is linear in what the
// dealer can deal before there is an input: for each extended factor a modulo
// 2^K and m modulo 2^(K-k), for each element of the result the products. Each
// is dealt in the ring that its public factor leaves of 2^K, in a message and a
// stream of its own. A factor of K bits or more needs no extension: P = Delta,
// h = 0, and b is the mask that is shared already. A square has a = b and m =
// l, m m = m.
//
//===----------------------------------------------------------------------===//

#include "runtime/Dealer.h"
#include "runtime/Kernels.h"
#include "runtime/Multiarch.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"

#include <stdexcept>

namespace secformer::runtime {
namespace {

using kernels::Binary;
using kernels::spread;

/// The dealt words, in the order of their messages.
enum Term : uint8_t { A, M, B, L, AB, MB, AL, ML, terms };

struct Message {
  size_t count = 0; ///< 0: not dealt
  unsigned bits = 0;
};

/// The first factor is extended; the second may be.
struct Plan {
  bool both, square;
  unsigned ring[2]; ///< of the factors
  unsigned wide;    ///< of the result
  std::array<Message, terms> messages;
};

Plan plan(const WireType &x, const WireType &y, bool same,
          const WireType &result) {
  if (x.ring >= result.ring || result.scale != x.scale + y.scale ||
      result.shape != broadcastShapes(x.shape, y.shape))
    throw std::logic_error("mul: the result's type does not fit the operands'");
  Plan p{y.ring < result.ring, same, {x.ring, y.ring}, result.ring, {}};
  // Times 2^gone, what is left of a word modulo 2^wide.
  auto deal = [&](Term term, const Shape &shape, unsigned gone) {
    if (gone < p.wide)
      p.messages[term] = {elementCount(shape), p.wide - gone};
  };
  const unsigned k = x.ring, l = y.ring;
  deal(A, x.shape, 0);
  deal(M, x.shape, k);
  deal(AB, result.shape, 0);
  deal(MB, result.shape, k);
  if (p.both && !same) {
    deal(B, y.shape, 0);
    deal(L, y.shape, l);
    deal(AL, result.shape, l);
    deal(ML, result.shape, k + l);
  }
  return p;
}

/// A factor as the parties see it, in the result's shape.
struct Open {
  const uint64_t *delta;
  unsigned ring;
  uint64_t offset; ///< 2^(ring-2), or 0 where nothing is extended

  SECFORMER_INLINE uint64_t sum(size_t i) const {
    return (delta[i] + offset) & ringMask(ring);
  }
  /// P of an extended factor.
  SECFORMER_INLINE uint64_t value(size_t i) const { return sum(i) - offset; }
  /// g of an extended factor.
  SECFORMER_INLINE uint64_t wrap(size_t i) const {
    return ((sum(i) >> (ring - 1)) ^ 1) << ring;
  }
};

using Words = std::array<const uint64_t *, terms>;

/// A party's share; \p first: it adds P Q.
SECFORMER_MULTIARCH void combineOne(uint64_t *out, size_t n, const Open &x,
                                    const Open &y, const Words &w,
                                    uint64_t first, uint64_t keep) {
  for (size_t i = 0; i < n; ++i) {
    const uint64_t P = x.value(i), g = x.wrap(i), Q = y.delta[i];
    out[i] = (P * (first * Q - w[B][i]) + Q * (g * w[M][i] - w[A][i]) +
              w[AB][i] - g * w[MB][i]) &
             keep;
  }
}

SECFORMER_MULTIARCH void combineBoth(uint64_t *out, size_t n, const Open &x,
                                     const Open &y, const Words &w,
                                     uint64_t first, uint64_t keep) {
  for (size_t i = 0; i < n; ++i) {
    const uint64_t P = x.value(i), g = x.wrap(i);
    const uint64_t Q = y.value(i), h = y.wrap(i);
    out[i] =
        (P * (first * Q + h * w[L][i] - w[B][i]) + Q * (g * w[M][i] - w[A][i]) +
         w[AB][i] - h * w[AL][i] - g * (w[MB][i] - h * w[ML][i])) &
        keep;
  }
}

} // namespace

Wire Party::extendedProduct(const Slot &x, const Slot &y,
                            const WireType &result) {
  const Slot *slots[] = {&x, &y};
  const Plan p = plan(x.type, y.type, &x == &y, result);
  const Shape &shape = result.shape;
  std::array<Array, terms> words;
  for (unsigned term = 0; term < terms; ++term)
    if (auto [count, bits] = p.messages[term]; count)
      words[term] = dealt(count, bits, nextOperation());
  if (!p.both)
    words[B] = dense(y, 1);
  for (auto [term, slot] : {std::pair(A, 0), {M, 0}, {B, 1}, {L, 1}})
    if (words[term])
      words[term] = spread(words[term], slots[slot]->type.shape, shape);
  if (p.square) {
    words[B] = words[A];
    words[L] = words[ML] = words[M];
    words[AL] = words[MB];
  }
  Array out(elementCount(shape));
  if (p.both && !words[ML]) // times g h it is a multiple of 2^K
    words[ML] = Array::filled(out.size(), 0);
  Array deltas[2];
  Open open[2];
  for (int i : {0, 1}) {
    deltas[i] = spread(slots[i]->parts[0], slots[i]->type.shape, shape);
    open[i] = {deltas[i].data(), p.ring[i], uint64_t(1) << (p.ring[i] - 2)};
  }
  Words w;
  for (unsigned term = 0; term < terms; ++term)
    w[term] = words[term].data();
  (p.both ? combineBoth : combineOne)(out.data(), out.size(), open[0], open[1],
                                      w, id == 0, ringMask(p.wide));
  return make({Kind::Shared, result, {out}});
}

Wire Dealer::extendedProduct(const Slot &x, const Slot &y,
                             const WireType &result) {
  const Plan p = plan(x.type, y.type, &x == &y, result);
  std::array<Array, terms> words;
  words[A] = totalMask(x);
  words[M] = kernels::shiftRight(words[A], p.ring[0] - 1, p.wide);
  words[B] = totalMask(y);
  if (p.both)
    words[L] = kernels::shiftRight(words[B], p.ring[1] - 1, p.wide);
  auto product = [&](Term a, Term b) {
    return kernels::binary(Binary::Mul, words[a], x.type.shape, words[b],
                           y.type.shape, result.shape, p.wide);
  };
  for (auto [term, a, b] :
       {std::tuple(AB, A, B), {MB, M, B}, {AL, A, L}, {ML, M, L}})
    if (p.messages[term].count)
      words[term] = product(a, b);
  for (unsigned term = 0; term < terms; ++term)
    if (auto [count, bits] = p.messages[term]; count)
      deal(kernels::reduced(words[term], bits), bits, nextOperation());
  return make({Kind::Shared, result, {}});
}

Wire Preparation::extendedProduct(const Slot &x, const Slot &y,
                                  const WireType &result) {
  for (auto [count, bits] : plan(x.type, y.type, &x == &y, result).messages)
    if (count) {
      nextOperation();
      forward(count, bits);
    }
  return Bystander::extendedProduct(x, y, result);
}

Wire Reference::extendedProduct(const Slot &x, const Slot &y,
                                const WireType &result) {
  plan(x.type, y.type, &x == &y, result);
  for (const Slot *factor : {&x, &y})
    if (factor->type.ring < result.ring)
      checkRange(*factor, factor->type.ring - 2, "mul");
  return make({Kind::Shared,
               result,
               {kernels::binary(Binary::Mul, x.parts[0], x.type.shape,
                                y.parts[0], y.type.shape, result.shape, 64)}});
}

} // namespace secformer::runtime
