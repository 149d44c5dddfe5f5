//===- WeightStore.h - the weights beside an nn module --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// float32 tensors by the name of their nn.weight, in memory or mapped from the
// weight file.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_WEIGHTSTORE_H
#define SECFORMER_DIALECT_NN_WEIGHTSTORE_H

#include "dialect/NN/NNOps.h"
#include "dialect/NN/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace secformer::nn {

class WeightStore {
public:
  /// Slices begin at multiples of this many bytes.
  static constexpr int64_t alignment = 64;

  /// The float32 weight of this name, or null.
  const Tensor *lookup(llvm::StringRef name) const;

  /// Adds a float32 tensor and its nn.weight at the end of the module's
  /// weights. The name is made unique if the module has it. From the first
  /// call on until compact(), nobody else may give the module symbols.
  WeightOp add(mlir::ModuleOp module, llvm::StringRef name, Tensor value);

  /// Tells the system that this weight's elements are not read for now, so
  /// that the pages of a mapped file do not stay in memory.
  void setAside(llvm::StringRef name) const;

  /// Drops weights that no nn.param uses and lays the others out anew, without
  /// gaps, in the order of their nn.weight operations.
  void compact(mlir::ModuleOp module);

  /// Writes the weights of the module at their offsets, little endian. Errors
  /// (at the module) name the file.
  llvm::LogicalResult write(mlir::ModuleOp module, llvm::StringRef file) const;

  /// Maps the file that `nn.weight_file` names, relative to \p directory, and
  /// takes the weights of the module from it. A module without weights needs no
  /// file. Errors are emitted at the module or the nn.weight.
  llvm::LogicalResult load(mlir::ModuleOp module, llvm::StringRef directory);

private:
  /// What add() knows of the module: looking it up each time would take time
  /// in the square of the number of weights.
  struct Tail {
    mlir::Operation *module = nullptr;
    mlir::Operation *last = nullptr; ///< the last nn.weight
    int64_t end = 0;
    llvm::StringSet<> symbols;
    llvm::StringMap<unsigned> suffixes; ///< the last one of each name
  };

  static Tail tailOf(mlir::ModuleOp module);

  llvm::StringMap<Tensor> tensors;
  Tail tail;
};

/// End of the weights of a module in the file, a multiple of the alignment.
int64_t weightBytes(mlir::ModuleOp module);

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_WEIGHTSTORE_H
