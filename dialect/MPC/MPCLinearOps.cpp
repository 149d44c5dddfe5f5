//===- MPCLinearOps.cpp - verifiers of linear operations
//--------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCVerify.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static ArrayRef<int64_t> tensorShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static LogicalResult verifyBinary(Operation *op, Value lhs, Value rhs,
                                  Value result) {
  if (failed(verifyLinear(op, {lhs, rhs}, result)))
    return failure();
  return verifyBroadcast(op, {wire(lhs).getShape(), wire(rhs).getShape()},
                         result);
}

LogicalResult AddOp::verify() {
  return verifyBinary(*this, getLhs(), getRhs(), getResult());
}

LogicalResult SubOp::verify() {
  return verifyBinary(*this, getLhs(), getRhs(), getResult());
}

LogicalResult ScaleByOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  return verifySameShape(*this, getInput(), getResult());
}

/// A factor of \p fractionBits adds to the scale; the ring stays.
static LogicalResult verifyTimesPublic(Operation *op, SharedType from,
                                       unsigned fractionBits, SharedType to) {
  if (from.getScale() + fractionBits != to.getScale())
    return op->emitOpError("expected a result of scale ")
           << from.getScale() + fractionBits << ", found " << to.getScale();
  if (from.getRing() != to.getRing())
    return op->emitOpError("keeps the ring");
  return success();
}

LogicalResult MulPublicOp::verify() {
  auto from = getInput().getType(), to = getResult().getType();
  if (failed(verifyTimesPublic(*this, from, getFractionBits(), to)))
    return failure();
  return verifyBroadcast(
      *this, {wire(getInput()).getShape(), tensorShape(getFactor())},
      getResult());
}

LogicalResult MatmulPublicOp::verify() {
  bool left = isa<SharedType>(getLhs().getType());
  if (left == isa<SharedType>(getRhs().getType()))
    return emitOpError("expected one shared and one public operand");
  auto from = cast<SharedType>((left ? getLhs() : getRhs()).getType());
  if (failed(verifyTimesPublic(*this, from, getFractionBits(),
                               getResult().getType())))
    return failure();
  ArrayRef<int64_t> matrix = tensorShape(left ? getRhs() : getLhs());
  return verifyMatmulShape(*this, left ? from.getShape() : matrix,
                           left ? matrix : from.getShape(), getResult());
}

LogicalResult AddPublicOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  return verifyBroadcast(*this,
                         {wire(getInput()).getShape(), tensorShape(getTerm())},
                         getResult());
}

LogicalResult SumLastOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInput()).getShape());
  if (shape.empty())
    return emitOpError("expected an operand with at least one axis");
  shape.back() = 1;
  return verifyShape(*this, shape, getResult());
}

LogicalResult ReshapeOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  if (wire(getInput()).getNumElements() != wire(getResult()).getNumElements())
    return emitOpError("changes the number of elements from ")
           << wire(getInput()).getNumElements() << " to "
           << wire(getResult()).getNumElements();
  return success();
}

LogicalResult TransposeOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  ArrayRef<int64_t> from = wire(getInput()).getShape();
  SmallVector<int64_t> sorted(getPermutation()), expected, shape;
  llvm::sort(sorted);
  for (size_t i = 0; i < from.size(); ++i)
    expected.push_back(i);
  if (sorted != expected)
    return emitOpError("expected a permutation of ") << from.size() << " axes";
  for (int64_t axis : getPermutation())
    shape.push_back(from[axis]);
  return verifyShape(*this, shape, getResult());
}

LogicalResult BroadcastOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  return verifyBroadcast(
      *this, {wire(getInput()).getShape(), wire(getResult()).getShape()},
      getResult());
}

LogicalResult SliceOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  ArrayRef<int64_t> from = wire(getInput()).getShape();
  ArrayRef<int64_t> to = wire(getResult()).getShape();
  if (getStarts().size() != from.size() || getStrides().size() != from.size() ||
      to.size() != from.size())
    return emitOpError("expected a start and a stride for each of ")
           << from.size() << " axes";
  for (size_t i = 0; i < from.size(); ++i) {
    int64_t first = getStarts()[i];
    int64_t last = first + (to[i] - 1) * getStrides()[i];
    if (getStrides()[i] == 0)
      return emitOpError("expected strides other than 0");
    if (std::min(first, last) < 0 || std::max(first, last) >= from[i])
      return emitOpError("leaves the operand along axis ") << i;
  }
  return success();
}

LogicalResult TakeOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInput()).getShape());
  uint64_t axis = getAxis();
  if (axis >= shape.size())
    return emitOpError("has no axis ") << getAxis();
  for (int64_t index : getIndices())
    if (index < 0 || index >= shape[axis])
      return emitOpError("expected indices of 0 to ")
             << shape[axis] - 1 << ", found " << index;
  shape[axis] = getIndices().size();
  return verifyShape(*this, shape, getResult());
}

LogicalResult PadOp::verify() {
  if (failed(verifyLinear(*this, getInput(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInput()).getShape());
  if (getLow().size() != shape.size() || getHigh().size() != shape.size())
    return emitOpError("expected two amounts for each of ")
           << shape.size() << " axes";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (getLow()[i] < 0 || getHigh()[i] < 0)
      return emitOpError("expected amounts of 0 or more along axis ") << i;
    shape[i] += getLow()[i] + getHigh()[i];
  }
  return verifyShape(*this, shape, getResult());
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError("expected at least one operand");
  if (failed(verifyLinear(*this, getInputs(), getResult())))
    return failure();
  SmallVector<int64_t> shape(wire(getInputs().front()).getShape());
  uint64_t axis = getAxis();
  if (axis >= shape.size())
    return emitOpError("has no axis ") << getAxis();
  shape[axis] = 0;
  for (Value input : getInputs()) {
    SmallVector<int64_t> other(wire(input).getShape());
    if (other.size() != shape.size())
      return emitOpError("expected operands of one rank");
    shape[axis] += other[axis];
    other[axis] = shape[axis];
    if (other != shape)
      return emitOpError("expected operands alike but for axis ") << getAxis();
  }
  return verifyShape(*this, shape, getResult());
}
