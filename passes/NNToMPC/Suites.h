//===- Suites.h - the protocol suites by name -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_SUITES_H
#define SECFORMER_PASSES_NNTOMPC_SUITES_H

#include "passes/NNToMPC/Lowering.h"
#include "passes/Suite.h"

namespace secformer {

std::unique_ptr<Suite> createFastSuite(const SuiteOptions &options);
std::unique_ptr<Suite> createSecFormerSuite(const SuiteOptions &options);
std::unique_ptr<Suite> createPumaSuite(const SuiteOptions &options);
std::unique_ptr<Suite> createMPCFormerSuite(const SuiteOptions &options);
std::unique_ptr<Suite> createExactSuite(const SuiteOptions &options);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_SUITES_H
