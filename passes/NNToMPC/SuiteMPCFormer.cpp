//===- SuiteMPCFormer.cpp - MPCFormer's functions -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Li et al., MPCFormer: fast, performant and private Transformer inference with
// MPC (ICLR 2023): 2Quad in place of softmax and 0.125 x^2 + 0.25 x + 0.5 in
// place of GELU, for models distilled to them; division and roots by CrypTen's
// Newton iterations.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteCrypTen.h"
#include "passes/NNToMPC/Suites.h"

using namespace secformer;

std::unique_ptr<Suite> secformer::createMPCFormerSuite(const SuiteOptions &) {
  return std::make_unique<NewtonIterations<GoldschmidtSuite>>();
}
