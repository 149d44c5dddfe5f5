//===- secformer-lsp-server.cpp - nn and mpc in an editor -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "tools/Register.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  secformer::registerDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
