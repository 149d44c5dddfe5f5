//===- Match.h - what the fusion passes look at ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Expressions of element-wise operations are recognized by what they compute:
// they are evaluated at sample points, so their spelling does not matter.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_MATCH_H
#define SECFORMER_PASSES_NN_MATCH_H

#include "dialect/NN/NNOps.h"
#include "dialect/NN/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace secformer::nn {

/// Does every element of the result depend on the elements of the operands at
/// the same place alone (after broadcasting)?
bool isElementwise(mlir::Operation *op);

/// The elements of a constant, or null.
mlir::DenseElementsAttr constantElements(mlir::Value value);
/// The value that all elements of a constant have, also behind reshapes,
/// transposes and broadcasts.
std::optional<double> splatValue(mlir::Value value);
bool isSplat(mlir::Value value, double expected);

/// A scalar constant of the element type of \p like.
mlir::Value createScalar(mlir::OpBuilder &builder, mlir::Location location,
                         double value, mlir::Value like);

mlir::RankedTensorType tensorType(mlir::Value value);
/// The operation's kind if it is an nn.unary.
std::optional<UnaryKind> unaryKind(mlir::Operation *op);
/// The input if \p value is made by an nn.unary of this kind, else null.
mlir::Value unaryInput(mlir::Value value, UnaryKind kind);
/// The value itself, or what it is the broadcast or reshape of.
mlir::Value throughShapes(mlir::Value value);

/// A number as messages give it: up to six digits.
std::string toText(double number);

/// Erases the operations of the function whose results nobody uses.
void eraseDeadOperations(mlir::func::FuncOp function);

/// Is it a reshape, broadcast, transpose or slice: the same elements elsewhere?
bool isRearrangement(mlir::Operation *op);

/// Evaluates element-wise expressions of some values at sample points.
class ElementSampler {
public:
  /// \p everywhere: the samples hold at every place of a tensor, so that
  /// rearrangements keep them.
  explicit ElementSampler(bool everywhere = false) : everywhere(everywhere) {}

  /// Gives \p value a sample at every point, as its element type; all values
  /// get the same number of samples.
  void bind(mlir::Value value, llvm::ArrayRef<float> samples);
  /// The samples of an element-wise expression of bound values and repeated
  /// constants; nothing if \p value is something else.
  std::optional<llvm::SmallVector<double>> sample(mlir::Value value);

private:
  std::optional<Tensor> evaluate(mlir::Value value, unsigned depth);

  llvm::DenseMap<mlir::Value, std::optional<Tensor>> known;
  int64_t points = 0;
  const bool everywhere;
};

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_MATCH_H
