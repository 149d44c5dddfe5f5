//===- MPCPlain.cpp - values in the clear: public or local to a party -----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCOps.h"
#include "mlir/Dialect/Traits.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

ArrayRef<int64_t> mpc::plainShape(Value value) {
  if (auto local = dyn_cast<LocalType>(value.getType()))
    return local.getShape();
  return cast<RankedTensorType>(value.getType()).getShape();
}

std::optional<unsigned> mpc::plainOwner(Value value) {
  if (auto local = dyn_cast<LocalType>(value.getType()))
    return local.getOwner();
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Doors
//===----------------------------------------------------------------------===//

unsigned InputOp::getOwner() {
  if (auto local = dyn_cast<LocalType>(getType()))
    return local.getOwner();
  return cast<OwnedType>(getType()).getOwner();
}

ArrayRef<int64_t> InputOp::getShape() {
  if (auto local = dyn_cast<LocalType>(getType()))
    return local.getShape();
  return cast<OwnedType>(getType()).getShape();
}

LogicalResult mpc::verifyOwnerOfInput(Operation *op, unsigned owner) {
  if (owner >= kProvider)
    return op->emitOpError("expected party 0 or 1 or client as owner of an "
                           "input, found ")
           << (owner == kProvider ? ownerName(owner).str()
                                  : std::to_string(owner));
  return success();
}

LogicalResult InputOp::verify() {
  return verifyOwnerOfInput(*this, getOwner());
}

LogicalResult ParamOp::verify() {
  unsigned owner = getType().getOwner();
  if (owner != kParty0 && owner != kProvider)
    return emitOpError("expected party 0 or provider as owner of a weight, "
                       "found ")
           << ownerName(owner);
  return success();
}

LogicalResult EncodeOp::verify() {
  OwnedType to = getResult().getType();
  if (plainShape(getInput()) != to.getShape() ||
      plainOwner(getInput()).value_or(to.getOwner()) != to.getOwner())
    return emitOpError("keeps shape and owner, found ")
           << getInput().getType() << " and " << to;
  return success();
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static size_t operandsOf(PlainKind kind) {
  switch (kind) {
  case PlainKind::Add:
  case PlainKind::Sub:
  case PlainKind::Mul:
  case PlainKind::Div:
  case PlainKind::Max:
  case PlainKind::Min:
  case PlainKind::Equal:
  case PlainKind::Less:
  case PlainKind::LessEqual:
  case PlainKind::Gather:
    return 2;
  case PlainKind::Select:
    return 3;
  default:
    return 1;
  }
}

/// One box of `shape`: params are its starts and steps, `sizes` its extents.
static bool isInside(ArrayRef<int64_t> shape, ArrayRef<int64_t> params,
                     ArrayRef<int64_t> sizes) {
  const size_t rank = shape.size();
  if (params.size() != 2 * rank || sizes.size() != rank)
    return false;
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t start = params[axis], step = params[rank + axis];
    if (start < 0 || start >= shape[axis] || step < 1 ||
        sizes[axis] - 1 > (shape[axis] - 1 - start) / step)
      return false;
  }
  return true;
}

/// The shape of the result; failure, with the error out, if the operands do not
/// fit. What the operation leaves open is taken from the result.
static FailureOr<SmallVector<int64_t>> plainResult(PlainOp op) {
  SmallVector<SmallVector<int64_t>> shapes;
  for (Value operand : op.getOperands())
    shapes.emplace_back(plainShape(operand));
  SmallVector<int64_t> result(plainShape(op.getResult()));
  ArrayRef<int64_t> params = op.getParams().value_or(ArrayRef<int64_t>());
  SmallVector<int64_t> shape = shapes.front();
  const int64_t rank = shape.size();
  switch (op.getKind()) {
  case PlainKind::SumLast:
  case PlainKind::MaxLast:
    if (shape.empty())
      return op.emitOpError("expected an operand with at least one axis");
    shape.back() = 1;
    return shape;
  case PlainKind::CumsumLast:
    if (shape.empty())
      return op.emitOpError("expected an operand with at least one axis");
    return shape;
  case PlainKind::OneHot:
    shape.push_back(result.empty() ? 1 : result.back());
    return shape;
  case PlainKind::Gather: {
    if (shape.empty())
      return op.emitOpError("expected a table with at least one axis");
    SmallVector<int64_t> rows = shapes[1];
    rows.append(shape.begin() + 1, shape.end());
    return rows;
  }
  case PlainKind::Reshape:
    if (ShapedType::getNumElements(shape) != ShapedType::getNumElements(result))
      return op.emitOpError("changes the number of elements");
    return result;
  case PlainKind::Transpose: {
    SmallVector<int64_t> sorted(params), permuted;
    llvm::sort(sorted);
    if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, rank)))
      return op.emitOpError("expected a permutation of ") << rank << " axes";
    for (int64_t axis : params)
      permuted.push_back(shape[axis]);
    return permuted;
  }
  case PlainKind::Slice:
    if (!isInside(shape, params, result))
      return op.emitOpError("expected starts and steps of a box inside the "
                            "operand");
    return result;
  case PlainKind::Concat:
    if (params.size() != 1 || params[0] < 0 || params[0] >= rank)
      return op.emitOpError("expected one axis of the operands");
    shape[params[0]] = 0;
    for (SmallVector<int64_t> &part : shapes) {
      if (int64_t(part.size()) != rank)
        return op.emitOpError("expected operands of one rank");
      shape[params[0]] += part[params[0]];
      part[params[0]] = shapes.front()[params[0]];
      if (part != shapes.front())
        return op.emitOpError("expected operands that differ along one axis");
    }
    return shape;
  default:
    break;
  }
  // Element by element, broadcasting; `broadcast` to the result itself.
  if (op.getKind() == PlainKind::Broadcast)
    shapes.push_back(result);
  SmallVector<int64_t> broadcast;
  for (ArrayRef<int64_t> next : shapes) {
    SmallVector<int64_t> both;
    if (!OpTrait::util::getBroadcastedShape(broadcast, next, both))
      return op.emitOpError("operand shapes do not broadcast");
    broadcast = both;
  }
  return broadcast;
}

LogicalResult PlainOp::verify() {
  const size_t count = getOperands().size();
  if (getKind() == PlainKind::Concat ? count == 0
                                     : count != operandsOf(getKind()))
    return emitOpError("expected ")
           << operandsOf(getKind()) << " operands, found " << count;
  std::optional<unsigned> owner;
  for (Value operand : getOperands()) {
    std::optional<unsigned> other = plainOwner(operand);
    if (owner && other && *owner != *other)
      return emitOpError("operands are local to different owners");
    owner = other ? other : owner;
  }
  if (plainOwner(getResult()) != owner)
    return emitOpError("expected a result that is local exactly where an "
                       "operand is, found ")
           << getType();
  FailureOr<SmallVector<int64_t>> shape = plainResult(*this);
  if (failed(shape))
    return failure();
  if (plainShape(getResult()) != ArrayRef<int64_t>(*shape))
    return emitOpError("expected a result of another shape, found ")
           << getType();
  return success();
}
