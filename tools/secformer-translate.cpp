//===- secformer-translate.cpp - between IR and other formats -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Import.h"
#include "mlir/InitAllTranslations.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "tools/Compile.h"
#include "tools/Register.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace secformer;

static llvm::cl::list<std::string>
    dims("dim", llvm::cl::desc("Size of a dynamic axis (import-onnx)"),
         llvm::cl::value_desc("name=size"));

static OwningOpRef<ModuleOp> import(llvm::SourceMgr &sources,
                                    MLIRContext *context) {
  StringRef file =
      sources.getMemoryBuffer(sources.getMainFileID())->getBufferIdentifier();
  auto options = importOptions(dims, *context);
  if (failed(options))
    return {};
  nn::WeightStore weights;
  auto module = importOnnx(file, *options, *context, weights);
  return failed(module) ? OwningOpRef<ModuleOp>() : std::move(*module);
}

int main(int argc, char **argv) {
  // Among them mlir-to-cpp, for modules in the EmitC phase.
  registerAllTranslations();
  TranslateToMLIRRegistration importOnnx(
      "import-onnx", "read an ONNX file as an nn module (without its weights)",
      import, registerDialects);
  return failed(mlirTranslateMain(
      argc, argv, "secformer-translate: between IR and other formats\n"));
}
