//===- Interpreter.h - a scheduled module as a program --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Runs a scheduled mpc module on the roles of the runtime, operation by
// operation, as the C++ that would be generated from it does: the same methods
// in the same order, so the same bytes. (Reference alone, which sends none,
// takes each weight when it is needed.) Somebody may watch.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_BACKEND_INTERPRETER_H
#define SECFORMER_BACKEND_INTERPRETER_H

#include "backend/RuntimeValues.h"
#include "runtime/Program.h"
#include "llvm/ADT/StringMap.h"

namespace secformer {

/// Called during an inference with every operation that makes a value, once
/// the value exists (for messages: after their round), and with every mpc.probe
/// and its operands.
using WireObserver =
    std::function<void(mlir::Operation *op, runtime::Role &role,
                       llvm::ArrayRef<runtime::Wire> wires)>;

class Interpreter {
public:
  /// Checks the module, which must stay as it is while the interpreter lives;
  /// errors are emitted at its operations.
  static mlir::FailureOr<Interpreter> create(mlir::ModuleOp rounds);

  /// The module as a program under the hash of its manifest; this must outlive
  /// it. Several threads may run it at once.
  runtime::Program program(const char *hash = "",
                           WireObserver observer = {}) const;

private:
  class Run;

  mlir::func::FuncOp function;
  llvm::StringMap<runtime::Univariate> fits;
};

} // namespace secformer

#endif // SECFORMER_BACKEND_INTERPRETER_H
