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

#define SECFORMER_OPERATION(declaration) declaration override;
#include "runtime/DealtOperations.inc"
#undef SECFORMER_OPERATION

private:
  /// The next n dealt words as they came: handed on unchanged.
  void forward(size_t n, unsigned bits);
  /// The same, read here as well.
  Array dealt(size_t n, unsigned bits);
  /// Read, but not handed on; what is handed on instead.
  Array received(size_t n, unsigned bits);
  void handOn(const Array &words, unsigned bits);
  void forwardDecision(Wire decided, size_t kinds, const WireType &result);
  Array freshMask(size_t n, unsigned bits, uint32_t operation) const {
    return drawMask(randomness, n, bits, operation);
  }
  /// What is known of an opening: the party's share of the mask, no Delta.
  static Slot maskedBy(const WireType &type, const Array &mask) {
    return {Kind::Masked, type, {Array(), mask}};
  }
  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;
  Wire extendedProduct(const Slot &x, const Slot &y,
                       const WireType &result) override;

  const int id;
  const Randomness &randomness;
  Channel &dealer, &online;
  std::vector<std::byte> bytes;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PREPARATION_H
