//===- Bystander.cpp - a role that knows no value -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Bystander.h"

namespace secformer::runtime {

Wire Bystander::param(const char *, const WireType &type, int owner) {
  return make({Kind::Owned, type, {}, owner});
}

Wire Bystander::input(const char *, const WireType &type, int owner) {
  return make({Kind::Owned, type, {}, owner});
}

Wire Bystander::localInput(const char *, const Shape &shape, int owner) {
  return make({Kind::Local, {shape, 0, 64}, {}, owner});
}

Wire Bystander::encode(Wire plain, const WireType &type, int owner) {
  clearOf(plain, owner);
  return make({Kind::Owned, type, {}, owner});
}

Wire Bystander::publicParam(const char *, const Shape &shape) {
  return make({Kind::Public, {shape, 0, 64}, {}});
}

Wire Bystander::publicInput(const char *, const Shape &shape, int owner) {
  Slot result{Kind::Public, {shape, 0, 64}, {}};
  return isOutside(owner) ? make(std::move(result))
                          : makePending(std::move(result), "publicInput");
}

Wire Bystander::share(Wire owned) {
  return make({Kind::Shared, get(owned, Kind::Owned, "share").type, {}});
}

Wire Bystander::mask(Wire owned) {
  return makePending({Kind::Masked, type(owned), {}}, "mask");
}
Wire Bystander::open(Wire shared) {
  return makePending({Kind::Masked, type(shared), {}}, "open");
}
Wire Bystander::unmask(Wire masked) {
  return make({Kind::Shared, type(masked), {}});
}
Wire Bystander::truncate(Wire, const WireType &result) {
  return makePending({Kind::Shared, result, {}}, "truncate");
}
Wire Bystander::truncateOpen(Wire, const WireType &result,
                             const OpenTruncation &) {
  return makePending({Kind::Masked, result, {}}, "truncateOpen");
}
Wire Bystander::narrow(Wire, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::product(const Slot &, const Slot &, const WireType &result,
                        const Bilinear &) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::extendedProduct(const Slot &, const Slot &,
                                const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::mul3(Wire, Wire, Wire, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::univariate(Wire, const Univariate &, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::compare(Wire x, const Comparison &) {
  return makePending({Kind::Decided, type(x), {}}, "compare");
}
Wire Bystander::indicator(Wire, unsigned, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::select(Wire, Wire, unsigned, int64_t, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Bystander::reveal(Wire shared, int to) {
  Slot result{Kind::Revealed, type(shared), {}, to};
  return isOutside(to) ? make(std::move(result))
                       : makePending(std::move(result), "reveal");
}
void Bystander::output(const char *, Wire revealed, DType) {
  get(revealed, Kind::Revealed, "output");
}

} // namespace secformer::runtime
