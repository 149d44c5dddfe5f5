//===- secformer-opt.cpp - run passes on IR -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/Register.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  secformer::registerDialects(registry);
  secformer::registerPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "secformer-opt: run SecFormer's passes on IR\n", registry));
}
