//===- Dealer.cpp - draws the correlated randomness -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Dealer.h"

#include "runtime/Pack.h"
#include "runtime/Ring.h"

namespace secformer::runtime {

Dealer::Dealer(const Randomness &ofParty0, const Randomness &ofParty1,
               Channel &toParty1)
    : party{&ofParty0, &ofParty1}, channel(toParty1) {}

void Dealer::start(uint32_t phaseNumber) {
  startPhase(phaseNumber);
  sent = 0;
}

std::vector<Array> Dealer::deal(std::span<const uint64_t> words, unsigned bits,
                                StreamId stream, uint64_t firstWord) {
  Array own(words.size()), rest(words.size());
  party[0]->draw(own.words(), bits, stream, firstWord);
  for (size_t i = 0; i < words.size(); ++i)
    rest.data()[i] = (words[i] - own.data()[i]) & ringMask(bits);
  send(rest, bits);
  return {own, rest};
}

void Dealer::dealXor(std::span<const uint64_t> words, unsigned bits,
                     StreamId stream, uint64_t firstWord) {
  Array halves(words.size());
  party[0]->draw(halves.words(), bits, stream, firstWord);
  for (size_t i = 0; i < words.size(); ++i)
    halves.data()[i] ^= words[i];
  send(halves, bits);
}

void Dealer::send(const Array &words, unsigned bits) {
  std::vector<std::byte> bytes(packedBytes(words.size(), bits));
  pack(words.words(), bits, bytes);
  channel.send(bytes);
  sent += bytes.size();
}

std::vector<Array> Dealer::deal(const Array &words, unsigned bits,
                                uint32_t operation) {
  return deal(words.words(), bits, {Purpose::Correction, phase(), operation},
              0);
}

Factor Dealer::maskFactor(const Slot &x) const {
  if (!x.stored)
    return totalMask(x);
  for (unsigned part : {0, 1})
    if (!x.stored->holds(1 - part))
      return x.stored->part(part);
  const std::vector<Array> parts = x.stored->load();
  return kernels::binary(kernels::Binary::Add, parts[0], parts[1], x.type.ring);
}

Array Dealer::totalMask(const Slot &x) const {
  if (!x.parts[0] || !x.parts[1])
    return dense(x, x.parts[0] ? 0 : 1);
  return kernels::binary(kernels::Binary::Add, x.parts[0], x.parts[1],
                         x.type.ring);
}

} // namespace secformer::runtime
