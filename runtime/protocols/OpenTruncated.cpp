//===- OpenTruncated.cpp - dividing inside an opening ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Truncation and opening in one round, from k bits, dropping t, into any ring.
// The parties open Delta = x + delta and drop the bits of what they see; the
// dealer drops those of delta:
//
//   y = floor(Delta / 2^t) - floor(delta / 2^t)
//
// If Delta = x + delta over the integers, y differs from x / 2^t by frac(delta
// / 2^t) - frac(Delta / 2^t), less than one unit, and is exact where 2^t
// divides x. Both quotients are integers, so y may live in any ring k': the
// result is masked by floor(delta / 2^t) mod 2^k', of which the dealer deals
// shares.
//
//   Wrapping masks: delta is uniform in [0, 2^k), so Delta is uniform, too,
//   and wraps for |x| of the 2^k masks. y is then off by 2^(k-t).
//
//   Short masks: each party's half is uniform in [0, 2^(k-2)) and party 0 adds
//   2^(k-2), so that 0 <= x + 2^(k-2) + delta < 2^k for |x| < 2^(k-2), and
//   nothing wraps. A party that takes its half off sees x plus the other's
//   half: for two values a and b, distributions |a - b| / 2^(k-2) apart.
//
//===----------------------------------------------------------------------===//

#include "runtime/Dealer.h"
#include "runtime/Kernels.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"

#include <stdexcept>

namespace secformer::runtime {
namespace {

using kernels::Binary;

struct Division {
  unsigned shift;    // t
  unsigned ring;     // k
  unsigned maskBits; // of each party's half of the mask
  uint64_t offset;   // added to x
};

Division plan(const WireType &from, const WireType &to,
              const OpenTruncation &how) {
  if (to.shape != from.shape || to.scale >= from.scale ||
      from.scale - to.scale + 2 > from.ring || how.bits + 2 > from.ring)
    throw std::logic_error(
        "truncateOpen: the types or the bits of the values do not fit");
  const unsigned shift = from.scale - to.scale;
  if (how.statistical)
    return {shift, from.ring, from.ring - 2, uint64_t(1) << (from.ring - 2)};
  return {shift, from.ring, from.ring, 0};
}

} // namespace

Wire Party::truncateOpen(Wire shared, const WireType &result,
                         const OpenTruncation &how) {
  const Slot &x = get(shared, Kind::Shared, "truncateOpen");
  const Division by = plan(x.type, result, how);
  const uint32_t op = nextOperation();
  Array share = dense(x, 0);
  const size_t n = share.size();
  if (id == 0)
    share = kernels::affine(share, 1, by.offset, by.ring);
  Array mine = kernels::binary(Binary::Add, share,
                               freshMask(n, by.maskBits, op), by.ring);
  Array mask = dealt(n, result.ring, op);
  queue(mine, by.ring);
  Wire made =
      makePending({Kind::Masked, result, {Array(), mask}}, "truncateOpen");
  expect(n, by.ring, [=, this](const Array &theirs) {
    Array quotient = kernels::shiftRight(
        kernels::binary(Binary::Add, mine, theirs, by.ring), by.shift, 64);
    parts(made)[0] =
        kernels::affine(quotient, 1, -(by.offset >> by.shift), result.ring);
  });
  return made;
}

Wire Dealer::truncateOpen(Wire shared, const WireType &result,
                          const OpenTruncation &how) {
  const Slot &x = get(shared, Kind::Shared, "truncateOpen");
  const Division by = plan(x.type, result, how);
  const uint32_t op = nextOperation();
  const size_t n = elementCount(result.shape);
  Array mask = kernels::binary(Binary::Add, maskShare(0, n, by.maskBits, op),
                               maskShare(1, n, by.maskBits, op), by.ring);
  Array quotient = kernels::shiftRight(mask, by.shift, result.ring);
  return makePending({Kind::Masked, result, deal(quotient, result.ring, op)},
                     "truncateOpen");
}

Wire Preparation::truncateOpen(Wire, const WireType &result,
                               const OpenTruncation &) {
  nextOperation();
  return makePending(
      maskedBy(result, dealt(elementCount(result.shape), result.ring)),
      "truncateOpen");
}

Wire Reference::truncateOpen(Wire shared, const WireType &result,
                             const OpenTruncation &how) {
  const Slot &x = get(shared, Kind::Shared, "truncateOpen");
  const Division by = plan(x.type, result, how);
  checkRange(x, how.bits, "truncate");
  return makePending(
      {Kind::Masked, result, {kernels::shiftRightSigned(x.parts[0], by.shift)}},
      "truncateOpen");
}

} // namespace secformer::runtime
