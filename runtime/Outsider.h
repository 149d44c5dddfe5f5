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

class Outsider final : public Role {
public:
  /// \p self: client or provider; \p words: of a key that no other sharing
  /// uses; \p weights: for a provider all, for a client the public ones.
  Outsider(int self, const Randomness &words, const WeightSource &weights);

  /// Begins setup (0) or the n-th inference with the inputs of this owner.
  void start(uint32_t phaseNumber, const TensorMap *inputs);

#define SECFORMER_OPERATION(declaration) declaration override;
#include "runtime/Operations.inc"

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
