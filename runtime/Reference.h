//===- Reference.h - the exact fixed-point result in the clear ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Runs the program on the integers themselves, which never wrap. Where a
// protocol needs a range (truncation, the final result), a value outside it is
// noted: there the parties' result would be wrong.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_REFERENCE_H
#define SECFORMER_RUNTIME_REFERENCE_H

#include "runtime/Role.h"
#include "runtime/Tensor.h"

namespace secformer::runtime {

/// Values of one operation that left the range its protocol needs.
struct RangeViolation {
  std::string place; ///< as given to Role::at
  std::string operation;
  uint64_t count = 0; ///< how many elements
  uint64_t firstIndex = 0;
  unsigned allowedBits = 0; ///< |x| < 2^allowedBits was needed
  unsigned foundBits = 0;   ///< |x| < 2^foundBits held
};

class Reference : public Role {
public:
  explicit Reference(const WeightSource &weights);

  void start(uint32_t phaseNumber, const TensorMap *inputs);
  void endRound() { closeRound(); }

  // The same program as Party's: see Party.h.
  Wire param(const char *name, const WireType &type);
  Wire input(const char *name, const WireType &type, int owner);
  Wire publicInput(const char *name, const Shape &shape, int owner);
  Wire mask(Wire owned);
  Wire open(Wire shared);
  Wire unmask(Wire masked);
  Wire truncate(Wire shared, const WireType &result);
  Wire narrow(Wire shared, const WireType &result);
  Wire matmul(Wire x, Wire y, const WireType &result);
  Wire mul(Wire x, Wire y, const WireType &result);
  Wire mul3(Wire x, Wire y, Wire z, const WireType &result);
  Wire univariate(Wire x, const Univariate &f, const WireType &result);
  Wire reveal(Wire shared, int to);
  void output(const char *name, Wire revealed);

  const TensorMap &outputs() const { return results; }
  const std::vector<RangeViolation> &violations() const { return found; }

private:
  void checkRange(const Array &value, unsigned bits, const char *op);

  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate);

  const WeightSource &weights;
  const TensorMap *inputs = nullptr;
  TensorMap results;
  std::vector<RangeViolation> found;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_REFERENCE_H
