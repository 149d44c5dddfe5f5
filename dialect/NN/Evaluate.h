//===- Evaluate.h - one function per operation (internal) -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// `evaluate(op, operands)` of every family; Evaluator.cpp chooses among them.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_EVALUATE_H
#define SECFORMER_DIALECT_NN_EVALUATE_H

#include "dialect/NN/Evaluator.h"
#include "dialect/NN/NNOps.h"

#include <cmath>
#include <type_traits>

namespace secformer::nn {

template <class T> bool isNaN(T value) {
  if constexpr (std::is_floating_point_v<T>)
    return std::isnan(value);
  return false;
}

/// The larger and the smaller; a NaN if one is.
template <class T> T larger(T a, T b) { return b > a || isNaN(b) ? b : a; }
template <class T> T smaller(T a, T b) { return b < a || isNaN(b) ? b : a; }

/// Integers wrap around as two's complement; floats compute as they are.
template <class T>
using Modular = typename std::conditional_t<std::is_floating_point_v<T>,
                                            std::type_identity<T>,
                                            std::make_unsigned<T>>::type;

using Operands = llvm::ArrayRef<Tensor>;
using Evaluated = llvm::Expected<Tensor>;

template <class... Parts>
llvm::Error evaluationError(const char *format, Parts... parts) {
  return llvm::createStringError(std::errc::invalid_argument, format, parts...);
}

// EvaluateElementwise.cpp
Evaluated evaluate(AddOp op, Operands operands);
Evaluated evaluate(SubOp op, Operands operands);
Evaluated evaluate(MulOp op, Operands operands);
Evaluated evaluate(DivOp op, Operands operands);
Evaluated evaluate(PowOp op, Operands operands);
Evaluated evaluate(MaxOp op, Operands operands);
Evaluated evaluate(MinOp op, Operands operands);
Evaluated evaluate(ModOp op, Operands operands);
Evaluated evaluate(CompareOp op, Operands operands);
Evaluated evaluate(LogicalOp op, Operands operands);
Evaluated evaluate(NotOp op, Operands operands);
Evaluated evaluate(SelectOp op, Operands operands);
Evaluated evaluate(UnaryOp op, Operands operands);
Evaluated evaluate(CastOp op, Operands operands);

// EvaluateAlongAxes.cpp
Evaluated evaluate(ReduceOp op, Operands operands);
Evaluated evaluate(ArgmaxOp op, Operands operands);
Evaluated evaluate(TopIdsOp op, Operands operands);
Evaluated evaluate(CumsumOp op, Operands operands);
Evaluated evaluate(LogSoftmaxOp op, Operands operands);
Evaluated evaluate(SoftmaxOp op, Operands operands);
Evaluated evaluate(LayerNormOp op, Operands operands);

// EvaluateProducts.cpp
Evaluated evaluate(MatmulOp op, Operands operands);
Evaluated evaluate(ConvOp op, Operands operands);

// EvaluateRearrangement.cpp
Evaluated evaluate(ConstantOp op, Operands operands);
Evaluated evaluate(TransposeOp op, Operands operands);
Evaluated evaluate(ReshapeOp op, Operands operands);
Evaluated evaluate(BroadcastOp op, Operands operands);
Evaluated evaluate(ConcatOp op, Operands operands);
Evaluated evaluate(SliceOp op, Operands operands);
Evaluated evaluate(PadOp op, Operands operands);
Evaluated evaluate(GatherOp op, Operands operands);
Evaluated evaluate(ScatterOp op, Operands operands);
Evaluated evaluate(EmbeddingOp op, Operands operands);
Evaluated evaluate(OneHotOp op, Operands operands);
Evaluated evaluate(TriluOp op, Operands operands);

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_EVALUATE_H
