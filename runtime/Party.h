//===- Party.h - one of the two computing parties -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A party runs the program online on its shares. Every method here is one face
// of a protocol in protocols/; Role.h explains the kinds of values.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PARTY_H
#define SECFORMER_RUNTIME_PARTY_H

#include "runtime/Channel.h"
#include "runtime/Prg.h"
#include "runtime/Role.h"
#include "runtime/Tensor.h"

namespace secformer::runtime {

/// What a role counts; bytes after the handshake, in one phase.
struct Counters {
  uint64_t rounds = 0; ///< endRounds that moved at least one byte
  uint64_t bytesP0ToP1 = 0;
  uint64_t bytesP1ToP0 = 0;
  uint64_t bytesDealerToP0 = 0;
  uint64_t bytesDealerToP1 = 0;
  /// In files of shares (Shares.h), without their heads: to a party from client
  /// or provider, and from each party to the client.
  uint64_t bytesOutsideToP0 = 0;
  uint64_t bytesOutsideToP1 = 0;
  uint64_t bytesToOutside = 0;
  bool operator==(const Counters &) const = default;
};

/// What outside owners gave a party for one phase.
struct FromOutside {
  const Randomness *words = nullptr; ///< party 0's shares; null for party 1
  /// In the order of the program: public inputs (float64) and, for party 1, its
  /// shares, packed.
  std::span<const std::byte> bytes;
};

/// A party's share of a result for the client.
struct ResultShare {
  WireType type;
  DType dtype = DType::Float32;
  Array words;
};

class Party final : public Role {
public:
  /// \p dealer is null for party 0, whose half of the dealt words comes from
  /// its key. \p weights may be null for party 1 if none is public.
  Party(int id, Channel &peer, Channel *dealer, const Randomness &randomness,
        const WeightSource *weights);

  /// Begins setup (0) or the n-th inference with the inputs of this party and
  /// what outside owners gave it (they must live until the next start).
  /// Counters and outputs start empty.
  void start(uint32_t phaseNumber, const TensorMap *inputs,
             const FromOutside &fromOutside = {});

  /// Sends and receives what the round queued: one message each way.
  void endRound() override;
  /// From now on the dealt words come from this party's Preparation.
  void takePrepared(Channel &from);

#define SECFORMER_OPERATION(declaration) declaration override;
#include "runtime/Operations.inc"

  int party() const override { return id; }
  const Counters &counters() const { return counted; }
  const TensorMap &outputs() const { return results; }
  const std::map<std::string, ResultShare> &outputShares() const {
    return shares;
  }

private:
  void sendQueued();
  /// Runs what waits for a peer.
  template <class Receive> void waitFor(Receive receive) {
    if (profile)
      profile->waitFor(receive);
    else
      receive();
  }

  /// Queues n words of \p bits for the peer; a long message leaves in pieces.
  void queue(std::span<const uint64_t> words, unsigned bits);
  void queue(const Array &words, unsigned bits) { queue(words.words(), bits); }
  /// The same block by block while the words are made: make(first, scratch)
  /// gives as many as fit scratch, from word \p first on, there or elsewhere.
  /// Several threads call it at once.
  using Make = std::function<std::span<const uint64_t>(
      size_t first, std::span<uint64_t> scratch)>;
  void queueBlocks(size_t n, unsigned bits, const Make &make);
  /// Queues the receipt of n words; \p complete gets them when the round ends.
  void expect(size_t n, unsigned bits,
              const std::function<void(const Array &)> &complete);
  /// The same block by block, from several threads at once.
  using Take =
      std::function<void(size_t first, std::span<const uint64_t> words)>;
  void expectBlocks(size_t n, unsigned bits, const Take &take);
  /// The next words from the other party or the dealer.
  void takeWords(Channel &from, uint64_t &counter, std::span<uint64_t> words,
                 unsigned bits);
  /// My half of words the dealer deals: from my key (P0), from the dealer (P1).
  void dealt(std::span<uint64_t> out, unsigned bits, StreamId stream,
             uint64_t firstWord);
  Array dealt(size_t n, unsigned bits, uint32_t operation);
  /// My share of a fresh mask.
  Array freshMask(size_t n, unsigned bits, uint32_t operation) const {
    return drawMask(randomness, n, bits, operation);
  }

  /// The next bytes that outside owners gave this party.
  std::span<const std::byte> takeFromOutside(size_t bytes);

  /// What party 0 knows of a masked value: Delta - d0, that is x + d1.
  Factor ownView(const Slot &x) const;
  /// A decision times a factor z. Of the dealt words, `kinds` for each value
  /// that the opened bits may have, factor(i, word, distance between kinds)
  /// makes shares of z and of W z for element i (protocols/Compare.cpp).
  template <class Factor>
  Wire decide(const Slot &decided, unsigned index, const WireType &result,
              unsigned kinds, Factor factor);

  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;
  Wire extendedProduct(const Slot &x, const Slot &y,
                       const WireType &result) override;

  const int id;
  Channel &peer;
  Channel *dealer;
  bool prepared = false;
  const Randomness &randomness;
  const WeightSource *const weights;
  const TensorMap *inputs = nullptr;
  FromOutside outside;
  uint64_t &receivedBytes() {
    return id == 0 ? counted.bytesP1ToP0 : counted.bytesP0ToP1;
  }

  std::vector<std::byte> outgoing, received;
  /// What takes the messages of this round, in order.
  std::vector<std::function<void()>> incoming;
  bool talked = false; ///< in this round
  Counters counted;
  TensorMap results;
  std::map<std::string, ResultShare> shares;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PARTY_H
