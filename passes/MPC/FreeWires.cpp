//===- FreeWires.cpp - last uses ------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Values are handles to arrays in the roles' tables; an `mpc.free` after the
// last reader keeps the memory of a program that of its widest point.
//
//===----------------------------------------------------------------------===//

#include "mlir/Analysis/Liveness.h"
#include "passes/Passes.h"

namespace secformer {
#define GEN_PASS_DEF_FREEWIRES
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;

namespace {
struct FreeWires : secformer::impl::FreeWiresBase<FreeWires> {
  void runOnOperation() override {
    Block &block = getOperation().getBody().front();
    // Values by the operation of this block that reads them last; one that
    // nobody reads dies where it is made.
    llvm::MapVector<Operation *, SmallVector<Value>> dying;
    for (Operation &op : block) {
      if (isa<mpc::SetupOp, mpc::OutputOp, mpc::FreeOp>(op))
        continue;
      for (Value value : op.getResults()) {
        Operation *last = &op;
        for (Operation *user : value.getUsers()) {
          Operation *here = block.findAncestorOpInBlock(*user);
          if (last->isBeforeInBlock(here))
            last = here;
        }
        if (!last->hasTrait<OpTrait::IsTerminator>() && !isa<mpc::FreeOp>(last))
          dying[last].push_back(value);
      }
    }
    for (auto &[last, values] : dying) {
      OpBuilder builder(last->getContext());
      builder.setInsertionPointAfter(last);
      mpc::FreeOp::create(builder, last->getLoc(), values);
    }
  }
};
} // namespace
