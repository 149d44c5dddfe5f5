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
#include "runtime/Pack.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"

#include <algorithm>

namespace secformer::runtime {

using kernels::Binary;

//===-- mask: the owner sends Delta, k bits an element --------------------===//

Wire Party::mask(Wire owned) {
  const Slot &x = held(owned, Kind::Owned, "mask");
  WireType type = x.type;
  uint32_t op = nextOperation();
  if (phase() == 0 &&
      (id == x.owner ? bool(x.stored) : type.ring <= NarrowParts::widestRing))
    return maskStored(x, op);
  Wire result = makePending({Kind::Masked, type, {Array(), Array()}}, "mask");
  if (id == x.owner) {
    const Array value = get(owned).parts[0];
    Array d = freshMask(value.size(), type.ring, op);
    Array delta = kernels::binary(Binary::Add, value, d, type.ring);
    queue(delta, type.ring);
    parts(result) = {delta, d};
  } else {
    expect(elementCount(type.shape), type.ring,
           [=, this](const Array &delta) { parts(result)[0] = delta; });
  }
  return result;
}

Wire Party::maskStored(const Slot &x, uint32_t operation) {
  const WireType type = x.type;
  const size_t n = elementCount(type.shape);
  Wire result = makePending({Kind::Masked, type, {}}, "mask");
  if (id == x.owner) {
    const auto &value = dynamic_cast<const OwnFloats &>(*x.stored);
    const StreamId stream{Purpose::Mask, phase(), operation};
    Array words(std::min(n, NarrowParts::piece)), d(words.size());
    for (size_t first = 0; first < n; first += words.size()) {
      const auto some = words.words().first(std::min(words.size(), n - first));
      value.encodePiece(first, some);
      randomness.draw(d.words().first(some.size()), type.ring, stream, first);
      for (size_t i = 0; i < some.size(); ++i)
        some[i] = (some[i] + d.data()[i]) & ringMask(type.ring);
      queue(some, type.ring);
    }
    stored(result) =
        std::make_shared<OwnFloats>(value.maskedWith(randomness, stream));
  } else {
    incoming.push_back(
        {packedBytes(n, type.ring), [=, this](std::span<const std::byte> all) {
           stored(result) = std::make_shared<NarrowParts>(
               n,
               std::vector<NarrowParts::Fill>{
                   [&](size_t first, std::span<uint64_t> words) {
                     unpack(all.subspan(packedBytes(first, type.ring),
                                        packedBytes(words.size(), type.ring)),
                            type.ring, words);
                   },
                   {}});
         }});
  }
  return result;
}

Wire Dealer::mask(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "mask");
  const size_t n = elementCount(x.type.shape);
  const unsigned ring = x.type.ring;
  const uint32_t op = nextOperation();
  Slot result{Kind::Masked, x.type, {Array(), Array()}};
  if (phase() == 0 && ring <= NarrowParts::widestRing) {
    std::vector<NarrowParts::Fill> fills(2);
    fills[size_t(x.owner)] = [&](size_t first, std::span<uint64_t> words) {
      party[x.owner]->draw(words, ring, {Purpose::Mask, phase(), op}, first);
    };
    result.stored = std::make_shared<NarrowParts>(n, fills);
  } else {
    result.parts[size_t(x.owner)] = maskShare(x.owner, n, ring, op);
  }
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
  queue(mine, ring);
  Wire result = makePending({Kind::Masked, x.type, {Array(), d}}, "open");
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
    share = ownView(x).array();
  else if (share)
    share = kernels::affine(share, ~uint64_t(0), 0, x.type.ring);
  return make({Kind::Shared, x.type, {share}});
}

Wire Reference::unmask(Wire masked) {
  const Slot &x = get(masked, Kind::Masked, "unmask");
  return make({Kind::Shared, x.type, x.parts});
}

} // namespace secformer::runtime
