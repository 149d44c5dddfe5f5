//===- Open.cpp - the doors between shared and masked ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A masked value x is Delta = x + delta modulo 2^k, public to both parties,
// with a fresh uniform delta that no other opening uses (function-dependent
// preprocessing: Ben-Efraim, Nielsen, Omri, ACNS 2019; Boyle, Gilboa, Ishai,
// TCC 2019). delta = d0 + d1 for an opened share; the mask of a value that
// party o owns is o's d alone, for o need not hide it from itself.
//
//===----------------------------------------------------------------------===//

#include "runtime/Dealer.h"
#include "runtime/Kernels.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"

namespace secformer::runtime {

using kernels::Binary;

//===-- mask: the owner sends Delta, k bits an element --------------------===//

Wire Party::mask(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "mask");
  WireType type = x.type;
  uint32_t op = nextOperation();
  Wire result = makePending({Kind::Masked, type, {Array(), Array()}}, "mask");
  if (id == x.owner) {
    Array d = freshMask(x.parts[0].size(), type.ring, op);
    Array delta = kernels::binary(Binary::Add, x.parts[0], d, type.ring);
    queue(delta, type.ring);
    parts(result) = {delta, d};
  } else {
    expect(elementCount(type.shape), type.ring,
           [=, this](const Array &delta) { parts(result)[0] = delta; });
  }
  return result;
}

Wire Dealer::mask(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "mask");
  Slot result{Kind::Masked, x.type, {Array(), Array()}};
  result.parts[size_t(x.owner)] = maskShare(x.owner, elementCount(x.type.shape),
                                            x.type.ring, nextOperation());
  return makePending(std::move(result), "mask");
}

Wire Preparation::mask(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "mask");
  const uint32_t op = nextOperation();
  return makePending(
      maskedBy(x.type, x.owner == id ? freshMask(elementCount(x.type.shape),
                                                 x.type.ring, op)
                                     : Array()),
      "mask");
}

Wire Reference::mask(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "mask");
  return makePending({Kind::Masked, x.type, x.parts}, "mask");
}

//===-- open: each sends its share plus its mask, k bits an element -------===//

Wire Party::open(Wire shared) {
  const Slot &x = get(shared, Kind::Shared, "open");
  unsigned ring = x.type.ring;
  Array share = dense(x, 0);
  Array d = freshMask(share.size(), ring, nextOperation());
  Array mine = kernels::binary(Binary::Add, share, d, ring);
  Wire result = makePending({Kind::Masked, x.type, {Array(), d}}, "open");
  queue(mine, ring);
  expect(mine.size(), ring, [=, this](const Array &theirs) {
    parts(result)[0] = kernels::binary(Binary::Add, mine, theirs, ring);
  });
  return result;
}

Wire Dealer::open(Wire shared) {
  const Slot &x = get(shared, Kind::Shared, "open");
  uint32_t op = nextOperation();
  size_t n = elementCount(x.type.shape);
  return makePending(
      {Kind::Masked,
       x.type,
       {maskShare(0, n, x.type.ring, op), maskShare(1, n, x.type.ring, op)}},
      "open");
}

Wire Preparation::open(Wire shared) {
  const WireType &type = get(shared, Kind::Shared, "open").type;
  return makePending(maskedBy(type, freshMask(elementCount(type.shape),
                                              type.ring, nextOperation())),
                     "open");
}

Wire Reference::open(Wire shared) {
  const Slot &x = get(shared, Kind::Shared, "open");
  return makePending({Kind::Masked, x.type, x.parts}, "open");
}

//===-- unmask: x = (Delta - d0) + (-d1), local ---------------------------===//

Wire Party::unmask(Wire masked) {
  const Slot &x = get(masked, Kind::Masked, "unmask");
  Array share = x.parts[1];
  if (id == 0)
    share = ownView(x);
  else if (share)
    share = kernels::affine(share, ~uint64_t(0), 0, x.type.ring);
  return make({Kind::Shared, x.type, {share}});
}

Wire Reference::unmask(Wire masked) {
  const Slot &x = get(masked, Kind::Masked, "unmask");
  return make({Kind::Shared, x.type, x.parts});
}

} // namespace secformer::runtime
