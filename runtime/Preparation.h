//===- Preparation.h - what a party computes before its input exists ------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The offline phase of party 1, which gets the dealt words: it runs the program
// on its own masks alone, and hands the words on to the online phase, in order.
// Of a product with a value that is known since setup (a weight: Delta_y), its
// term d1 * Delta_y does not depend on the input: it is taken off the dealt
// word here, so that online nothing of the product is left for party 1 to do.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PREPARATION_H
#define SECFORMER_RUNTIME_PREPARATION_H

#include "runtime/Bystander.h"
#include "runtime/Channel.h"
#include "runtime/Prg.h"

#include <vector>

namespace secformer::runtime {

class Preparation final : public Bystander {
public:
  /// For \p party, whose setup is done; \p randomness is the party's.
  Preparation(const Role &party, const Randomness &randomness, Channel &dealer,
              Channel &toOnline);

  /// Begins the n-th inference, n > 0.
  void start(uint32_t phaseNumber) { startPhase(phaseNumber); }

  Wire mask(Wire owned) override;
  Wire open(Wire shared) override;
  Wire truncate(Wire shared, const WireType &result) override;
  Wire truncateOpen(Wire shared, const WireType &result,
                    const OpenTruncation &how) override;
  Wire compare(Wire x, const Comparison &with) override;
  Wire mul3(Wire x, Wire y, Wire z, const WireType &result) override;
  Wire univariate(Wire x, const Univariate &f, const WireType &result) override;
  Wire indicator(Wire decided, unsigned index, const WireType &result) override;
  Wire select(Wire decided, Wire x, unsigned index, int64_t offset,
              const WireType &result) override;

private:
  /// The next n dealt words as they came: handed on unchanged.
  void forward(size_t n, unsigned bits);
  /// The same, read here as well.
  Array dealt(size_t n, unsigned bits);
  /// Read, but not handed on; what is handed on instead.
  Array received(size_t n, unsigned bits);
  void handOn(const Array &words, unsigned bits);
  void forwardDecision(Wire decided, size_t kinds, const WireType &result);
  Array freshMask(size_t n, unsigned bits, uint32_t operation);
  /// What is known of an opening: the party's share of the mask, no Delta.
  static Slot maskedBy(const WireType &type, const Array &mask) {
    return {Kind::Masked, type, {Array(), mask}};
  }
  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;

  const int id;
  const Randomness &randomness;
  Channel &dealer, &online;
  std::vector<std::byte> bytes;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PREPARATION_H
