//===- Party.cpp - one of the two computing parties -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What protocols share: rounds, dealt words and masks.
//
//===----------------------------------------------------------------------===//

#include "runtime/Party.h"

#include "runtime/Blocks.h"
#include "runtime/Pack.h"
#include "runtime/Threads.h"

#include <algorithm>

namespace secformer::runtime {

/// What of a message leaves before the rest of it is made.
constexpr size_t pieceBytes = size_t(1) << 20;

// Messages are made and read in chunks that stay in the second cache, and in
// blocks of those. All begin at bytes, whatever the width of a word, and at
// words that may be drawn.
constexpr size_t chunkWords = size_t(1) << 16;
constexpr size_t grain = size_t(1) << 15; // worth a thread
constexpr size_t blockWords = size_t(1) << 12;

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

/// Calls work(first, count) for the blocks of n words, in several threads.
template <class Work> static void forBlocksOf(size_t n, Work work) {
  parallelFor(n, grain, [&](size_t begin, size_t end) {
    forPieces(end - begin, blockWords,
              [&](size_t first, size_t count) { work(begin + first, count); });
  });
}

void Party::queue(std::span<const uint64_t> words, unsigned bits) {
  queueBlocks(words.size(), bits,
              [&](size_t first, std::span<uint64_t> scratch) {
                return words.subspan(first, scratch.size());
              });
}

void Party::queueBlocks(size_t n, unsigned bits, const Make &make) {
  forPieces(n, chunkWords, [&](size_t begin, size_t length) {
    const size_t start = outgoing.size();
    outgoing.resize(start + packedBytes(length, bits));
    forBlocksOf(length, [&](size_t first, size_t count) {
      alignas(64) uint64_t scratch[blockWords];
      pack(make(begin + first, std::span(scratch, count)), bits,
           std::span(outgoing).subspan(start + first / 8 * bits,
                                       packedBytes(count, bits)));
    });
    if (profile)
      profile->count(packedBytes(length, bits));
    if (outgoing.size() >= pieceBytes)
      sendQueued();
  });
}

void Party::sendQueued() {
  if (outgoing.empty())
    return;
  (id == 0 ? counted.bytesP0ToP1 : counted.bytesP1ToP0) += outgoing.size();
  talked = true;
  peer.post(std::move(outgoing));
  outgoing = {};
}

void Party::takeWords(Channel &from, uint64_t &counter,
                      std::span<uint64_t> words, unsigned bits) {
  forPieces(words.size(), chunkWords, [&](size_t first, size_t count) {
    received.resize(std::max(received.size(), packedBytes(count, bits)));
    const auto bytes = std::span(received).first(packedBytes(count, bits));
    waitFor([&] { from.receive(bytes); });
    counter += bytes.size();
    unpack(bytes, bits, words.subspan(first, count));
  });
}

void Party::expect(size_t n, unsigned bits,
                   const std::function<void(const Array &)> &complete) {
  incoming.emplace_back([=, this] {
    Array words(n);
    takeWords(peer, receivedBytes(), words.words(), bits);
    complete(words);
  });
}

void Party::expectBlocks(size_t n, unsigned bits, const Take &take) {
  incoming.emplace_back([=, this] {
    Array chunk(std::min(n, chunkWords));
    forPieces(n, chunkWords, [&](size_t begin, size_t length) {
      const auto words = chunk.words().first(length);
      takeWords(peer, receivedBytes(), words, bits);
      forBlocksOf(length, [&](size_t first, size_t count) {
        take(begin + first, words.subspan(first, count));
      });
    });
  });
}

void Party::endRound() {
  sendQueued();
  const uint64_t before = receivedBytes();
  for (const std::function<void()> &complete : incoming)
    complete();
  talked = talked || receivedBytes() != before;
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
  takeWords(*dealer, counted.bytesDealerToP1, out, bits);
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
