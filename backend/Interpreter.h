//===- Interpreter.h - a scheduled module as a program --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Runs a scheduled mpc module on the roles of the runtime, operation by
// operation, as the C++ that would be generated from it does: the same methods
// in the same order, so the same bytes. Somebody may watch.
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
template <class Role>
using WireObserver = std::function<void(mlir::Operation *op, Role &role,
                                        llvm::ArrayRef<runtime::Wire> wires)>;

class Interpreter {
public:
  /// Checks the module, which must stay as it is while the interpreter lives;
  /// errors are emitted at its operations.
  static mlir::FailureOr<Interpreter> create(mlir::ModuleOp rounds);

  /// The phases of one role (Party, Dealer, ...); this must outlive
  /// them. They may run in several threads at once.
  template <class Role>
  runtime::Phases<Role> phases(WireObserver<Role> observer = {}) const;

  /// All roles, under the hash of the manifest.
  runtime::Program program(const char *hash) const {
    runtime::Program result{hash, phases<runtime::Party>(),
                            phases<runtime::Dealer>(),
                            phases<runtime::Reference>()};
    if (isSharedFromOutside(function))
      result.outsider = phases<runtime::Outsider>();
    return result;
  }

private:
  template <class Role> class Run;

  mlir::func::FuncOp function;
  llvm::StringMap<runtime::Univariate> fits;
};

} // namespace secformer

#endif // SECFORMER_BACKEND_INTERPRETER_H
