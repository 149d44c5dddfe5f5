//===- Evaluator.h - the nn dialect in plain float32 ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What every nn operation means, computed in the clear: for constant folding,
// calibration, and comparison with the model's framework.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_EVALUATOR_H
#define SECFORMER_DIALECT_NN_EVALUATOR_H

#include "dialect/NN/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace secformer::nn {

class WeightStore;

/// The result of one operation with these operands, whose types must be those
/// of the operands in the IR. Fails on ids out of range, integer division by
/// zero, and operations outside the dialect.
llvm::Expected<Tensor> compute(mlir::Operation *op,
                               llvm::ArrayRef<Tensor> operands);

/// The same; a failure is an error at the operation.
mlir::FailureOr<Tensor> evaluateOp(mlir::Operation *op,
                                   llvm::ArrayRef<Tensor> operands);

/// Tensors by ONNX name.
using TensorMap = std::map<std::string, Tensor>;

/// Called for every operation with one result, in program order.
using Observer = llvm::function_ref<void(mlir::Operation *op,
                                         llvm::ArrayRef<Tensor> operands,
                                         const Tensor &result)>;

/// The ONNX name of an argument or a result; "arg0" or "result0" without one.
std::string argumentName(mlir::func::FuncOp function, unsigned index);
std::string resultName(mlir::func::FuncOp function, unsigned index);

/// Runs a function of one block. Every argument must be among \p inputs, with
/// the argument's type; others are ignored. Errors are emitted at the function
/// or the operation. Results are in the function's order.
mlir::FailureOr<std::vector<Tensor>>
evaluateFunction(mlir::func::FuncOp function, const TensorMap &inputs,
                 const WeightStore &weights, Observer observer = {});

struct Range {
  double low = 0, high = 0;
};

/// Ranges of the quantities inside nn.softmax, over all rows.
struct SoftmaxInner {
  Range centered; ///< scale * (x - mean of x) at unmasked positions
  /// Mean over unmasked positions of exp(centered), or of (scale x + quad)^2.
  Range meanNumerator;
};

/// \p mask may be null, else it broadcasts to \p x. Rows without unmasked
/// positions do not count. The mean of x is over unmasked positions, or over
/// all if the mask is a secret.
SoftmaxInner softmaxInner(const Tensor &x, const Tensor *mask, double scale,
                          int64_t axis, bool secretMask,
                          std::optional<double> quad = {});

/// Range over all rows of the variance (with \p rms the mean square) of the
/// elements from \p axis on, without eps; constant rows (of an RMS norm:
/// zeros) do not count. Empty (low > high) if there are no others.
Range layerNormInner(const Tensor &x, int64_t axis, bool rms);

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_EVALUATOR_H
