//===- LowerPlain.cpp - operations on values in the clear -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What the compiler could not fold because it depends on an input: on public
// ones both parties compute it; on what the client alone knows (masks and
// positions made from token ids, say) the client does, before any secret is
// shared. Truth is 1 or 0, integers are numbers like all others.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/TypeUtilities.h"
#include "passes/NNToMPC/Linear.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer;
using mpc::PlainKind;

namespace {

/// Builds the arithmetic; an empty value says that an operation has no form
/// here.
class PlainLowering {
public:
  PlainLowering(Operation *op, Lowering &state)
      : emit(state.emit), shape(shapeOf(op->getResult(0))) {
    for (Value operand : op->getOperands())
      operands.push_back(state.plain(operand));
  }

  Value lower(Operation *op) {
    return TypeSwitch<Operation *, Value>(op)
        .Case([&](nn::AddOp) { return binary(PlainKind::Add); })
        .Case([&](nn::SubOp) { return binary(PlainKind::Sub); })
        .Case([&](nn::MulOp) { return binary(PlainKind::Mul); })
        .Case([&](nn::MaxOp) { return binary(PlainKind::Max); })
        .Case([&](nn::MinOp) { return binary(PlainKind::Min); })
        .Case<nn::DivOp, nn::ModOp, nn::CompareOp, nn::NotOp, nn::LogicalOp,
              nn::UnaryOp, nn::CastOp, nn::ReduceOp, nn::ArgmaxOp, nn::CumsumOp,
              nn::SliceOp, nn::GatherOp, nn::EmbeddingOp, nn::OneHotOp,
              nn::TriluOp>([&](auto typed) { return lowerOp(typed); })
        .Case([&](nn::SelectOp) { return make(PlainKind::Select, operands); })
        .Case([&](nn::ReshapeOp) { return make(PlainKind::Reshape, operands); })
        .Case([&](nn::BroadcastOp) {
          return make(PlainKind::Broadcast, operands);
        })
        .Case([&](nn::TransposeOp transpose) {
          return emit.plainTranspose(operands[0], transpose.getPerm());
        })
        .Case([&](nn::ConcatOp concat) {
          int64_t axis = concat.getAxis();
          return emit.plain(PlainKind::Concat, operands, shape, axis);
        })
        .Default([](Operation *) { return Value(); });
  }

private:
  //===-- Pieces ----------------------------------------------------------===//

  Value make(PlainKind kind, ValueRange values) {
    return emit.plain(kind, values, shape);
  }
  Value binary(PlainKind kind) { return make(kind, operands); }
  Value unary(PlainKind kind, Value x) {
    return emit.plain(kind, x, mpc::plainShape(x));
  }
  /// Of values whose shapes give the result's.
  Value on(PlainKind kind, Value a, Value b) { return make(kind, {a, b}); }
  Value keep(PlainKind kind, Value a, Value b) {
    return emit.plain(kind, {a, b}, mpc::plainShape(a));
  }
  Value negated(Value x) { return keep(PlainKind::Mul, x, emit.splat(-1)); }

  /// Moves axes to the end, in this order.
  static SmallVector<int64_t> toEnd(int64_t rank, ArrayRef<int64_t> axes) {
    SmallVector<int64_t> permutation;
    for (int64_t axis = 0; axis < rank; ++axis)
      if (!llvm::is_contained(axes, axis))
        permutation.push_back(axis);
    permutation.append(axes.begin(), axes.end());
    return permutation;
  }
  Value reshaped(Value x, ArrayRef<int64_t> to) {
    return emit.plain(PlainKind::Reshape, x, to);
  }

  //===-- Arithmetic ------------------------------------------------------===//

  /// Integers have connectives as well, bit by bit; plain values do not.
  static bool isBool(Operation *op) {
    return getElementTypeOrSelf(op->getResult(0)).isInteger(1);
  }

  Value lowerOp(nn::DivOp op) {
    Value quotient = binary(PlainKind::Div);
    return op.getType().getElementType().isF32()
               ? quotient
               : unary(PlainKind::Trunc, quotient);
  }

  Value lowerOp(nn::ModOp op) {
    Value quotient = binary(PlainKind::Div);
    bool isFloat = op.getType().getElementType().isF32();
    quotient = unary(isFloat ? PlainKind::Trunc : PlainKind::Floor, quotient);
    return on(PlainKind::Sub, operands[0],
              on(PlainKind::Mul, quotient, operands[1]));
  }

  Value lowerOp(nn::CompareOp op) {
    switch (op.getKind()) {
    case nn::CompareKind::Eq:
      return on(PlainKind::Equal, operands[0], operands[1]);
    case nn::CompareKind::Lt:
      return on(PlainKind::Less, operands[0], operands[1]);
    case nn::CompareKind::Le:
      return on(PlainKind::LessEqual, operands[0], operands[1]);
    case nn::CompareKind::Gt:
      return on(PlainKind::Less, operands[1], operands[0]);
    case nn::CompareKind::Ge:
      return on(PlainKind::LessEqual, operands[1], operands[0]);
    }
    llvm_unreachable("unknown comparison");
  }

  Value lowerOp(nn::NotOp op) {
    return isBool(op) ? unary(PlainKind::Not, operands[0]) : Value();
  }

  Value lowerOp(nn::LogicalOp op) {
    if (!isBool(op))
      return {};
    switch (op.getKind()) {
    case nn::LogicalKind::And:
      return binary(PlainKind::Mul);
    case nn::LogicalKind::Or:
      return binary(PlainKind::Max);
    case nn::LogicalKind::Xor:
      return unary(PlainKind::Not, binary(PlainKind::Equal));
    }
    llvm_unreachable("unknown connective");
  }

  Value lowerOp(nn::UnaryOp op) {
    Value x = operands[0], zero = emit.splat(0), one = emit.splat(1);
    switch (op.getKind()) {
    case nn::UnaryKind::Neg:
      return negated(x);
    case nn::UnaryKind::Abs:
      return unary(PlainKind::Abs, x);
    case nn::UnaryKind::Sign:
      return keep(PlainKind::Sub, on(PlainKind::Less, zero, x),
                  on(PlainKind::Less, x, zero));
    case nn::UnaryKind::Relu:
      return keep(PlainKind::Max, x, zero);
    case nn::UnaryKind::Floor:
      return unary(PlainKind::Floor, x);
    case nn::UnaryKind::Ceil:
      return unary(PlainKind::Ceil, x);
    case nn::UnaryKind::Round:
      return unary(PlainKind::Round, x);
    case nn::UnaryKind::Sqrt:
      return unary(PlainKind::Sqrt, x);
    case nn::UnaryKind::Reciprocal:
      return on(PlainKind::Div, one, x);
    case nn::UnaryKind::Rsqrt:
      return on(PlainKind::Div, one, unary(PlainKind::Sqrt, x));
    default: // Not exact: two parties need not get the same bits.
      return {};
    }
  }

  Value lowerOp(nn::CastOp op) {
    Type from = op.getInput().getType().getElementType(),
         to = op.getType().getElementType();
    if (to.isInteger(1) && !from.isInteger(1))
      return unary(PlainKind::NotZero, operands[0]);
    if (from.isF32() && !to.isF32())
      return unary(PlainKind::Trunc, operands[0]);
    return operands[0];
  }

  //===-- Along axes ------------------------------------------------------===//

  Value lowerOp(nn::ReduceOp op) {
    Value x = operands[0];
    auto from = mpc::plainShape(x);
    SmallVector<int64_t> permutation = toEnd(from.size(), op.getAxes()), rows;
    int64_t count = 1;
    for (int64_t axis : op.getAxes())
      count *= from[axis];
    for (int64_t axis :
         ArrayRef<int64_t>(permutation).drop_back(op.getAxes().size()))
      rows.push_back(from[axis]);
    rows.push_back(count);
    x = reshaped(emit.plainTranspose(x, permutation), rows);
    rows.back() = 1;
    switch (op.getKind()) {
    case nn::ReduceKind::Sum:
      x = emit.plain(PlainKind::SumLast, x, rows);
      break;
    case nn::ReduceKind::Mean:
      x = keep(PlainKind::Div, emit.plain(PlainKind::SumLast, x, rows),
               emit.splat(double(count)));
      if (!op.getType().getElementType().isF32())
        x = unary(PlainKind::Trunc, x);
      break;
    case nn::ReduceKind::Max:
      x = emit.plain(PlainKind::MaxLast, x, rows);
      break;
    case nn::ReduceKind::Min:
      x = negated(emit.plain(PlainKind::MaxLast, negated(x), rows));
      break;
    case nn::ReduceKind::Prod:
      return {};
    }
    return reshaped(x, shape);
  }

  /// The first position of the maximum: the smallest index of those; or the
  /// last, the largest.
  Value lowerOp(nn::ArgmaxOp op) {
    auto from = mpc::plainShape(operands[0]);
    Value x = emit.plainTranspose(operands[0],
                                  toEnd(from.size(), int64_t(op.getAxis())));
    SmallVector<int64_t> rows(mpc::plainShape(x));
    const int64_t count = rows.back();
    rows.back() = 1;
    Value largest = emit.plain(PlainKind::MaxLast, x, rows);
    const bool last = op.getLast();
    SmallVector<float> positions;
    for (int64_t i = 0; i < count; ++i)
      positions.push_back(last ? float(i) : -float(i));
    Value place =
        emit.plain(PlainKind::Select,
                   {keep(PlainKind::Equal, x, largest),
                    emit.constant(positions), emit.splat(-double(count))},
                   mpc::plainShape(x));
    Value most = emit.plain(PlainKind::MaxLast, place, rows);
    return reshaped(last ? most : negated(most), shape);
  }

  Value lowerOp(nn::CumsumOp op) {
    const int64_t rank = shape.size();
    SmallVector<int64_t> permutation = toEnd(rank, int64_t(op.getAxis())),
                         inverse(rank);
    for (int64_t i = 0; i < rank; ++i)
      inverse[permutation[i]] = i;
    Value x = emit.plainTranspose(operands[0], permutation);
    Value sum = unary(PlainKind::CumsumLast, x);
    if (op.getReverse()) {
      SmallVector<int64_t> rows(mpc::plainShape(x));
      rows.back() = 1;
      Value total = emit.plain(PlainKind::SumLast, x, rows);
      sum = emit.plain(PlainKind::Sub, {total, sum}, mpc::plainShape(x));
      if (!op.getExclusive())
        sum = keep(PlainKind::Add, sum, x);
    } else if (op.getExclusive()) {
      sum = keep(PlainKind::Sub, sum, x);
    }
    return emit.plainTranspose(sum, inverse);
  }

  Value lowerOp(nn::TriluOp op) {
    const int64_t rank = shape.size(), rows = shape[rank - 2],
                  columns = shape[rank - 1];
    SmallVector<float> inside;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        inside.push_back(op.getUpper() ? column >= row + int64_t(op.getK())
                                       : column <= row + int64_t(op.getK()));
    return make(PlainKind::Select,
                {reshaped(emit.constant(inside), {rows, columns}), operands[0],
                 emit.splat(0)});
  }

  //===-- Rearrangement ---------------------------------------------------===//

  Value lowerOp(nn::SliceOp op) {
    if (llvm::any_of(op.getStrides(), [](int64_t step) { return step < 1; }))
      return {};
    SmallVector<int64_t> params(op.getStarts());
    params.append(op.getStrides().begin(), op.getStrides().end());
    return emit.plain(PlainKind::Slice, operands, shape, params);
  }

  /// Rows of the input with the axis in front; the axis is then where it was.
  Value lowerOp(nn::GatherOp op) {
    return emit.plainGather(operands[0], operands[1], op.getAxis());
  }
  Value lowerOp(nn::EmbeddingOp) {
    return emit.plainGather(operands[0], operands[1], 0);
  }

  Value lowerOp(nn::OneHotOp op) {
    SmallVector<int64_t> last(mpc::plainShape(operands[0]));
    const int64_t rank = last.size();
    last.push_back(op.getDepth());
    Value x = emit.plain(PlainKind::OneHot, operands, last);
    SmallVector<int64_t> permutation =
        llvm::to_vector(llvm::seq<int64_t>(0, rank));
    permutation.insert(permutation.begin() + int64_t(op.getAxis()), rank);
    return emit.plainTranspose(x, permutation);
  }

  Emitter &emit;
  SmallVector<int64_t> shape; ///< of the result
  SmallVector<Value> operands;
};

} // namespace

bool secformer::lowerPlain(Operation *op, Lowering &state) {
  Value result = PlainLowering(op, state).lower(op);
  if (!result)
    return false;
  state.bindPlain(op->getResult(0), result);
  return true;
}
