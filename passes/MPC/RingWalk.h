//===- RingWalk.h - the walk of ring planning -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_MPC_RINGWALK_H
#define SECFORMER_PASSES_MPC_RINGWALK_H

#include "dialect/MPC/MPCOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace secformer::mpc {

/// The type of a wire; null for other values.
inline WireTypeInterface wireType(mlir::Value value) {
  return mlir::dyn_cast<WireTypeInterface>(value.getType());
}

/// From the last operation to the first, every result gets the smallest ring
/// that its readers need. Then \p settle may put another operation in its
/// place, and \p need says which ring an operand must have, of \p maxRing bits
/// at most.
inline void
walkRings(mlir::Block &block, unsigned maxRing,
          llvm::function_ref<mlir::Operation *(mlir::Operation *)> settle,
          llvm::function_ref<unsigned(mlir::OpOperand &)> need) {
  llvm::DenseMap<mlir::Value, unsigned> needs;
  for (mlir::Operation &visited :
       llvm::make_early_inc_range(llvm::reverse(block))) {
    for (mlir::Value result : visited.getResults())
      if (auto type = wireType(result))
        result.setType(type.withFormat(type.getScale(),
                                       std::max(needs.lookup(result), 1U)));
    for (mlir::OpOperand &operand : settle(&visited)->getOpOperands())
      if (wireType(operand.get())) {
        unsigned &known = needs[operand.get()];
        known = std::max(known, std::min(need(operand), maxRing));
      }
  }
}

} // namespace secformer::mpc

#endif // SECFORMER_PASSES_MPC_RINGWALK_H
