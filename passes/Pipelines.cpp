//===- Pipelines.cpp - the order of the passes ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/NN/Passes.h"
#include "passes/Passes.h"

using namespace mlir;
using namespace secformer;

void secformer::buildMPCPipeline(OpPassManager &manager,
                                 const PipelineOptions &options) {
  const bool saveRounds = options.saveRounds || options.truncation != "exact";
  manager.addNestedPass<func::FuncOp>(nn::createCheckMagnitudes());
  manager.addPass(createNNToMPC(
      {options.suite,
       options.gelu,
       options.publishedConstants,
       options.fraction,
       saveRounds,
       options.probes,
       options.owners.weights,
       {options.owners.inputs.begin(), options.owners.inputs.end()},
       options.owners.results}));
  manager.addNestedPass<func::FuncOp>(createCSEPass());
  manager.addNestedPass<func::FuncOp>(createShareOpenings());
  manager.addNestedPass<func::FuncOp>(createMergeTruncations(
      {options.truncation, options.truncationBits, options.maxRing}));
  manager.addNestedPass<func::FuncOp>(
      createPlanRings({options.maxRing, saveRounds}));
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

void secformer::buildRoundsPipeline(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(createScheduleRounds());
  manager.addNestedPass<func::FuncOp>(createFreeWires());
}

namespace {
struct MPCPipelineFlags : PassPipelineOptions<MPCPipelineFlags> {
  Option<std::string> suite{*this, "suite", llvm::cl::desc("protocol suite"),
                            llvm::cl::init(PipelineOptions().suite)};
  Option<std::string> gelu{*this, "gelu",
                           llvm::cl::desc("GELU of the suite secformer"),
                           llvm::cl::init(PipelineOptions().gelu)};
  Option<bool> publishedConstants{
      *this, "published-constants",
      llvm::cl::desc("iterations of the suite secformer as published"),
      llvm::cl::init(false)};
  Option<unsigned> fraction{*this, "fraction-bits",
                            llvm::cl::desc("fraction bits of activations"),
                            llvm::cl::init(PipelineOptions().fraction)};
  Option<unsigned> maxRing{*this, "max-ring",
                           llvm::cl::desc("widest ring allowed (bits)"),
                           llvm::cl::init(PipelineOptions().maxRing)};
  Option<std::string> truncation{
      *this, "truncation",
      llvm::cl::desc("truncation where an opening follows"),
      llvm::cl::init(PipelineOptions().truncation)};
  Option<unsigned> truncationBits{
      *this, "truncation-bits",
      llvm::cl::desc("what truncations risk is at most 2 to the minus this"),
      llvm::cl::init(PipelineOptions().truncationBits)};
  Option<std::string> weightsOf{*this, "weights-of",
                                llvm::cl::desc("who owns the weights"),
                                llvm::cl::init(OwnerOptions().weights)};
  ListOption<std::string> inputsOf{
      *this, "inputs-of", llvm::cl::desc("who owns the inputs: [NAME=]OWNER")};
  Option<std::string> resultsTo{*this, "results-to",
                                llvm::cl::desc("who gets the results")};
};
} // namespace

void secformer::registerPipelines() {
  PassPipelineRegistration<MPCPipelineFlags>(
      "secformer-to-mpc", "from a fused nn module with ranges to planned mpc",
      [](OpPassManager &manager, const MPCPipelineFlags &flags) {
        buildMPCPipeline(
            manager, {.suite = flags.suite,
                      .gelu = flags.gelu,
                      .publishedConstants = flags.publishedConstants,
                      .fraction = flags.fraction,
                      .maxRing = flags.maxRing,
                      .truncation = flags.truncation,
                      .truncationBits = flags.truncationBits,
                      .owners = {flags.weightsOf,
                                 {flags.inputsOf.begin(), flags.inputsOf.end()},
                                 flags.resultsTo}});
      });
  PassPipelineRegistration<>("secformer-to-rounds",
                             "schedule a planned mpc module into rounds",
                             buildRoundsPipeline);
}
