//===- MergeTruncations.cpp - truncation and opening in one round ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A truncation of which the result is opened takes a round that the opening can
// save. Its other readers get shares of the opened wire, which are free and
// come no later. What each risks adds up, so the safest are merged. Those that
// ring planning makes narrowings cost no round and risk nothing: they stay, and
// so do those which could be merged only if a narrowing before them were none.
//
//===----------------------------------------------------------------------===//

#include "passes/MPC/RingWalk.h"
#include "passes/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

namespace secformer {
#define GEN_PASS_DEF_MERGETRUNCATIONS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

/// The ring in which a truncation's operand is narrowed to its result.
static unsigned ringToNarrow(TruncateOp truncate) {
  auto from = truncate.getInput().getType(),
       to = truncate.getResult().getType();
  return to.getRing() + from.getScale() - to.getScale();
}

/// The truncations that secformer-plan-rings will make narrowings, if none is
/// merged: the same walk, after which all types are as before.
static DenseSet<Operation *> narrowings(Block &block, unsigned maxRing) {
  SmallVector<std::pair<Value, Type>> before;
  for (Operation &op : block)
    for (Value result : op.getResults())
      before.push_back({result, result.getType()});
  DenseSet<Operation *> found;
  walkRings(
      block, maxRing,
      [&](Operation *op) {
        if (auto truncate = dyn_cast<TruncateOp>(op);
            truncate && ringToNarrow(truncate) <= maxRing)
          found.insert(op);
        return op;
      },
      [&](OpOperand &operand) {
        Operation *op = operand.getOwner();
        if (found.contains(op))
          return ringToNarrow(cast<TruncateOp>(op));
        // What leaves a function leaves it as it is.
        auto costed = dyn_cast<CostInterface>(op);
        return costed ? costed.getOperandRing(operand.getOperandNumber())
                      : wireType(operand.get()).getRing();
      });
  for (auto [value, type] : before)
    value.setType(type);
  return found;
}

/// Is the product's ring free of that of the operand?
static bool isExtended(OpOperand &operand) {
  auto mul = dyn_cast<MulOp>(operand.getOwner());
  return mul && mul.getBound(operand.getOperandNumber());
}

/// Does a narrowing stand between the wire and where its ring begins: at a
/// truncation into any ring, a function, or an owner?
static bool isNarrowed(Value wire, const DenseSet<Operation *> &narrowings,
                       DenseMap<Value, bool> &known) {
  Operation *op = wire.getDefiningOp();
  if (!op || !wireType(wire))
    return false;
  if (auto found = known.find(wire); found != known.end())
    return found->second;
  bool narrowed = isa<NarrowOp>(op) || narrowings.contains(op);
  if (!narrowed && !isa<TruncateOp, TruncateOpenOp, UnivariateOp>(op))
    narrowed = llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
      return !isExtended(operand) &&
             isNarrowed(operand.get(), narrowings, known);
    });
  return known[wire] = narrowed;
}

static SmallVector<Operation *> openingsOf(TruncateOp truncate) {
  return llvm::to_vector(llvm::make_filter_range(
      truncate->getUsers(), [](Operation *user) { return isa<OpenOp>(user); }));
}

static void merge(TruncateOp truncate, bool statistical) {
  OpBuilder builder(truncate);
  SharedType type = truncate.getResult().getType();
  auto masked = MaskedType::get(type.getContext(), type.getShape(),
                                type.getScale(), type.getRing());
  auto merged = TruncateOpenOp::create(builder, truncate.getLoc(), masked,
                                       truncate.getInput(), truncate.getBound(),
                                       statistical);
  for (Operation *open : openingsOf(truncate)) {
    open->replaceAllUsesWith(merged);
    open->erase();
  }
  // What is watched may be masked.
  truncate.getResult().replaceUsesWithIf(
      merged.getResult(),
      [](OpOperand &use) { return isa<ProbeOp>(use.getOwner()); });
  if (!truncate.use_empty())
    truncate.replaceAllUsesWith(
        UnmaskOp::create(builder, truncate.getLoc(), type, merged.getResult())
            .getResult());
  truncate.erase();
}

namespace {
struct MergeTruncations
    : secformer::impl::MergeTruncationsBase<MergeTruncations> {
  using MergeTruncationsBase::MergeTruncationsBase;

  void runOnOperation() override {
    if (mode == "exact")
      return;
    if (mode != "merged" && mode != "statistical") {
      getOperation().emitError("unknown truncation '")
          << mode << "': expected exact, merged or statistical";
      return signalPassFailure();
    }
    const bool statistical = mode == "statistical";
    const DenseSet<Operation *> free =
        narrowings(getOperation().getBody().front(), maxRing);
    DenseMap<Value, bool> known;
    SmallVector<std::pair<double, TruncateOp>> opened;
    getOperation().walk([&](TruncateOp truncate) {
      // What was narrowed is not known in the widest ring.
      if (!free.contains(truncate) && !openingsOf(truncate).empty() &&
          truncate.getInput().getType().getRing() >= maxRing &&
          !isNarrowed(truncate.getInput(), free, known))
        opened.push_back({openingChance(truncate.getInput().getType(),
                                        truncate.getBound().convertToDouble(),
                                        maxRing, statistical),
                          truncate});
    });
    llvm::stable_sort(
        opened, [](const auto &a, const auto &b) { return a.first < b.first; });
    const double allowed = std::ldexp(1.0, -int(bits));
    double risked = 0;
    for (auto [chance, truncate] : opened) {
      risked += chance;
      if (risked > allowed)
        break;
      merge(truncate, statistical);
    }
  }
};
} // namespace
