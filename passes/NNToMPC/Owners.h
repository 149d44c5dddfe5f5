//===- Owners.h - whose the weights, inputs and results are ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_OWNERS_H
#define SECFORMER_PASSES_NNTOMPC_OWNERS_H

#include "passes/Passes.h"

namespace secformer {

/// Owners (mpc::Owner) in a program made from an nn function.
struct Owners {
  unsigned weights = mpc::kParty0;
  llvm::SmallVector<unsigned> inputs; ///< of every argument
  unsigned results = mpc::kParty1;
};

/// What the options say of the function; an error, which names the option, if
/// they cannot be met.
mlir::FailureOr<Owners> ownersOf(mlir::func::FuncOp function,
                                 const OwnerOptions &options);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_OWNERS_H
