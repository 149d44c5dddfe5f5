//===- Cases.h - models of one node with known results --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_OPERATORS_CASES_H
#define SECFORMER_TESTS_OPERATORS_CASES_H

#include "dialect/NN/Evaluator.h"
#include "frontend/Operators.h"

#include <string>
#include <vector>

namespace secformer::frontend {

/// One model, made by make_cases.py.
struct Case {
  std::string name;   ///< OPERATOR-VARIANT-OPSET
  std::string model;  ///< path of the .onnx file
  std::string arrays; ///< path of the .npz file: inputs x0, x1, ..., results
                      ///< y0, y1, ...
};

/// All cases, in the order of their names.
std::vector<Case> listCases();

/// The arrays of a case whose names begin with a letter: 'x' or 'y'.
nn::TensorMap arraysOf(const Case &test, char letter,
                       mlir::MLIRContext &context);

/// The row of the importer's table for the node of a case.
const Operator *rowOf(const Case &test, mlir::MLIRContext &context);

} // namespace secformer::frontend

#endif // SECFORMER_TESTS_OPERATORS_CASES_H
