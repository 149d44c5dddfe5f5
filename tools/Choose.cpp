//===- Choose.cpp - the plan that is fastest on a network -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Costs are known before anything runs, so a plan is chosen by compiling all of
// them.
//
//===----------------------------------------------------------------------===//

#include "mlir/Pass/PassManager.h"
#include "tools/Compile.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace secformer;

LogicalResult Compilation::choosePlan() {
  if (!options.network)
    return success();
  for (bool saveRounds : {false, true}) {
    PipelineOptions trial = pipeline;
    trial.saveRounds = saveRounds;
    OwningOpRef<ModuleOp> copy(module->clone());
    PassManager manager(&context);
    buildMPCPipeline(manager, trial);
    buildRoundsPipeline(manager);
    if (failed(manager.run(*copy)))
      return failure();
    plans.push_back({saveRounds ? "fewest rounds" : "smallest rings", trial,
                     programCost(*copy),
                     messageSeconds(*copy, *options.network)});
  }
  llvm::stable_sort(plans, [](const Plan &a, const Plan &b) {
    return a.seconds < b.seconds;
  });
  pipeline = plans.front().options;
  return success();
}

void Compilation::explain(llvm::raw_ostream &out) const {
  if (plans.empty())
    return;
  out << llvm::left_justify(("plans for '" + options.network->name + "'").str(),
                            26)
      << "  rounds  bytes of parties  bytes of dealer  seconds of messages\n";
  for (const Plan &plan : plans) {
    const PhaseCost &cost = plan.cost.inference;
    out << llvm::format(
        "  %-24s%8lld  %16lld  %15lld  %.3g%s\n", plan.name.str().c_str(),
        static_cast<long long>(cost.rounds),
        static_cast<long long>(cost.cost.bytesToParty0 +
                               cost.cost.bytesToParty1),
        static_cast<long long>(cost.cost.dealerBytes), plan.seconds,
        &plan == &plans.front() ? ", chosen" : "");
  }
}
