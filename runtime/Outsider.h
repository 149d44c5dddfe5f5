//===- Outsider.h - an owner outside of the two parties -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The client (of inputs) or the provider (of weights) runs the program before
// the parties do, alone: it computes what is local to it, shares it, and makes
// what each party gets. Of all other values it knows the types.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_OUTSIDER_H
#define SECFORMER_RUNTIME_OUTSIDER_H

#include "runtime/Prg.h"
#include "runtime/Role.h"
#include "runtime/Tensor.h"

namespace secformer::runtime {

class Outsider : public Role {
public:
  /// \p self: client or provider; \p words: of a key that no other sharing
  /// uses; \p weights: for a provider all, for a client the public ones.
  Outsider(int self, const Randomness &words, const WeightSource &weights);

  /// Begins setup (0) or the n-th inference with the inputs of this owner.
  void start(uint32_t phaseNumber, const TensorMap *inputs);
  void endRound() { closeRound(); }

  // The same program as Party's: see Party.h.
  Wire param(const char *name, const WireType &type, int owner);
  Wire input(const char *name, const WireType &type, int owner);
  Wire localInput(const char *name, const Shape &shape, int owner);
  Wire encode(Wire plain, const WireType &type, int owner);
  Wire publicParam(const char *name, const Shape &shape);
  Wire publicInput(const char *name, const Shape &shape, int owner);
  Wire share(Wire owned);
  Wire mask(Wire owned);
  Wire open(Wire shared);
  Wire unmask(Wire masked);
  Wire truncate(Wire shared, const WireType &result);
  Wire truncateOpen(Wire shared, const WireType &result,
                    const OpenTruncation &how);
  Wire narrow(Wire shared, const WireType &result);
  Wire mul3(Wire x, Wire y, Wire z, const WireType &result);
  Wire univariate(Wire x, const Univariate &f, const WireType &result);
  Wire compare(Wire x, const Comparison &with);
  Wire indicator(Wire decided, unsigned index, const WireType &result);
  Wire select(Wire decided, Wire x, unsigned index, int64_t offset,
              const WireType &result);
  Wire reveal(Wire shared, int to);
  void output(const char *name, Wire revealed, DType dtype = DType::Float32);

  /// What party 0 and party 1 get for this phase (FromOutside::bytes).
  const std::vector<std::byte> &given(int party) const { return sent[party]; }

private:
  /// Appends packed words to what a party gets.
  void give(int party, const Array &words, unsigned bits);
  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;

  const int self;
  const Randomness &words;
  const WeightSource &weights;
  const TensorMap *inputs = nullptr;
  std::vector<std::byte> sent[2];
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_OUTSIDER_H
