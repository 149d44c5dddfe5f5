//===- GraphImporter.h - a graph becomes a function -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_GRAPHIMPORTER_H
#define SECFORMER_FRONTEND_GRAPHIMPORTER_H

#include "dialect/NN/WeightStore.h"
#include "frontend/ModelFile.h"
#include "frontend/Signature.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace secformer::frontend {

/// Does a float tensor stored in the model count as trained, and so as secret?
/// All do but single numbers (eps, 1/sqrt(d) ...) and masks, whose elements are
/// 0 or one value of -1000 or less.
bool isWeight(const nn::Tensor &tensor);

/// Holds the module under construction and what is known of its values.
class GraphImporter {
public:
  GraphImporter(const ModelFile &file, const ImportOptions &options,
                nn::WeightStore &weights);

  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
  run(llvm::ArrayRef<InputSignature> inputs, llvm::ArrayRef<int> order);

  const ModelFile &getFile() const { return file; }
  mlir::OpBuilder &getBuilder() { return builder; }

  /// The value of that name; null if the importer does not compute it (an
  /// optional result). Fails, with an error, if an initializer is bad.
  mlir::FailureOr<mlir::Value> lookup(const std::string &name);

  /// What a value is if it does not depend on an input; null otherwise.
  const nn::Tensor *constantOf(mlir::Value value) const;

  /// The same, but a value that depends on inputs is computed from those of the
  /// options. Null if they do not give them, or if it has no value, or if it
  /// costs too much: then \p excess says so.
  const nn::Tensor *knownOf(mlir::Value value, std::string &excess);

  /// A value that is known. Small values and masks are public constants; others
  /// become weights, public ones unless the value is \p secret, i.e. depends on
  /// the trained weights. \p name names the weight.
  mlir::Value constant(nn::Tensor tensor, bool secret, mlir::Location location,
                       llvm::StringRef name);

  /// The ONNX type that the file declares for a value; UNDEFINED if none.
  int32_t declaredType(const std::string &name);

  /// Does the value come from the trained weights?
  bool isSecret(mlir::Value value) const;

private:
  mlir::LogicalResult importNode(const onnx::NodeProto &node, int index);
  mlir::LogicalResult finish(mlir::func::FuncOp function);
  mlir::FailureOr<mlir::Value>
  importInitializer(const onnx::TensorProto &tensor);

  const ModelFile &file;
  const ImportOptions &options;
  nn::WeightStore &weights;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::OpBuilder builder;
  llvm::StringMap<mlir::Value> values;
  llvm::StringMap<const onnx::TensorProto *> initializers;
  std::optional<llvm::StringMap<int32_t>> declaredTypes; ///< once asked for
  llvm::DenseMap<mlir::Value, nn::Tensor> constants;
};

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_GRAPHIMPORTER_H
