//===- PlanRings.cpp - the smallest ring for every wire -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Ring planning is one backward walk: the cost interface of every operation
// says which ring its operands need once the ring of its result is known.
//
//===----------------------------------------------------------------------===//

#include "passes/MPC/RingWalk.h"
#include "passes/Passes.h"

namespace secformer {
#define GEN_PASS_DEF_PLANRINGS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

/// Do readers of this kind drop high bits of their operands themselves?
static bool takesWider(Operation *op) {
  return isa<MatmulOp, MulOp, Mul3Op, NarrowOp, TruncateOp, TruncateOpenOp,
             CompareOp, SelectOp, ProbeOp>(op);
}

/// The wire in the ring that `op` needs.
static Value inRing(Operation *op, Value wire, unsigned ring) {
  auto type = wireType(wire);
  if (type.getRing() == ring || takesWider(op))
    return wire;
  OpBuilder builder(op);
  Type narrower = type.withFormat(type.getScale(), ring);
  // An owner encodes its value once more.
  if (Operation *source = wire.getDefiningOp();
      isa_and_nonnull<ParamOp, InputOp, EncodeOp>(source)) {
    Value again = builder.clone(*source)->getResult(0);
    again.setType(narrower);
    return again;
  }
  return ReduceOp::create(builder, op->getLoc(), narrower, wire);
}

/// A truncation whose result is read in a ring so small that no carry reaches
/// it from one of `widest` bits is a narrowing: the same for the readers, and
/// free. Returns what reads the wire now.
static Operation *narrowed(Operation *op, unsigned widest) {
  if (!isa<TruncateOp, TruncateOpenOp>(op))
    return op;
  auto from = wireType(op->getOperand(0)), to = wireType(op->getResult(0));
  if (to.getRing() + from.getScale() - to.getScale() > widest)
    return op;
  OpBuilder builder(op);
  Type shared = SharedType::get(op->getContext(), to.getShape(), to.getScale(),
                                to.getRing());
  auto narrow =
      NarrowOp::create(builder, op->getLoc(), shared, op->getOperand(0));
  Value result = narrow.getResult();
  if (isa<TruncateOpenOp>(op))
    result = OpenOp::create(builder, op->getLoc(), to, result);
  op->replaceAllUsesWith(ValueRange{result});
  op->erase();
  return narrow;
}

namespace {
struct PlanRings : secformer::impl::PlanRingsBase<PlanRings> {
  using PlanRingsBase::PlanRingsBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function.getBody().hasOneBlock()) {
      function.emitError("expected straight-line code");
      return signalPassFailure();
    }
    bool failed = false;
    walkRings(
        function.getBody().front(), maxRing,
        [&](Operation *op) { return narrowed(op, widestToNarrow(op)); },
        [&](OpOperand &operand) {
          auto costed = dyn_cast<CostInterface>(operand.getOwner());
          const unsigned need = costed ? needOf(costed, operand) : 0;
          failed |= need > maxRing;
          if (need > maxRing)
            complain(operand, need);
          return need;
        });
    if (failed)
      return signalPassFailure();
    for (Operation &op :
         llvm::make_early_inc_range(function.getBody().front())) {
      auto costed = dyn_cast<CostInterface>(op);
      if (!costed || isa<OutputOp>(op))
        continue;
      for (OpOperand &operand : op.getOpOperands())
        if (wireType(operand.get()))
          operand.set(
              inRing(&op, operand.get(),
                     costed.getOperandRing(operand.getOperandNumber())));
    }
  }

  void complain(OpOperand &operand, unsigned need) {
    Operation *op = operand.getOwner();
    auto error = op->emitError("ring too narrow for the range: '")
                 << op->getName() << "' needs a ring of " << need
                 << " bits, at most " << maxRing.getValue() << " are allowed";
    if (auto bound = op->getAttrOfType<FloatAttr>("bound"))
      error << "; values up to " << bound.getValueAsDouble() << " at scale "
            << wireType(operand.get()).getScale();
    error << ". Use fewer --fraction-bits, or calibrate with samples "
             "(--calibrate)";
  }

  /// The widest ring that a wire which is not planned yet can have: less where
  /// it was narrowed.
  unsigned widestOf(Value wire) {
    return std::min<unsigned>(wireType(wire).getRing(), maxRing);
  }

  /// Before a truncation the ring stays as it would be, but where that saves a
  /// round or what it opens.
  unsigned widestToNarrow(Operation *op) {
    if (auto truncate = dyn_cast<TruncateOp>(op);
        truncate && !truncate.getNarrowable() && !saveRounds)
      return truncate.getOperandRing(0);
    return isa<TruncateOp, TruncateOpenOp>(op) ? widestOf(op->getOperand(0))
                                               : unsigned(maxRing);
  }

  unsigned needOf(CostInterface op, OpOperand &operand) {
    // The owner of an output reads the ring that its reveal was given.
    if (isa<OutputOp>(*op)) {
      auto reveal = operand.get().getDefiningOp<RevealOp>();
      return reveal ? reveal.getOperandRing(0)
                    : wireType(operand.get()).getRing();
    }
    unsigned need = op.getOperandRing(operand.getOperandNumber());
    // The wider the opened ring, the rarer a wrap and the better the hiding.
    return isa<TruncateOpenOp>(*op) ? std::max(need, widestOf(operand.get()))
                                    : need;
  }
};
} // namespace
