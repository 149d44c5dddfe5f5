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
  const WireType type = x.type;
  const unsigned ring = type.ring;
  const size_t n = elementCount(type.shape);
  const StreamId stream{Purpose::Mask, phase(), nextOperation()};
  Wire result = makePending({Kind::Masked, type, {Array(), Array()}}, "mask");
  if (id == x.owner) {
    const auto *floats = dynamic_cast<const OwnFloats *>(x.stored.get());
    const Array value = floats ? Array() : get(owned).parts[0];
    queueBlocks(n, ring, [&](size_t first, std::span<uint64_t> scratch) {
      Array piece;
      const uint64_t *words = floats ? nullptr : value.data() + first;
      if (floats) {
        piece = Array(scratch.size());
        floats->encodePiece(first, piece.words());
        words = piece.data();
      }
      randomness.draw(scratch, ring, stream, first);
      kernels::binaryTo(Binary::Add, scratch, words, scratch.data(), ring);
      return scratch;
    });
    if (floats)
      stored(result) =
          std::make_shared<OwnFloats>(floats->maskedWith(randomness, stream));
    else
      stored(result) =
          std::make_shared<OwnWords>(value, ring, randomness, stream);
  } else if (ring <= NarrowParts::widestRing) {
    incoming.emplace_back([=, this] {
      const NarrowParts::Fill next = [&](size_t, std::span<uint64_t> words) {
        takeWords(peer, receivedBytes(), words, ring);
      };
      stored(result) = std::make_shared<NarrowParts>(
          n, std::vector<NarrowParts::Fill>{next, {}});
    });
  } else {
    expect(n, ring,
           [=, this](const Array &delta) { parts(result)[0] = delta; });
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
  const unsigned ring = x.type.ring;
  const Array share = dense(x, 0);
  const StreamId stream{Purpose::Mask, phase(), nextOperation()};
  Array d(share.size()), delta(share.size());
  queueBlocks(share.size(), ring,
              [&](size_t first, std::span<uint64_t> scratch) {
                const auto mask = d.words().subspan(first, scratch.size());
                const auto mine = delta.words().subspan(first, scratch.size());
                randomness.draw(mask, ring, stream, first);
                kernels::binaryTo(Binary::Add, mine, share.data() + first,
                                  mask.data(), ring);
                return mine;
              });
  Wire result = makePending({Kind::Masked, x.type, {delta, d}}, "open");
  expectBlocks(share.size(), ring,
               [=](size_t first, std::span<const uint64_t> theirs) mutable {
                 const auto sum = delta.words().subspan(first, theirs.size());
                 kernels::binaryTo(Binary::Add, sum, sum.data(), theirs.data(),
                                   ring);
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
