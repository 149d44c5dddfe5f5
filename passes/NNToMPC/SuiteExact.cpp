//===- SuiteExact.cpp - softmax and LayerNorm as in CrypTen ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// CrypTen's softmax by maximum with (1 + x/2^8)^(2^8), and its Newton
// iterations for reciprocals and inverse square roots. Its erf is a Taylor
// series that diverges beyond 3, so GELU is a polynomial in segments here.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteCrypTen.h"
#include "passes/NNToMPC/SuiteMaximum.h"
#include "passes/NNToMPC/Suites.h"

using namespace mlir;
using namespace secformer;

namespace {
/// The exponential of CrypTen rises again below -2^8.
class ExactSuite : public NewtonIterations<MaximumSuite> {
public:
  ExactSuite() : NewtonIterations(/*squarings=*/8, /*lowest=*/-256.0) {}

protected:
  const SegmentedGelu *gelu() const override { return &geluByPolynomials; }
};
} // namespace

std::unique_ptr<Suite> secformer::createExactSuite(const SuiteOptions &) {
  return std::make_unique<ExactSuite>();
}
