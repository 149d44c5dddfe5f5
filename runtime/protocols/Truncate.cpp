//===- Truncate.cpp - dividing by a power of two --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Exact truncation of shares x0 + x1 = x mod 2^k with |x| < 2^(k-2), from k to
// k' bits, dropping t bits. P0 adds 2^(k-2): now 0 <= x' < 2^(k-1), and over
// the integers x0' + x1 = x' + carry 2^k with a carry of 0 or 1.
//
//   The carry is msb(x0') OR msb(x1). If neither is set, x0' + x1 < 2^k, so
//   there is no carry. If one is set, x0' + x1 >= 2^(k-1) > x', so the sum is
//   not x' and there is one.
//
// Hence x'/2^t = x0'/2^t + x1/2^t - carry 2^(k-t) over the rationals. P0 rounds
// its quotient down and P1 up, so the result differs from x/2^t by less than
// one unit, on average by nothing. The offset 2^(k-2-t) is subtracted again.
// Modulo 2^k' only w = k' - (k - t) bits of the carry matter; for w <= 0
// nothing is left to send (narrowing). k' may exceed k: truncation extends.
//
// The carry u OR v = u + v - uv of P0's bit u and P1's bit v takes one opened
// bit each way: e = u ^ a, g = v ^ b with masks a (P0's key) and b (P1's key),
// and a share of ab mod 2^w from the dealer. u = e + (1-2e)a, v = g + (1-2g)b.
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

struct Truncation {
  unsigned shift;    // t
  unsigned ring;     // k
  unsigned quotient; // k - t: bits of a share's quotient
  unsigned newRing;  // k'
  unsigned carryBits() const {
    return newRing > quotient ? newRing - quotient : 0;
  }
};

Truncation plan(const WireType &from, const WireType &to, const char *op) {
  unsigned shift = from.scale - to.scale;
  if (to.shape != from.shape || to.scale > from.scale || shift >= from.ring)
    throw std::logic_error(std::string(op) +
                           ": the result's type does not fit the operand's");
  Truncation t{shift, from.ring, from.ring - shift, to.ring};
  if (t.carryBits() != 0 && t.quotient < 2)
    throw std::logic_error(std::string(op) + ": shift of more than ring - 2");
  return t;
}

/// A narrowing: a truncation of which nothing is left to send.
Truncation planNarrow(const WireType &from, const WireType &to) {
  Truncation t = plan(from, to, "narrow");
  if (t.carryBits() != 0)
    throw std::logic_error("narrow: the result's ring exceeds ring - shift");
  return t;
}

// What a party keeps of an element until the other's bit arrives: the mask of
// its own bit, the bit it sent, and from bit 2 on its share of the product of
// the masks.
constexpr unsigned keptBits = 2;

/// From the (offset) shares x, the masks of their bits and shares of the
/// product of masks: what is sent, in place of the masks, and what is kept, in
/// place of the products.
SECFORMER_MULTIARCH void begin(uint64_t *masks, uint64_t *products, size_t n,
                               const uint64_t *x, uint64_t offset,
                               Truncation t) {
  for (size_t i = 0; i < n; ++i) {
    const uint64_t sent = (masks[i] + ((x[i] + offset) >> (t.ring - 1))) & 1;
    products[i] = products[i] << keptBits | sent << 1 | masks[i];
    masks[i] = sent;
  }
}

/// A party's share of the result, in place of what it kept, from its (offset)
/// share x and the other's bits.
template <bool first>
SECFORMER_INLINE void finishOf(uint64_t *kept, size_t n, const uint64_t *x,
                               uint64_t offset, const uint64_t *theirs,
                               Truncation t) {
  const uint64_t ring = ringMask(t.ring), keep = ringMask(t.newRing);
  const uint64_t dropped = (uint64_t(1) << t.shift) - 1;
  const uint64_t down = first ? uint64_t(1) << (t.quotient - 2) : 0;
  for (size_t i = 0; i < n; ++i) {
    const uint64_t share = (x[i] + offset) & ring;
    const uint64_t mask = kept[i] & 1, mine = kept[i] >> 1 & 1;
    const uint64_t product = kept[i] >> keptBits;
    const uint64_t e = first ? mine : theirs[i], g = first ? theirs[i] : mine;
    // Party 0 knows a and adds eg, party 1 knows b.
    const uint64_t both =
        first ? e * g + (1 - 2 * e) * (g * mask + (1 - 2 * g) * product)
              : (1 - 2 * g) * (e * mask + (1 - 2 * e) * product);
    const uint64_t carry = (share >> (t.ring - 1)) - both;
    const uint64_t up = !first && (share & dropped) != 0;
    kept[i] = ((share >> t.shift) + up - (carry << t.quotient) - down) & keep;
  }
}

SECFORMER_MULTIARCH void finish(uint64_t *kept, size_t n, const uint64_t *x,
                                uint64_t offset, const uint64_t *theirs,
                                Truncation t, bool first) {
  first ? finishOf<true>(kept, n, x, offset, theirs, t)
        : finishOf<false>(kept, n, x, offset, theirs, t);
}

/// Shifting shares: P0 down, P1 up (its negative down); the wrap of the
/// shares at 2^k is a multiple of 2^(k-t), nothing modulo the result's ring.
Array shiftShare(const Array &share, const Truncation &t, bool first) {
  if (!share || t.shift == 0)
    return share ? kernels::reduced(share, t.newRing) : share;
  return first ? kernels::shiftRight(share, t.shift, t.newRing)
               : kernels::shiftRightUp(share, t.shift, t.newRing);
}

} // namespace

//===-- Exact truncation --------------------------------------------------===//

Wire Party::truncate(Wire shared, const WireType &result) {
  const Slot &slot = get(shared, Kind::Shared, "truncate");
  const Truncation t = plan(slot.type, result, "truncate");
  if (t.carryBits() == 0)
    return makePending(
        {Kind::Shared, result, {shiftShare(slot.parts[0], t, id == 0)}},
        "truncate");
  const uint32_t op = nextOperation();
  const StreamId stream{Purpose::TruncateBit, phase(), op};
  const Array x = dense(slot, 0);
  const uint64_t offset = id == 0 ? uint64_t(1) << (t.ring - 2) : 0;
  Array kept = dealt(x.size(), t.carryBits(), op);
  queueBlocks(x.size(), 1, [&](size_t first, std::span<uint64_t> scratch) {
    randomness.draw(scratch, 1, stream, first);
    begin(scratch.data(), kept.data() + first, scratch.size(), x.data() + first,
          offset, t);
    return scratch;
  });
  Wire made = makePending({Kind::Shared, result, {kept}}, "truncate");
  expectBlocks(
      x.size(), 1,
      [=, this](size_t first, std::span<const uint64_t> theirs) mutable {
        finish(kept.data() + first, theirs.size(), x.data() + first, offset,
               theirs.data(), t, id == 0);
      });
  return made;
}

Wire Dealer::truncate(Wire shared, const WireType &result) {
  const Slot &slot = get(shared, Kind::Shared, "truncate");
  const Truncation t = plan(slot.type, result, "truncate");
  if (t.carryBits() != 0) {
    const uint32_t op = nextOperation();
    const StreamId stream{Purpose::TruncateBit, phase(), op};
    Array a(elementCount(result.shape)), b(a.size());
    party[0]->draw(a.words(), 1, stream);
    party[1]->draw(b.words(), 1, stream);
    deal(kernels::binary(kernels::Binary::Mul, a, b, 1), t.carryBits(), op);
  }
  return makePending({Kind::Shared, result, {}}, "truncate");
}

Wire Preparation::truncate(Wire shared, const WireType &result) {
  const Slot &slot = get(shared, Kind::Shared, "truncate");
  const Truncation t = plan(slot.type, result, "truncate");
  if (t.carryBits() != 0) {
    nextOperation();
    forward(elementCount(result.shape), t.carryBits());
  }
  return Bystander::truncate(shared, result);
}

Wire Reference::truncate(Wire shared, const WireType &result) {
  const Slot &slot = get(shared, Kind::Shared, "truncate");
  const Truncation t = plan(slot.type, result, "truncate");
  if (t.carryBits() != 0)
    checkRange(slot, t.ring - 2, "truncate");
  return makePending({Kind::Shared,
                      result,
                      {kernels::shiftRightSigned(slot.parts[0], t.shift)}},
                     "truncate");
}

//===-- Narrowing: local --------------------------------------------------===//

Wire Party::narrow(Wire shared, const WireType &result) {
  const Slot &slot = get(shared, Kind::Shared, "narrow");
  const Truncation t = planNarrow(slot.type, result);
  return make({Kind::Shared, result, {shiftShare(slot.parts[0], t, id == 0)}});
}

Wire Reference::narrow(Wire shared, const WireType &result) {
  const Slot &slot = get(shared, Kind::Shared, "narrow");
  const Truncation t = planNarrow(slot.type, result);
  return make({Kind::Shared,
               result,
               {kernels::shiftRightSigned(slot.parts[0], t.shift)}});
}

} // namespace secformer::runtime
