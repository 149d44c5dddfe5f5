//===- NormalizeShapes.cpp - one spelling for rearrangements --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Match.h"
#include "passes/NN/Normalize.h"

using namespace mlir;
using namespace secformer::nn;

/// reshape(reshape(a)) -> reshape(a)
static LogicalResult mergeReshapes(ReshapeOp op, PatternRewriter &rewriter) {
  auto inner = op.getInput().getDefiningOp<ReshapeOp>();
  if (!inner)
    return failure();
  rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), inner.getInput());
  return success();
}

/// broadcast(broadcast(a)) -> broadcast(a)
static LogicalResult mergeBroadcasts(BroadcastOp op,
                                     PatternRewriter &rewriter) {
  auto inner = op.getInput().getDefiningOp<BroadcastOp>();
  if (!inner)
    return failure();
  rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), inner.getInput());
  return success();
}

/// A broadcast that only adds leading axes of extent 1 is a reshape.
static LogicalResult reshapeInsteadOfBroadcast(BroadcastOp op,
                                               PatternRewriter &rewriter) {
  if (tensorType(op.getInput()).getNumElements() !=
      tensorType(op.getResult()).getNumElements())
    return failure();
  rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getInput());
  return success();
}

static LogicalResult simplifyTranspose(TransposeOp op,
                                       PatternRewriter &rewriter) {
  ArrayRef<int64_t> perm = op.getPerm();
  if (llvm::equal(perm, llvm::seq<int64_t>(0, perm.size()))) {
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
  // transpose(transpose(a)) -> transpose(a)
  auto inner = op.getInput().getDefiningOp<TransposeOp>();
  if (!inner)
    return failure();
  SmallVector<int64_t> merged;
  for (int64_t axis : perm)
    merged.push_back(inner.getPerm()[axis]);
  rewriter.replaceOpWithNewOp<TransposeOp>(op, inner.getInput(), merged);
  return success();
}

/// A slice of everything is nothing.
static LogicalResult dropFullSlice(SliceOp op, PatternRewriter &rewriter) {
  if (op.getType() != op.getInput().getType() ||
      llvm::any_of(op.getStrides(), [](int64_t s) { return s != 1; }))
    return failure();
  rewriter.replaceOp(op, op.getInput());
  return success();
}

static LogicalResult dropSingleConcat(ConcatOp op, PatternRewriter &rewriter) {
  if (op.getInputs().size() != 1)
    return failure();
  rewriter.replaceOp(op, op.getInputs().front());
  return success();
}

/// Element-wise operations broadcast by themselves.
struct DropBroadcastOfOperand : RewritePattern {
  explicit DropBroadcastOfOperand(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isElementwise(op) || op->getNumOperands() < 2)
      return failure();
    for (OpOperand &operand : op->getOpOperands()) {
      auto broadcast = operand.get().getDefiningOp<BroadcastOp>();
      if (broadcast && shapeWithout(op, operand) ==
                           tensorType(op->getResult(0)).getShape()) {
        rewriter.modifyOpInPlace(op,
                                 [&] { operand.set(broadcast.getInput()); });
        return success();
      }
    }
    return failure();
  }

private:
  /// The shape of the result if the operand were not broadcast before.
  static SmallVector<int64_t> shapeWithout(Operation *op, OpOperand &operand) {
    auto broadcast = operand.get().getDefiningOp<BroadcastOp>();
    SmallVector<int64_t> shape;
    for (OpOperand &each : op->getOpOperands()) {
      Value value = &each == &operand ? broadcast.getInput() : each.get();
      shape = *broadcastShapes(shape, tensorType(value).getShape());
    }
    return shape;
  }
};

/// reshape(reduce(a)) -> reduce(a) keepdims
static LogicalResult keepReducedAxes(ReshapeOp op, PatternRewriter &rewriter) {
  auto reduce = op.getInput().getDefiningOp<ReduceOp>();
  if (!reduce || reduce.getKeepdims())
    return failure();
  SmallVector<int64_t> shape(tensorType(reduce.getInput()).getShape());
  for (int64_t axis : reduce.getAxes())
    shape[axis] = 1;
  if (op.getType().getShape() != ArrayRef<int64_t>(shape))
    return failure();
  rewriter.replaceOpWithNewOp<ReduceOp>(op, reduce.getKind(), reduce.getInput(),
                                        reduce.getAxes(), /*keepdims=*/true);
  return success();
}

void secformer::nn::populateShapePatterns(RewritePatternSet &patterns) {
  patterns.add(mergeReshapes);
  patterns.add(mergeBroadcasts);
  patterns.add(reshapeInsteadOfBroadcast);
  patterns.add(simplifyTranspose);
  patterns.add(dropFullSlice);
  patterns.add(dropSingleConcat);
  patterns.add(keepReducedAxes);
  patterns.add<DropBroadcastOfOperand>(patterns.getContext());
}
