//===- RuntimeValues.h - what an mpc module says, in runtime types --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The emitter prints these as C++ and the interpreter passes them to a role, so
// that both run one program.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_BACKEND_RUNTIMEVALUES_H
#define SECFORMER_BACKEND_RUNTIMEVALUES_H

#include "dialect/MPC/MPCOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "runtime/Wire.h"

namespace secformer {

runtime::Shape shapeOf(mlir::Value value);
runtime::WireType wireTypeOf(mlir::Value wire);
runtime::Univariate univariateOf(mpc::FitOp fit);
runtime::Comparison comparisonOf(mpc::CompareOp compare);
runtime::OpenTruncation openTruncationOf(mpc::TruncateOpenOp truncate);
/// The elements of a public constant; one if all are equal.
std::vector<double> valuesOf(mpc::ConstantOp constant);

/// Does an owner outside of the parties share anything?
bool isSharedFromOutside(mlir::func::FuncOp program);

/// The one function of a scheduled module, or an error.
mlir::FailureOr<mlir::func::FuncOp> programOf(mlir::ModuleOp module);
/// An error where an operation sends a message outside of a round, or shares a
/// provider's weights outside of the setup.
llvm::LogicalResult checkScheduled(mlir::Operation *op);

} // namespace secformer

#endif // SECFORMER_BACKEND_RUNTIMEVALUES_H
