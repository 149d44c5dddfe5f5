//===- MPCVerify.cpp - checks that several operations share ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCVerify.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

LogicalResult mpc::verifySameFormat(Operation *op, Value a, Value b) {
  if (wire(a).getScale() != wire(b).getScale())
    return op->emitOpError("expected one scale, found ")
           << wire(a).getScale() << " and " << wire(b).getScale();
  if (wire(a).getRing() != wire(b).getRing())
    return op->emitOpError("expected one ring, found ")
           << wire(a).getRing() << " and " << wire(b).getRing();
  return success();
}

LogicalResult mpc::verifySameKind(Operation *op, Value a, Value b) {
  if (isa<SharedType>(a.getType()) != isa<SharedType>(b.getType()))
    return op->emitOpError("expected all shared or all masked, found ")
           << a.getType() << " and " << b.getType();
  return success();
}

LogicalResult mpc::verifyLinear(Operation *op, ValueRange operands,
                                Value result) {
  for (Value operand : operands)
    if (failed(verifySameKind(op, operand, result)) ||
        failed(verifySameFormat(op, operand, result)))
      return failure();
  return success();
}

LogicalResult mpc::verifyShape(Operation *op, ArrayRef<int64_t> expected,
                               Value result) {
  if (wire(result).getShape() == expected)
    return success();
  auto error = op->emitOpError("expected a result of shape [");
  llvm::interleaveComma(expected, error);
  return error << "], found " << result.getType();
}

LogicalResult mpc::verifySameShape(Operation *op, Value a, Value b) {
  return verifyShape(op, wire(a).getShape(), b);
}

/// numpy broadcasting of two shapes; failure if they do not fit.
static FailureOr<SmallVector<int64_t>> broadcast(ArrayRef<int64_t> a,
                                                 ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()), 1);
  for (size_t i = 0; i < result.size(); ++i) {
    size_t fromEnd = result.size() - i;
    int64_t x = fromEnd <= a.size() ? a[a.size() - fromEnd] : 1;
    int64_t y = fromEnd <= b.size() ? b[b.size() - fromEnd] : 1;
    if (x != y && x != 1 && y != 1)
      return failure();
    result[i] = std::max(x, y);
  }
  return result;
}

LogicalResult mpc::verifyBroadcast(Operation *op,
                                   ArrayRef<ArrayRef<int64_t>> operands,
                                   Value result) {
  SmallVector<int64_t> shape;
  for (ArrayRef<int64_t> operand : operands) {
    auto next = broadcast(shape, operand);
    if (failed(next))
      return op->emitOpError("operand shapes do not broadcast");
    shape = *next;
  }
  return verifyShape(op, shape, result);
}

LogicalResult mpc::verifyMatmulShape(Operation *op, ArrayRef<int64_t> a,
                                     ArrayRef<int64_t> b, Value result) {
  if (a.size() < 2 || b.size() < 2 || a.back() != b[b.size() - 2])
    return op->emitOpError("expected operands ...xMxK and ...xKxN, found ")
           << op->getOperand(0).getType() << " and "
           << op->getOperand(1).getType();
  auto shape = broadcast(a.drop_back(2), b.drop_back(2));
  if (failed(shape))
    return op->emitOpError("batch axes do not broadcast");
  shape->append({a[a.size() - 2], b.back()});
  return verifyShape(op, *shape, result);
}

LogicalResult mpc::verifyProduct(Operation *op, ValueRange operands,
                                 Value result) {
  unsigned scale = 0;
  for (auto [index, operand] : llvm::enumerate(operands)) {
    scale += wire(operand).getScale();
    const unsigned ring = wire(operand).getRing();
    const unsigned need =
        cast<CostInterface>(op).getOperandRing(unsigned(index));
    if (ring < need)
      return op->emitOpError("operand of ring ")
             << ring << " is narrower than the " << need
             << " bits that its bound or the result's ring needs";
  }
  if (scale != wire(result).getScale())
    return op->emitOpError("expected a result of scale ")
           << scale << ", found " << wire(result).getScale();
  return success();
}
