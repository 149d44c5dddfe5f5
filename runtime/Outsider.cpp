//===- Outsider.cpp - an owner outside of the two parties -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What it does is in protocols/Doors.cpp and protocols/Sharing.cpp. Here stand
// the operations between the parties, which give it nothing but a type.
//
//===----------------------------------------------------------------------===//

#include "runtime/Outsider.h"

#include "runtime/Pack.h"

namespace secformer::runtime {

Outsider::Outsider(int self, const Randomness &words,
                   const WeightSource &weights)
    : Role(0, false), self(self), words(words), weights(weights) {}

void Outsider::start(uint32_t phaseNumber, const TensorMap *phaseInputs) {
  startPhase(phaseNumber);
  inputs = phaseInputs;
  for (std::vector<std::byte> &bytes : sent)
    bytes.clear();
}

void Outsider::give(int party, const Array &given, unsigned bits) {
  std::vector<std::byte> &bytes = sent[party];
  const size_t start = bytes.size();
  bytes.resize(start + packedBytes(given.size(), bits));
  pack(given.words(), bits, std::span(bytes).subspan(start));
}

Wire Outsider::mask(Wire owned) {
  return makePending({Kind::Masked, type(owned), {}}, "mask");
}
Wire Outsider::open(Wire shared) {
  return makePending({Kind::Masked, type(shared), {}}, "open");
}
Wire Outsider::unmask(Wire masked) {
  return make({Kind::Shared, type(masked), {}});
}
Wire Outsider::truncate(Wire, const WireType &result) {
  return makePending({Kind::Shared, result, {}}, "truncate");
}
Wire Outsider::truncateOpen(Wire, const WireType &result,
                            const OpenTruncation &) {
  return makePending({Kind::Masked, result, {}}, "truncateOpen");
}
Wire Outsider::narrow(Wire, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Outsider::product(const Slot &, const Slot &, const WireType &result,
                       const Bilinear &) {
  return make({Kind::Shared, result, {}});
}
Wire Outsider::mul3(Wire, Wire, Wire, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Outsider::univariate(Wire, const Univariate &, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Outsider::compare(Wire x, const Comparison &) {
  return makePending({Kind::Decided, type(x), {}}, "compare");
}
Wire Outsider::indicator(Wire, unsigned, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Outsider::select(Wire, Wire, unsigned, int64_t, const WireType &result) {
  return make({Kind::Shared, result, {}});
}
Wire Outsider::reveal(Wire shared, int to) {
  Slot result{Kind::Revealed, type(shared), {}, to};
  return isOutside(to) ? make(std::move(result))
                       : makePending(std::move(result), "reveal");
}
void Outsider::output(const char *, Wire revealed, DType) {
  get(revealed, Kind::Revealed, "output");
}

} // namespace secformer::runtime
