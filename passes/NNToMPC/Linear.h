//===- Linear.h - lowerings that need no choice of protocol ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What lowerLinear consists of, one function an operation; each binds the
// result or reports an error at the operation.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_LINEAR_H
#define SECFORMER_PASSES_NNTOMPC_LINEAR_H

#include "passes/NNToMPC/Lowering.h"

namespace secformer {

// Static: backend/RuntimeValues.h has a function of this name and namespace.
static inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// The one value that a constant repeats.
std::optional<double> splatOf(mlir::Value value);
/// Largest absolute value of a constant, or what is given for other values.
double largestOr(mlir::Value value, double otherwise);
/// The value as a secret; a public one is encoded by party 0, which knows it
/// like everybody else.
mlir::FailureOr<Secret> asSecret(mlir::Value value, double bound,
                                 Lowering &state);
/// Fraction bits that a public factor needs: none that its values, where they
/// are known, can do without.
unsigned publicBits(mlir::Value value, const Emitter &emit);

// LowerElementwise.cpp
/// lhs + rhs or lhs - rhs of resolved values, at least one of them secret.
Secret sumOf(Emitter &emit, const Lowered &lhs, const Lowered &rhs,
             bool subtract, llvm::ArrayRef<int64_t> shape, double bound);
mlir::LogicalResult lowerSum(mlir::Operation *op, mlir::Value lhs,
                             mlir::Value rhs, bool subtract, Lowering &state);
mlir::LogicalResult lowerMul(nn::MulOp op, Lowering &state);
mlir::LogicalResult lowerDiv(nn::DivOp op, Lowering &state);
mlir::LogicalResult lowerSelect(nn::SelectOp op, Lowering &state);

// LowerProducts.cpp
mlir::LogicalResult lowerMatmul(nn::MatmulOp op, Lowering &state);

// LowerConv.cpp
mlir::LogicalResult lowerConv(nn::ConvOp op, Lowering &state);

// LowerComparison.cpp
/// Largest distance of two values, each with the room that its bound has.
double distance(Range a, Range b);
/// The largest (or smallest) along the last axis, which stays with extent 1, by
/// a tree of comparisons: 2 ceil(log2 n) rounds. \p reach: largest difference
/// of two values.
Secret extremeOfLast(Emitter &emit, Secret x, bool largest, double reach);

// LowerArgmax.cpp
mlir::LogicalResult lowerArgmax(nn::ArgmaxOp op, Lowering &state);

// LowerReduce.cpp
/// The wire with these axes brought to the end, as one.
mlir::Value withAxesLast(Emitter &emit, mlir::Value wire,
                         llvm::ArrayRef<int64_t> axes);
mlir::LogicalResult lowerReduce(nn::ReduceOp op, Lowering &state);
mlir::LogicalResult lowerCumsum(nn::CumsumOp op, Lowering &state);

// LowerRearrangement.cpp
mlir::LogicalResult lowerSlice(mlir::Operation *op, mlir::Value input,
                               llvm::ArrayRef<int64_t> starts,
                               llvm::ArrayRef<int64_t> sizes,
                               llvm::ArrayRef<int64_t> strides,
                               Lowering &state);
/// Slices of `input` along an axis by `indices` in the clear: the client's
/// token ids in an embedding.
mlir::LogicalResult lowerLookup(mlir::Operation *op, mlir::Value input,
                                mlir::Value indices, int64_t axis,
                                Lowering &state);
mlir::LogicalResult lowerGather(mlir::Operation *op, mlir::Value input,
                                mlir::Value indices, int64_t axis,
                                Lowering &state);
mlir::LogicalResult lowerConcat(nn::ConcatOp op, Lowering &state);
mlir::LogicalResult lowerPad(nn::PadOp op, Lowering &state);
mlir::LogicalResult lowerTrilu(nn::TriluOp op, Lowering &state);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_LINEAR_H
