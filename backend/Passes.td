//===- Passes.td - mpc to EmitC -*- tablegen -*----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_BACKEND_PASSES
#define SECFORMER_BACKEND_PASSES

include "mlir/Pass/PassBase.td"

def MPCToEmitC : Pass<"secformer-to-emitc", "::mlir::ModuleOp"> {
  let summary = "a scheduled program as C++ in the EmitC dialect";
  let description = [{
    One statement per operation, on a role: `setup` and `infer` are templates
    that the runtime instantiates with Party, Dealer and Reference, so that a
    program is written once for every role.
  }];
  let dependentDialects = ["::mlir::emitc::EmitCDialect"];
}

#endif // SECFORMER_BACKEND_PASSES
