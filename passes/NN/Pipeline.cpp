//===- Pipeline.cpp - the order of the nn passes --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "passes/NN/Passes.h"

using namespace mlir;
using namespace secformer::nn;

void secformer::nn::buildNNPipeline(OpPassManager &manager,
                                    const WeightStore *weights) {
  auto add = [&](std::unique_ptr<Pass> pass) {
    manager.addNestedPass<func::FuncOp>(std::move(pass));
  };
  // Equal subexpressions are one value, as the matchers expect.
  auto normalize = [&] {
    add(createNormalize());
    add(createCSEPass());
    add(createNormalize());
  };
  normalize();
  add(createFuseSoftmax());
  manager.addPass(weights ? createFuseSoftmaxMask(*weights)
                          : createFuseSoftmaxMask());
  add(createFuseSoftmaxScale());
  add(createFuseLayerNorm());
  add(createFuseGelu());
  normalize();
  add(createAnnotateSecrecy());
}

void secformer::nn::registerNNPipelines() {
  PassPipelineRegistration<>(
      "secformer-nn-pipeline",
      "normalize and fuse an imported nn module, and annotate secrecy",
      [](OpPassManager &manager) { buildNNPipeline(manager); });
}
