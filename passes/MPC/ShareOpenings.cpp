//===- ShareOpenings.cpp - one opening per tensor -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// An opening of a rearranged wire becomes a rearrangement of an opened wire, so
// that equal openings stand side by side; equal ones are merged, and so are
// equal comparisons and what is read off them. Sharing an opened value between
// readers is safe: the mask is still opened once.
//
//===----------------------------------------------------------------------===//

#include "passes/Passes.h"
#include "llvm/ADT/DenseMap.h"

namespace secformer {
#define GEN_PASS_DEF_SHAREOPENINGS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

/// Moves `op` (an opening or a truncation) before the rearrangement that made
/// its operand.
static bool hoist(Operation *op) {
  Operation *view = op->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<ReshapeOp, TransposeOp>(view))
    return false;
  Value source = view->getOperand(0);
  auto from = cast<WireTypeInterface>(source.getType());
  auto to = cast<WireTypeInterface>(op->getResult(0).getType());

  OpBuilder builder(op);
  Operation *early = builder.clone(*op);
  early->setOperand(0, source);
  early->getResult(0).setType(to.withShape(from.getShape()));
  Operation *late = builder.clone(*view);
  late->setOperand(0, early->getResult(0));
  late->getResult(0).setType(op->getResult(0).getType());
  op->replaceAllUsesWith(late);
  op->erase();
  if (view->use_empty())
    view->erase();
  hoist(early);
  return true;
}

namespace {
struct ShareOpenings : secformer::impl::ShareOpeningsBase<ShareOpenings> {
  void runOnOperation() override {
    SmallVector<Operation *> messages;
    getOperation().walk([&](Operation *op) {
      if (isa<OpenOp, TruncateOp>(op))
        messages.push_back(op);
    });
    for (Operation *op : messages)
      hoist(op);

    DenseMap<std::pair<OperationName, Value>, SmallVector<Operation *>> known;
    SmallVector<Operation *> merged;
    getOperation().walk([&](Operation *op) {
      if (!isa<OpenOp, TruncateOp, MaskOp, CompareOp, IndicatorOp, SelectOp>(
              op))
        return;
      auto &others = known[{op->getName(), op->getOperand(0)}];
      for (Operation *other : others) {
        if (other->getResult(0).getType() != op->getResult(0).getType() ||
            !other->getBlock()->findAncestorOpInBlock(*op))
          continue;
        if (isa<CompareOp, IndicatorOp, SelectOp>(op) &&
            (other->getOperands() != op->getOperands() ||
             other->getAttrs() != op->getAttrs()))
          continue;
        // One truncation serves both, so its bound must hold for both.
        if (auto kept = dyn_cast<TruncateOp>(other))
          if (APFloat bound = cast<TruncateOp>(op).getBound();
              kept.getBound() < bound)
            kept.setBound(bound);
        op->replaceAllUsesWith(other);
        merged.push_back(op);
        return;
      }
      others.push_back(op);
    });
    for (Operation *op : merged)
      op->erase();
    // A message that nobody reads is not sent.
    for (Block &block : getOperation().getBody())
      for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
        if (op.getNumResults() && op.use_empty())
          op.erase();
  }
};
} // namespace
