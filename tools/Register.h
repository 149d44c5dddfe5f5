//===- Register.h - everything the tools know -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TOOLS_REGISTER_H
#define SECFORMER_TOOLS_REGISTER_H

#include "mlir/IR/DialectRegistry.h"

namespace secformer {

/// The nn and mpc dialects and those they are used with.
void registerDialects(mlir::DialectRegistry &registry);
/// All passes and pipelines.
void registerPasses();

} // namespace secformer

#endif // SECFORMER_TOOLS_REGISTER_H
