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

class Party : public Role {
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
  void endRound();

  //===-- Doors into the program ------------------------------------------===//

  /// A slice of the weight file of \p owner, encoded in the type.
  Wire param(const char *name, const WireType &type, int owner);
  /// A model input of \p owner, encoded in the type.
  Wire input(const char *name, const WireType &type, int owner);
  /// The same in the clear, for its owner to compute with.
  Wire localInput(const char *name, const Shape &shape, int owner);
  /// Numbers in the clear, encoded by an owner that knows them.
  Wire encode(Wire plain, const WireType &type, int owner);
  /// A slice of the file of public weights, in the clear.
  Wire publicParam(const char *name, const Shape &shape);
  /// A model input of \p owner that both parties may know; sent in a round as
  /// 64-bit words, or given to both by the client.
  Wire publicInput(const char *name, const Shape &shape, int owner);
  /// Owned -> shared: a party's own share is its value, the other's is 0;
  /// from outside both are uniform (protocols/Sharing.cpp).
  Wire share(Wire owned);

  //===-- Protocols; those marked * are called inside a round -------------===//

  Wire mask(Wire owned);    // * owned by a party -> masked
  Wire open(Wire shared);   // * shared -> masked
  Wire unmask(Wire masked); //   masked -> shared
  Wire truncate(Wire shared, const WireType &result); // *
  Wire truncateOpen(Wire shared, const WireType &result,
                    const OpenTruncation &how); // * shared -> masked
  Wire narrow(Wire shared, const WireType &result);
  Wire mul3(Wire x, Wire y, Wire z, const WireType &result);
  Wire univariate(Wire x, const Univariate &f, const WireType &result);
  Wire compare(Wire x, const Comparison &with); // *
  Wire indicator(Wire decided, unsigned index, const WireType &result);
  Wire select(Wire decided, Wire x, unsigned index, int64_t offset,
              const WireType &result);
  Wire reveal(Wire shared, int to); // * unless to the client
  /// Hands a revealed value, or this party's share of it, to its owner.
  void output(const char *name, Wire revealed, DType dtype = DType::Float32);

  int number() const { return id; }
  const Counters &counters() const { return counted; }
  const TensorMap &outputs() const { return results; }
  const std::map<std::string, ResultShare> &outputShares() const {
    return shares;
  }

private:
  using Completion = std::function<void(std::span<const std::byte>)>;
  struct Incoming {
    size_t bytes;
    Completion complete;
  };

  /// Queues n words of \p bits for the peer.
  void queue(const Array &words, unsigned bits);
  /// Queues the receipt of n words; \p complete gets them when the round ends.
  void expect(size_t n, unsigned bits,
              const std::function<void(const Array &)> &complete);
  /// My half of words the dealer deals: from my key (P0), from the dealer (P1).
  void dealt(std::span<uint64_t> out, unsigned bits, StreamId stream,
             uint64_t firstWord);
  Array dealt(size_t n, unsigned bits, uint32_t operation);
  /// My share of a fresh mask.
  Array freshMask(size_t n, unsigned bits, uint32_t operation);

  /// The next bytes that outside owners gave this party.
  std::span<const std::byte> takeFromOutside(size_t bytes);

  /// What party 0 knows of a masked value: Delta - d0, that is x + d1.
  Array ownView(const Slot &x) const;
  /// A decision times a factor z. Of the dealt words, `kinds` for each value
  /// that the opened bits may have, factor(i, word, distance between kinds)
  /// makes shares of z and of W z for element i (protocols/Compare.cpp).
  template <class Factor>
  Wire decide(const Slot &decided, unsigned index, const WireType &result,
              unsigned kinds, Factor factor);

  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;

  const int id;
  Channel &peer;
  Channel *const dealer;
  const Randomness &randomness;
  const WeightSource *const weights;
  const TensorMap *inputs = nullptr;
  FromOutside outside;
  std::vector<std::byte> outgoing;
  std::vector<Incoming> incoming;
  Counters counted;
  TensorMap results;
  std::map<std::string, ResultShare> shares;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PARTY_H
