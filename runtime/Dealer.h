//===- Dealer.h - draws the correlated randomness -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The dealer runs the program on masks alone: it sees no value of the
// computation. It draws what the parties draw, in the same order, and sends
// party 1 its half of the dealt words (party 0 derives its half from its key).
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_DEALER_H
#define SECFORMER_RUNTIME_DEALER_H

#include "runtime/Bystander.h"
#include "runtime/Channel.h"
#include "runtime/Prg.h"

namespace secformer::runtime {

class Dealer final : public Bystander {
public:
  Dealer(const Randomness &ofParty0, const Randomness &ofParty1,
         Channel &toParty1);

  void start(uint32_t phaseNumber);

#define SECFORMER_OPERATION(declaration) declaration override;
#include "runtime/DealtOperations.inc"
#undef SECFORMER_OPERATION

  uint64_t bytesToParty1() const { return sent; }

private:
  /// Deals words: party 0's half comes from its key, party 1's is sent. Returns
  /// both.
  std::vector<Array> deal(std::span<const uint64_t> words, unsigned bits,
                          StreamId stream, uint64_t firstWord);
  std::vector<Array> deal(const Array &words, unsigned bits,
                          uint32_t operation);
  /// Deals words of which the halves are to be XORed.
  void dealXor(std::span<const uint64_t> words, unsigned bits, StreamId stream,
               uint64_t firstWord);
  void send(const Array &words, unsigned bits);
  /// What a party draws as its share of a fresh mask.
  Array maskShare(int of, size_t n, unsigned bits, uint32_t operation) const {
    return drawMask(*party[of], n, bits, operation);
  }
  /// delta = d0 + d1.
  Array totalMask(const Slot &x) const;
  /// The same for a matrix product, which reads what is stored.
  Factor maskFactor(const Slot &x) const;
  /// Deals what a decision is for every value that the opened bits may have; of
  /// a factor with mask d, the decision times d as well.
  Wire decide(const Slot &decided, unsigned index, const WireType &result,
              const Array *d);
  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;
  Wire extendedProduct(const Slot &x, const Slot &y,
                       const WireType &result) override;

  const Randomness *const party[2];
  Channel &channel;
  uint64_t sent = 0;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_DEALER_H
