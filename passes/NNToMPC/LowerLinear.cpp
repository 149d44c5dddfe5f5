//===- LowerLinear.cpp - operations that need no choice of protocol -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Sums, products and rearrangements of secrets: one mpc operation or two each.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer;

LogicalResult secformer::lowerLinear(Operation *op, Lowering &state) {
  Emitter &emit = state.emit;
  // A rearrangement with one operand.
  auto rearrange = [&](Value input,
                       function_ref<Value(Value)> apply) -> LogicalResult {
    auto x = state.secret(input);
    if (failed(x))
      return failure();
    state.bind(op->getResult(0), Secret{apply(x->wire), x->bound});
    return success();
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](nn::AddOp sum) {
        return lowerSum(op, sum.getLhs(), sum.getRhs(), false, state);
      })
      .Case([&](nn::SubOp difference) {
        return lowerSum(op, difference.getLhs(), difference.getRhs(), true,
                        state);
      })
      .Case([&](nn::MulOp mul) { return lowerMul(mul, state); })
      .Case([&](nn::DivOp div) { return lowerDiv(div, state); })
      .Case([&](nn::UnaryOp negation) {
        return rearrange(negation.getInput(),
                         [&](Value wire) { return emit.scaleBy(wire, -1); });
      })
      .Case([&](nn::SelectOp select) { return lowerSelect(select, state); })
      .Case([&](nn::MatmulOp matmul) { return lowerMatmul(matmul, state); })
      .Case([&](nn::ConvOp conv) { return lowerConv(conv, state); })
      .Case([&](nn::ReduceOp reduce) { return lowerReduce(reduce, state); })
      .Case([&](nn::CumsumOp cumsum) { return lowerCumsum(cumsum, state); })
      .Case([&](nn::PadOp pad) { return lowerPad(pad, state); })
      .Case([&](nn::TriluOp trilu) { return lowerTrilu(trilu, state); })
      .Case([&](nn::ConcatOp concat) { return lowerConcat(concat, state); })
      .Case([&](nn::GatherOp gather) {
        return lowerGather(op, gather.getInput(), gather.getIds(),
                           gather.getAxis(), state);
      })
      .Case([&](nn::EmbeddingOp look) {
        return lowerGather(op, look.getTable(), look.getIds(), 0, state);
      })
      .Case([&](nn::SliceOp slice) {
        return lowerSlice(op, slice.getInput(), slice.getStarts(),
                          slice.getSizes(), slice.getStrides(), state);
      })
      .Case([&](nn::ReshapeOp reshape) {
        return rearrange(reshape.getInput(), [&](Value wire) {
          return emit.reshape(wire, shapeOf(op->getResult(0)));
        });
      })
      .Case([&](nn::TransposeOp transpose) {
        return rearrange(transpose.getInput(), [&](Value wire) {
          return emit.transpose(wire, transpose.getPerm());
        });
      })
      .Case([&](nn::BroadcastOp broadcast) {
        return rearrange(broadcast.getInput(), [&](Value wire) {
          return emit.broadcast(wire, shapeOf(op->getResult(0)));
        });
      })
      .Default([](Operation *other) {
        return other->emitError("'")
               << other->getName() << "' on secret values is not supported";
      });
}
