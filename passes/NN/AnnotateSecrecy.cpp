//===- AnnotateSecrecy.cpp - write secrecy into the IR --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluator.h"
#include "passes/NN/Attributes.h"
#include "passes/NN/Passes.h"
#include "passes/NN/Secrecy.h"

namespace secformer::nn {
#define GEN_PASS_DEF_ANNOTATESECRECY
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

/// Nothing secret may reach a result that everybody will know.
static LogicalResult checkResults(func::FuncOp function, func::ReturnOp op,
                                  const SecrecyAnalysis &analysis) {
  for (auto [i, value] : llvm::enumerate(op.getOperands())) {
    Secrecy secrecy = analysis.of(value);
    if (!function.getResultAttr(i, publicResultAttr) ||
        function.getResultAttr(i, declassifyAttr) || secrecy == Secrecy::Public)
      continue;
    StringRef owner = secrecy == Secrecy::Client  ? "the client"
                      : secrecy == Secrecy::Model ? "the model's owner"
                                                  : "client and model's owner";
    return emitError(value.getLoc())
           << "expected a public value for the result '"
           << resultName(function, i) << "' declared " << publicResultAttr
           << ", found a secret of " << owner << ": declare it "
           << declassifyAttr << " if everybody may know it";
  }
  return success();
}

namespace {
struct AnnotateSecrecy
    : secformer::nn::impl::AnnotateSecrecyBase<AnnotateSecrecy> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    SecrecyAnalysis analysis(function);
    bool leaks = false;
    function.walk([&](Operation *op) {
      if (op->getNumResults() == 1)
        op->setAttr(secrecyAttr,
                    StringAttr::get(&getContext(), stringifySecrecy(analysis.of(
                                                       op->getResult(0)))));
      if (auto result = dyn_cast<func::ReturnOp>(op))
        leaks |= failed(checkResults(function, result, analysis));
    });
    if (leaks)
      signalPassFailure();
  }
};
} // namespace
