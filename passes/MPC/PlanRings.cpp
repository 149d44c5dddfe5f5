//===- PlanRings.cpp - the smallest ring for every wire -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Ring planning is one backward walk: the cost interface of every operation
// says which ring its operands need once the ring of its result is known.
//
//===----------------------------------------------------------------------===//

#include "passes/Passes.h"

namespace secformer {
#define GEN_PASS_DEF_PLANRINGS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static WireTypeInterface wireType(Value value) {
  return dyn_cast<WireTypeInterface>(value.getType());
}

/// Do readers of this kind drop high bits of their operands themselves?
static bool takesWider(Operation *op) {
  return isa<MatmulOp, MulOp, Mul3Op, NarrowOp, TruncateOp, CompareOp, SelectOp,
             ProbeOp>(op);
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
/// it is a narrowing: the same for the readers, and free.
static Operation *narrowed(Operation *op) {
  auto truncate = dyn_cast<TruncateOp>(op);
  if (!truncate)
    return op;
  SharedType from = truncate.getInput().getType(),
             to = truncate.getResult().getType();
  if (to.getRing() + from.getScale() - to.getScale() >
      truncate.getOperandRing(0))
    return op;
  OpBuilder builder(op);
  auto narrow =
      NarrowOp::create(builder, op->getLoc(), to, truncate.getInput());
  truncate.replaceAllUsesWith(narrow.getResult());
  truncate.erase();
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
    DenseMap<Value, unsigned> needs;
    bool failed = false;
    for (Operation &visited : llvm::make_early_inc_range(
             llvm::reverse(function.getBody().front()))) {
      for (Value result : visited.getResults())
        if (auto type = wireType(result))
          result.setType(type.withFormat(type.getScale(),
                                         std::max(needs.lookup(result), 1u)));
      Operation &op = *narrowed(&visited);
      auto costed = dyn_cast<CostInterface>(op);
      if (!costed)
        continue;
      for (OpOperand &operand : op.getOpOperands()) {
        if (!wireType(operand.get()))
          continue;
        unsigned need = isa<OutputOp>(op)
                            ? needOfOutput(operand.get())
                            : costed.getOperandRing(operand.getOperandNumber());
        if (need > maxRing) {
          failed = true;
          auto error = op.emitError("ring too narrow for the range: '")
                       << op.getName() << "' needs a ring of " << need
                       << " bits, at most " << maxRing.getValue()
                       << " are allowed";
          if (auto bound = op.getAttrOfType<FloatAttr>("bound"))
            error << "; values up to " << bound.getValueAsDouble()
                  << " at scale " << wireType(operand.get()).getScale();
          error << ". Use fewer --fraction-bits, or calibrate with samples "
                   "(--calibrate)";
        }
        unsigned &known = needs[operand.get()];
        known = std::max(known, std::min<unsigned>(need, maxRing));
      }
    }
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

  /// The owner of an output reads the ring that its reveal was given.
  static unsigned needOfOutput(Value revealed) {
    auto reveal = revealed.getDefiningOp<RevealOp>();
    return reveal ? reveal.getOperandRing(0) : wireType(revealed).getRing();
  }
};
} // namespace
