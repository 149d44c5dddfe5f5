//===- LowerPublic.cpp - operations on values public at run time ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What the compiler could not fold because it depends on an input declared
// public (an attention mask, say): both parties compute it in the clear.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Lowering.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer;

LogicalResult secformer::lowerPublic(Operation *op, Lowering &state) {
  using mpc::PlainKind;
  Emitter &emit = state.emit;
  auto bind = [&](PlainKind kind) {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(state.get(operand).publicValue);
    Value result = emit.create<mpc::PlainOp>(
        type.clone(emit.builder.getF32Type()), kind, operands);
    state.bind(op->getResult(0), Lowered{result, {}, {}, 0});
    return success();
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](nn::AddOp) { return bind(PlainKind::Add); })
      .Case([&](nn::SubOp) { return bind(PlainKind::Sub); })
      .Case([&](nn::MulOp) { return bind(PlainKind::Mul); })
      .Case([&](nn::DivOp) { return bind(PlainKind::Div); })
      .Case([&](nn::MaxOp) { return bind(PlainKind::Max); })
      .Case([&](nn::ReshapeOp) { return bind(PlainKind::Reshape); })
      .Case([&](nn::CastOp cast) -> LogicalResult {
        // Public values are numbers of one kind; only a cast to i1 changes
        // integers.
        if (cast.getType().getElementType().isInteger(1))
          return bind(PlainKind::NotZero);
        if (!cast.getInput().getType().getElementType().isF32() ||
            cast.getType().getElementType().isF32()) {
          state.bind(cast.getResult(), state.get(cast.getInput()));
          return success();
        }
        return op->emitError("rounding a public run-time value to integers is "
                             "not supported");
      })
      .Default([](Operation *other) {
        return other->emitError("'")
               << other->getName()
               << "' on a public input is not supported at run time";
      });
}
