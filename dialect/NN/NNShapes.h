//===- NNShapes.h - result types of nn operations -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// One rule per family of operations, called by the generated
// inferReturnTypes (NNOps.td). A rule that does not hold is an error at
// `location`, if there is one, and failure.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_NNSHAPES_H
#define SECFORMER_DIALECT_NN_NNSHAPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/ValueRange.h"

namespace secformer::nn {

enum class UnaryKind : uint32_t;

using InferredType = mlir::FailureOr<mlir::Type>;
using MaybeLocation = std::optional<mlir::Location>;
using Extents = llvm::ArrayRef<int64_t>;

/// "[1, 21, 128]".
std::string toString(Extents extents);

/// numpy's rule on shapes; nothing if the shapes do not go together.
std::optional<llvm::SmallVector<int64_t>> broadcastShapes(Extents a, Extents b);

InferredType inferBroadcast(MaybeLocation location, mlir::ValueRange operands);
InferredType inferPredicate(MaybeLocation location, mlir::ValueRange operands);
InferredType inferSelect(MaybeLocation location, mlir::ValueRange operands);
InferredType inferUnary(MaybeLocation location, UnaryKind kind,
                        mlir::Value input);
/// \p element is the element type of the result; null keeps the input's.
InferredType inferReduce(MaybeLocation location, mlir::Value input,
                         Extents axes, bool keepdims, mlir::Type element);
InferredType inferTopIds(MaybeLocation location, mlir::Value input,
                         int64_t count, int64_t axis);
InferredType inferAlongAxis(MaybeLocation location, mlir::Value input,
                            int64_t axis);
InferredType inferSoftmax(MaybeLocation location, mlir::Value input,
                          mlir::Value mask, int64_t axis);
InferredType inferLayerNorm(MaybeLocation location, mlir::Value input,
                            mlir::Value gamma, mlir::Value beta, int64_t axis);
InferredType inferMatmul(MaybeLocation location, mlir::Value lhs,
                         mlir::Value rhs);
InferredType inferConv(MaybeLocation location, mlir::Value input,
                       mlir::Value kernel, Extents strides, Extents low,
                       Extents high, Extents dilations, int64_t groups);
InferredType inferTranspose(MaybeLocation location, mlir::Value input,
                            Extents perm);
InferredType inferConcat(MaybeLocation location, mlir::ValueRange inputs,
                         int64_t axis);
InferredType inferSlice(MaybeLocation location, mlir::Value input,
                        Extents starts, Extents sizes, Extents strides);
InferredType inferPad(MaybeLocation location, mlir::Value input, Extents low,
                      Extents high);
InferredType inferGather(MaybeLocation location, mlir::Value input,
                         mlir::Value ids, int64_t axis);
InferredType inferScatter(MaybeLocation location, mlir::Value input,
                          mlir::Value ids, mlir::Value updates);
InferredType inferEmbedding(MaybeLocation location, mlir::Value table,
                            mlir::Value ids);
InferredType inferOneHot(MaybeLocation location, mlir::Value ids, int64_t depth,
                         int64_t axis);
InferredType inferTrilu(MaybeLocation location, mlir::Value input);

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_NNSHAPES_H
