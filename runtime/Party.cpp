//===- Party.cpp - one of the two computing parties -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What protocols share: rounds, dealt words and masks.
//
//===----------------------------------------------------------------------===//

#include "runtime/Party.h"

#include "runtime/Pack.h"

#include <algorithm>

namespace secformer::runtime {

/// What of a message leaves before the rest of it is made.
constexpr size_t pieceBytes = size_t(1) << 20;

Party::Party(int id, Channel &peer, Channel *dealer,
             const Randomness &randomness, const WeightSource *weights)
    : Role(0, id == 0), id(id), peer(peer), dealer(dealer),
      randomness(randomness), weights(weights) {}

void Party::start(uint32_t phaseNumber, const TensorMap *phaseInputs,
                  const FromOutside &fromOutside) {
  startPhase(phaseNumber);
  inputs = phaseInputs;
  outside = fromOutside;
  outgoing.clear();
  incoming.clear();
  talked = false;
  counted = {};
  results.clear();
  shares.clear();
}

void Party::takePrepared(Channel &from) {
  dealer = &from;
  prepared = true;
}

void Party::queue(std::span<const uint64_t> words, unsigned bits) {
  size_t start = outgoing.size();
  outgoing.resize(start + packedBytes(words.size(), bits));
  pack(words, bits, std::span(outgoing).subspan(start));
  if (profile)
    profile->count(packedBytes(words.size(), bits));
  if (outgoing.size() >= pieceBytes)
    sendQueued();
}

void Party::sendQueued() {
  if (outgoing.empty())
    return;
  (id == 0 ? counted.bytesP0ToP1 : counted.bytesP1ToP0) += outgoing.size();
  talked = true;
  peer.post(std::move(outgoing));
  outgoing = {};
}

void Party::expect(size_t n, unsigned bits,
                   const std::function<void(const Array &)> &complete) {
  incoming.push_back(
      {packedBytes(n, bits), [=](std::span<const std::byte> bytes) {
         Array words(n);
         unpack(bytes, bits, words.words());
         complete(words);
       }});
}

void Party::endRound() {
  sendQueued();
  for (const Incoming &message : incoming) {
    received.resize(message.bytes);
    waitFor([&] { peer.receive(received); });
    (id == 0 ? counted.bytesP1ToP0 : counted.bytesP0ToP1) += message.bytes;
    talked = talked || message.bytes != 0;
    message.complete(received);
  }
  if (incoming.empty())
    waitFor([&] { peer.flush(); });
  counted.rounds += talked;
  talked = false;
  incoming.clear();
  if (profile)
    profile->end("round", place());
  closeRound();
}

void Party::dealt(std::span<uint64_t> out, unsigned bits, StreamId stream,
                  uint64_t firstWord) {
  if (id == 0)
    return randomness.draw(out, bits, stream, firstWord);
  std::vector<std::byte> bytes(packedBytes(out.size(), bits));
  waitFor([&] { dealer->receive(bytes); });
  counted.bytesDealerToP1 += bytes.size();
  unpack(bytes, bits, out);
}

Array Party::dealt(size_t n, unsigned bits, uint32_t operation) {
  Array words(n);
  dealt(words.words(), bits, {Purpose::Correction, phase(), operation}, 0);
  return words;
}

std::span<const std::byte> Party::takeFromOutside(size_t bytes) {
  if (bytes > outside.bytes.size())
    misuse("more is read than outside owners gave");
  (id == 0 ? counted.bytesOutsideToP0 : counted.bytesOutsideToP1) += bytes;
  auto taken = outside.bytes.first(bytes);
  outside.bytes = outside.bytes.subspan(bytes);
  return taken;
}

Factor Party::ownView(const Slot &x) const {
  if (const auto value = x.stored ? x.stored->value() : std::nullopt)
    return *value;
  if (!holds(x, 1))
    return factor(x, 0);
  const std::vector<Array> parts = x.stored ? x.stored->load() : x.parts;
  return kernels::binary(kernels::Binary::Sub, parts[0], parts[1], x.type.ring);
}

} // namespace secformer::runtime
