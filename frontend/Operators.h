//===- Operators.h - which ONNX operators are known -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_OPERATORS_H
#define SECFORMER_FRONTEND_OPERATORS_H

#include "frontend/Node.h"

namespace secformer::frontend {

/// Builds the meaning of a node. Null among the results is an output that the
/// importer does not compute.
using ImportFunction = Results (*)(Node &node);

/// One operator, from one opset of its domain on.
struct Operator {
  const char *domain; ///< "" is ai.onnx
  const char *name;
  int64_t since;
  int operands; ///< how many it requires
  ImportFunction import;
  const char *note = ""; ///< restrictions, for the documentation
};

/// All operators, family by family.
llvm::ArrayRef<llvm::ArrayRef<Operator>> operatorFamilies();

/// The row for a node, or null.
const Operator *findOperator(const ModelFile &file,
                             const onnx::NodeProto &node);

/// One error that lists all operators among the nodes that are not known.
llvm::LogicalResult reportUnsupported(const ModelFile &file,
                                      llvm::ArrayRef<int> nodes);

/// What the attribute `activation` of a fused operator does to its result.
mlir::Value fusedActivation(Node &node, mlir::Value x);

// One table for each family, in the file of that name.
llvm::ArrayRef<Operator> elementwiseOperators();
llvm::ArrayRef<Operator> activationOperators();
llvm::ArrayRef<Operator> shapeOperators();
llvm::ArrayRef<Operator> sliceOperators();
llvm::ArrayRef<Operator> gatherOperators();
llvm::ArrayRef<Operator> reductionOperators();
llvm::ArrayRef<Operator> normalizationOperators();
llvm::ArrayRef<Operator> productOperators();
llvm::ArrayRef<Operator> einsumOperators();
llvm::ArrayRef<Operator> convolutionOperators();
llvm::ArrayRef<Operator> poolingOperators();
llvm::ArrayRef<Operator> resizeOperators();
llvm::ArrayRef<Operator> lossOperators();
llvm::ArrayRef<Operator> searchOperators();
llvm::ArrayRef<Operator> attentionOperators();
llvm::ArrayRef<Operator> fusedAttentionOperators();
llvm::ArrayRef<Operator> quantizationOperators();

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_OPERATORS_H
