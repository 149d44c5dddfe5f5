//===- Outsider.cpp - an owner outside of the two parties -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What it does is in protocols/Doors.cpp and protocols/Sharing.cpp.
//
//===----------------------------------------------------------------------===//

#include "runtime/Outsider.h"

#include "runtime/Pack.h"

namespace secformer::runtime {

Outsider::Outsider(int self, const Randomness &words,
                   const WeightSource &weights)
    : self(self), words(words), weights(weights) {}

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

} // namespace secformer::runtime
