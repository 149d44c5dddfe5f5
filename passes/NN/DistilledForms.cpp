//===- DistilledForms.cpp - functions of distilled models -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_DISTILLEDFORMS
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

namespace {
struct DistilledForms
    : secformer::nn::impl::DistilledFormsBase<DistilledForms> {
  using DistilledFormsBase::DistilledFormsBase;

  void runOnOperation() override {
    int64_t softmaxes = 0, gelus = 0;
    getOperation().walk([&](Operation *op) {
      if (auto node = dyn_cast<SoftmaxOp>(op);
          node && softmax && !node.getQuad()) {
        node.setQuad(APFloat(float(offset)));
        ++softmaxes;
      }
      if (auto node = dyn_cast<UnaryOp>(op); node && gelu && isGelu(node)) {
        node.setKind(UnaryKind::QuadGelu);
        ++gelus;
      }
    });
    if (softmaxes + gelus)
      getOperation().emitWarning("this suite computes other functions than the "
                                 "model: ")
          << softmaxes << " times 2Quad for softmax, " << gelus
          << " times a quadratic for GELU. The model must be distilled for "
             "them; suites without such functions take it as it is";
  }

private:
  static bool isGelu(UnaryOp op) {
    return op.getKind() == UnaryKind::Gelu ||
           op.getKind() == UnaryKind::GeluTanh;
  }
};
} // namespace
