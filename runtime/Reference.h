//===- Reference.h - the exact fixed-point result in the clear ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Runs the program on the integers themselves, which never wrap. Where a
// protocol needs a range (truncation, a fitted function, the final result), a
// value outside it is noted: there the parties' result would be wrong.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_REFERENCE_H
#define SECFORMER_RUNTIME_REFERENCE_H

#include "runtime/Role.h"
#include "runtime/Tensor.h"

namespace secformer::runtime {

/// Values of one operation that left the range its protocol needs.
struct RangeViolation {
  struct Element {
    size_t index;
    int64_t value; ///< in units of the wire
  };
  std::string place; ///< as given to Role::at
  std::string operation;
  Wire result; ///< of a fitted function, else no wire
  unsigned scale = 0;
  int64_t low = 0, high = 0; ///< planned, in units
  std::vector<Element> outside;

  /// low >= -2^bits and high < 2^bits.
  unsigned allowedBits() const;
  unsigned foundBits() const;
};

struct RangeReport {
  std::vector<RangeViolation> violations;
  uint64_t checked = 0; ///< how many ranges were looked at
};

class Reference final : public Role {
public:
  explicit Reference(const WeightSource &weights);

  void start(uint32_t phaseNumber, const TensorMap *inputs);

#define SECFORMER_OPERATION(declaration) declaration override;
#include "runtime/Operations.inc"

  const TensorMap &outputs() const { return results; }
  /// Since the start of the phase.
  const RangeReport &ranges() const { return report; }
  /// Puts other integers in place of a shared or masked value's.
  void replace(Wire x, Array value);

private:
  /// A function's value that a mask makes 0 may have had any argument.
  void beforeMulPublic(Wire shared, const Slot &factor) override;

  void checkRange(const Slot &x, int64_t low, int64_t high, const char *op,
                  Wire result = {});
  /// The same for |x| < 2^bits.
  void checkRange(const Slot &x, unsigned bits, const char *op);

  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;
  Wire extendedProduct(const Slot &x, const Slot &y,
                       const WireType &result) override;

  const WeightSource &weights;
  const TensorMap *inputs = nullptr;
  TensorMap results;
  RangeReport report;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_REFERENCE_H
