//===- MaskExpression.h - the masks in the argument of a softmax ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_MASKEXPRESSION_H
#define SECFORMER_PASSES_NN_MASKEXPRESSION_H

#include "dialect/NN/WeightStore.h"
#include "passes/NN/Match.h"

namespace secformer::nn {

/// A mask that an expression depends on.
struct MaskAtom {
  /// The mask, where arithmetic on it begins.
  mlir::Value value;
  /// The values that its elements can have.
  llvm::SmallVector<float> levels;
  /// Its elements before rearrangements, if they are constant.
  std::optional<Tensor> elements;
  /// Does arithmetic depend on the mask, or only a predicate like m == 0?
  /// Arithmetic makes sense for 0 and 1 alone, a predicate for any number.
  bool inArithmetic = false;
  /// Rearrangements between arithmetic on the mask and the scores, the
  /// outermost first.
  llvm::SmallVector<mlir::Operation *> rearrangements;
};

/// Tells masks from scores.
class MaskReader {
public:
  /// Float masks in \p weights are known if it is not null.
  /// With \p throughPredicates, what a predicate depends on is the mask if
  /// arithmetic depends on it as well; otherwise the predicate is a mask
  /// itself.
  MaskReader(const WeightStore *weights, bool throughPredicates)
      : weights(weights), throughPredicates(throughPredicates) {}

  /// If \p score is an element-wise function of one value that is no mask and
  /// of masks: that value, with the masks added to \p atoms. Otherwise null.
  mlir::Value nextScore(mlir::Value score,
                        llvm::SmallVector<MaskAtom> &atoms) const;

private:
  /// The mask that \p value is a rearrangement of, if it is one; \p scores is
  /// the number of scores.
  std::optional<MaskAtom> leaf(mlir::Value value, int64_t scores) const;
  /// One look through an expression.
  struct Walk {
    int64_t scores;          ///< number of scores
    unsigned operations = 0; ///< seen so far
    /// On the way here.
    llvm::SmallVector<mlir::Operation *> rearrangements;
    llvm::SmallVector<MaskAtom> atoms;
  };
  /// Adds the masks that \p value is an expression of; false if it is an
  /// expression of something else.
  bool collect(mlir::Value value, bool inArithmetic, Walk &walk) const;

  const WeightStore *weights;
  bool throughPredicates;
};

/// The scores before sums with what is the same all along the axis: softmax
/// does not see it.
mlir::Value withoutShift(mlir::Value scores, int64_t axis,
                         const WeightStore *weights = nullptr);

/// A tensor that is nonzero where the mask has a good level.
mlir::Value buildMask(mlir::OpBuilder &builder, mlir::Location location,
                      const MaskAtom &atom, llvm::ArrayRef<bool> good);

/// The mask before a broadcast that softmax does by itself; null stays null.
mlir::Value withoutBroadcast(mlir::Value mask, mlir::RankedTensorType scores);

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_MASKEXPRESSION_H
