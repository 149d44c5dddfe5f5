//===- Calibrate.h - measured ranges --------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_CALIBRATE_H
#define SECFORMER_PASSES_NN_CALIBRATE_H

#include "dialect/NN/Evaluator.h"
#include "dialect/NN/WeightStore.h"

namespace secformer::nn {

/// Inputs of a model by ONNX name, and what errors call them (a file).
struct Sample {
  std::string source;
  TensorMap inputs;
  /// Out of an archive with an axis of samples (runtime/Samples.h).
  bool stacked = false;
};

struct CalibrateOptions {
  /// Measured ranges are widened by this share of their size (docs/ranges.md).
  double margin = 0.25;
};

/// The arrays of an npz file whose element types the dialect has. Errors are
/// emitted at \p location.
mlir::FailureOr<TensorMap> readArrays(const std::string &file,
                                      mlir::Location location);

/// Reads npz files of one or several samples and checks that each has an array
/// of the right type and shape for every argument. Errors are emitted at the
/// function.
mlir::FailureOr<std::vector<Sample>>
readSamples(mlir::func::FuncOp function, llvm::ArrayRef<std::string> files);

/// Runs the function on every sample and sets the range attributes
/// (Attributes.h) of arguments and operations with an f32 result. Errors are
/// emitted at the function or at the operation whose value is not finite.
mlir::LogicalResult calibrate(mlir::func::FuncOp function,
                              llvm::ArrayRef<Sample> samples,
                              const WeightStore &weights,
                              const CalibrateOptions &options = {});

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_CALIBRATE_H
