//===- NNOps.h - the nn dialect in C++ ------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_NNOPS_H
#define SECFORMER_DIALECT_NN_NNOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/NN/NNShapes.h"

namespace secformer::nn {

/// The constant that \p op computes if all its operands are the constants
/// \p operands and the result is small enough for nn.constant; null otherwise.
mlir::OpFoldResult
foldConstantOperands(mlir::Operation *op,
                     llvm::ArrayRef<mlir::Attribute> operands);

class Tensor;

/// May the tensor be an nn.constant? Integers may; floats if they are few or
/// have at most two values (masks); others belong into the weight file.
bool fitsConstant(const Tensor &tensor);

template <class ConcreteOp>
class FoldsConstants
    : public mlir::OpTrait::TraitBase<ConcreteOp, FoldsConstants> {
public:
  static mlir::OpFoldResult
  foldTrait(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands) {
    return foldConstantOperands(op, operands);
  }
};

} // namespace secformer::nn

#include "dialect/NN/NNDialect.h.inc"
#include "dialect/NN/NNEnums.h.inc"

#define GET_OP_CLASSES
#include "dialect/NN/NNOps.h.inc"

#endif // SECFORMER_DIALECT_NN_NNOPS_H
