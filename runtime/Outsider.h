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

#include "runtime/Bystander.h"
#include "runtime/Prg.h"
#include "runtime/Tensor.h"

namespace secformer::runtime {

class Outsider final : public Bystander {
public:
  /// \p self: client or provider; \p words: of a key that no other sharing
  /// uses; \p weights: for a provider all, for a client the public ones.
  Outsider(int self, const Randomness &words, const WeightSource &weights);

  /// Begins setup (0) or the n-th inference with the inputs of this owner.
  void start(uint32_t phaseNumber, const TensorMap *inputs);

  Wire param(const char *name, const WireType &type, int owner) override;
  Wire input(const char *name, const WireType &type, int owner) override;
  Wire localInput(const char *name, const Shape &shape, int owner) override;
  Wire encode(Wire plain, const WireType &type, int owner) override;
  Wire publicParam(const char *name, const Shape &shape) override;
  Wire publicInput(const char *name, const Shape &shape, int owner) override;
  Wire share(Wire owned) override;

  /// What party 0 and party 1 get for this phase (FromOutside::bytes).
  const std::vector<std::byte> &given(int party) const { return sent[party]; }

private:
  /// Appends packed words to what a party gets.
  void give(int party, const Array &words, unsigned bits);

  const int self;
  const Randomness &words;
  const WeightSource &weights;
  const TensorMap *inputs = nullptr;
  std::vector<std::byte> sent[2];
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_OUTSIDER_H
