//===- ScheduleRounds.cpp - independent messages share a round ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A message costs a round trip however small it is, and the compiler sees all
// of them. The round of a message is one more than the latest round that its
// operands wait for: the number of rounds is the longest chain of messages in
// the program, which no order can beat.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/IRMapping.h"
#include "passes/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace secformer {
#define GEN_PASS_DEF_SCHEDULEROUNDS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

/// Is the value known before any input exists: a weight, public or not, or made
/// of weights by operations that belong into the setup? What a provider shares
/// is shared there, once.
static bool isSetup(Operation *op, const DenseSet<Operation *> &setup) {
  if (isa<ParamOp, PublicParamOp>(op))
    return true;
  if (!isa<MaskOp, ShareOp, ReduceOp, OpenOp>(op))
    return false;
  Operation *source = op->getOperand(0).getDefiningOp();
  if (!source || !setup.contains(source) || isMessage(source))
    return false;
  auto share = dyn_cast<ShareOp>(op);
  return !share || isOutside(share.getInput().getType().getOwner());
}

/// Moves the operations, in order, to the end of a new region operation and
/// returns it; `yielded` are the values that others read.
template <typename RegionOp>
static RegionOp wrap(ArrayRef<Operation *> ops, OpBuilder &builder) {
  SetVector<Value> escaping;
  DenseSet<Operation *> inside(ops.begin(), ops.end());
  SmallVector<Location> locations;
  for (Operation *op : ops) {
    locations.push_back(op->getLoc());
    for (Value result : op->getResults())
      for (Operation *user : result.getUsers())
        if (!inside.contains(user))
          escaping.insert(result);
  }
  auto region = RegionOp::create(builder, builder.getFusedLoc(locations),
                                 TypeRange(escaping.getArrayRef()));
  Block *body = builder.createBlock(&region.getBody());
  for (auto [escaped, result] :
       llvm::zip(escaping.getArrayRef(), region.getResults())) {
    Value value = escaped;
    value.replaceUsesWithIf(result, [&](OpOperand &use) {
      return !inside.contains(use.getOwner());
    });
  }
  for (Operation *op : ops)
    op->moveBefore(body, body->end());
  YieldOp::create(builder, region.getLoc(), escaping.getArrayRef());
  builder.setInsertionPointAfter(region);
  return region;
}

namespace {
struct ScheduleRounds : secformer::impl::ScheduleRoundsBase<ScheduleRounds> {
  void runOnOperation() override {
    Block &block = getOperation().getBody().front();
    // The round in which each operation's results exist; 0: before the first.
    DenseMap<Operation *, unsigned> ready;
    DenseSet<Operation *> setup;
    SmallVector<Operation *> setupOps;
    std::vector<SmallVector<Operation *>> messages(1), local(1);
    for (Operation &op : block.without_terminator()) {
      if (isa<RoundOp, SetupOp>(op)) {
        op.emitError("the program is scheduled already");
        return signalPassFailure();
      }
      if (isSetup(&op, setup)) {
        setup.insert(&op);
        setupOps.push_back(&op);
        ready[&op] = 0;
        continue;
      }
      unsigned round = 0;
      for (Value operand : op.getOperands())
        if (Operation *source = operand.getDefiningOp())
          round = std::max(round, ready.lookup(source));
      bool message = isMessage(&op);
      ready[&op] = round += message;
      messages.resize(std::max<size_t>(messages.size(), round + 1));
      local.resize(messages.size());
      (message ? messages : local)[round].push_back(&op);
    }

    // What only biases and the like read stays where it is read.
    OpBuilder builder(&getContext());
    builder.setInsertionPointToStart(&block);
    if (!setupOps.empty())
      wrapSetup(setupOps, builder);
    for (unsigned round = 0; round < messages.size(); ++round) {
      if (!messages[round].empty())
        wrap<RoundOp>(messages[round], builder);
      for (Operation *op : local[round]) {
        op->moveBefore(&block, builder.getInsertionPoint());
        builder.setInsertionPointAfter(op);
      }
    }
  }

  /// All weights are opened in one round.
  static void wrapSetup(ArrayRef<Operation *> ops, OpBuilder &builder) {
    auto setup = wrap<SetupOp>(ops, builder);
    SmallVector<Operation *> openings;
    for (Operation &op : setup.getBody().front())
      if (isMessage(&op))
        openings.push_back(&op);
    if (openings.empty())
      return;
    OpBuilder inner(setup.getBody().front().getTerminator());
    wrap<RoundOp>(openings, inner);
  }
};
} // namespace
