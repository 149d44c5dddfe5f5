//===- Preparation.cpp - what a party computes before its input exists ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What protocols share: the way of the dealt words, and masks.
//
//===----------------------------------------------------------------------===//

#include "runtime/Preparation.h"

#include "runtime/Pack.h"

namespace secformer::runtime {

Preparation::Preparation(const Role &party, const Randomness &randomness,
                         Channel &dealer, Channel &toOnline)
    : id(party.party()), randomness(randomness), dealer(dealer),
      online(toOnline) {
  adoptKept(party);
}

void Preparation::forward(size_t n, unsigned bits) {
  bytes.resize(packedBytes(n, bits));
  dealer.receive(bytes);
  online.send(bytes);
}

Array Preparation::received(size_t n, unsigned bits) {
  Array words(n);
  bytes.resize(packedBytes(n, bits));
  dealer.receive(bytes);
  unpack(bytes, bits, words.words());
  return words;
}

Array Preparation::dealt(size_t n, unsigned bits) {
  Array words = received(n, bits);
  online.send(bytes);
  return words;
}

void Preparation::handOn(const Array &words, unsigned bits) {
  bytes.resize(packedBytes(words.size(), bits));
  pack(words.words(), bits, bytes);
  online.send(bytes);
}

} // namespace secformer::runtime
