//===- SuitePuma.cpp - PUMA's protocols -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Dong et al., PUMA: secure inference of LLaMA-7B in five minutes (arXiv
// 2307.12533): softmax by maximum, an exponential (1 + x/2^5)^(2^5) that is cut
// off at -14 (section 3.2), and GELU in four segments (section 3.1). PUMA
// divides and takes roots with SPU's protocols for three parties, which find a
// start value among the bits of the secret; here Goldschmidt's iterations on
// the range do both.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteMaximum.h"
#include "passes/NNToMPC/Suites.h"

using namespace mlir;
using namespace secformer;

namespace {
class PumaSuite : public MaximumSuite {
public:
  PumaSuite() : MaximumSuite(/*squarings=*/5, /*lowest=*/-14) {}

protected:
  const SegmentedGelu *gelu() const override { return &geluOfPuma; }
};
} // namespace

std::unique_ptr<Suite> secformer::createPumaSuite(const SuiteOptions &) {
  return std::make_unique<PumaSuite>();
}
