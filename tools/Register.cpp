//===- Register.cpp - everything the tools know ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tools/Register.h"
#include "backend/Backend.h"
#include "dialect/MPC/MPCOps.h"
#include "dialect/NN/NNOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"
#include "passes/NN/Passes.h"
#include "passes/Passes.h"

void secformer::registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<nn::NNDialect, mpc::MPCDialect, mlir::func::FuncDialect,
                  mlir::emitc::EmitCDialect>();
}

void secformer::registerPasses() {
  nn::registerSecFormerNNPasses();
  nn::registerNNPipelines();
  registerSecFormerPasses();
  registerPipelines();
  registerSecFormerBackendPasses();
  mlir::registerTransformsPasses();
}
