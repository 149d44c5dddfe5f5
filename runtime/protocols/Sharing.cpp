//===- Sharing.cpp - owned values as shares -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A party's own value is its share of it, and the other's share is 0. An owner
// outside of both splits x = x0 + x1 modulo 2^k (Shamir 1979, additively): x0
// is expanded from a key that it gives to party 0, x1 = x - x0 goes to party 1
// word by word. Each share by itself is uniform.
//
//===----------------------------------------------------------------------===//

#include "runtime/Kernels.h"
#include "runtime/Outsider.h"
#include "runtime/Pack.h"
#include "runtime/Party.h"
#include "runtime/Reference.h"

namespace secformer::runtime {

Wire Party::share(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "share");
  if (!isOutside(x.owner))
    return make({Kind::Shared, x.type, x.parts});
  Array share(elementCount(x.type.shape));
  const uint32_t number = nextSharing();
  if (id == 1)
    unpack(takeFromOutside(packedBytes(share.size(), x.type.ring)), x.type.ring,
           share.words());
  else if (!outside.words)
    misuse("outside owners gave this party nothing");
  else
    outside.words->draw(share.words(), x.type.ring,
                        {Purpose::Sharing, phase(), number});
  return make({Kind::Shared, x.type, {share}});
}

Wire Reference::share(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "share");
  return make({Kind::Shared, x.type, x.parts});
}

Wire Outsider::share(Wire owned) {
  const Slot &x = get(owned, Kind::Owned, "share");
  if (x.owner == self) {
    Array first(elementCount(x.type.shape));
    words.draw(first.words(), x.type.ring,
               {Purpose::Sharing, phase(), nextSharing()});
    give(1,
         kernels::binary(kernels::Binary::Sub, x.parts[0], first, x.type.ring),
         x.type.ring);
  }
  return make({Kind::Shared, x.type, {}});
}

} // namespace secformer::runtime
