//===- Choose.cpp - the plan that is fastest on a network -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Costs are known before anything runs, so plans are compared by compiling all
// of them: with the suite everywhere or, for `fast`, the cheapest suite for
// every operation, and with the smallest rings or the fewest rounds.
//
//===----------------------------------------------------------------------===//

#include "mlir/Pass/PassManager.h"
#include "passes/NN/Attributes.h"
#include "tools/Compile.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

FailureOr<std::optional<Network>>
secformer::chosenNetwork(MLIRContext &context, StringRef name,
                         std::optional<double> rtt,
                         std::optional<double> bandwidth) {
  auto error = [&] { return emitError(UnknownLoc::get(&context)); };
  if (rtt || bandwidth) {
    if (!name.empty() || !rtt || !bandwidth)
      return error() << "a network takes a name (--network), or both --rtt and "
                        "--bandwidth";
    if (!(*rtt >= 0 && *rtt < HUGE_VAL) ||
        !(*bandwidth > 0 && *bandwidth < HUGE_VAL))
      return error() << "--rtt " << *rtt << " --bandwidth " << *bandwidth
                     << ": expected milliseconds, 0 or more, and Mb/s above 0";
    return std::optional(Network{"as given", *bandwidth * 1e6, *rtt * 1e-3});
  }
  if (name.empty())
    return std::optional<Network>();
  if (const Network *known = knownNetwork(name))
    return std::optional(*known);
  return error() << "--network " << name << ": expected " << networkNames();
}

static void forgetProtocols(ModuleOp module) {
  module.walk([](Operation *op) { op->removeAttr(nn::protocolAttr); });
}

FailureOr<Plan> Compilation::planOf(ModuleOp nn, bool mixed, bool saveRounds) {
  PipelineOptions trial = pipeline;
  trial.saveRounds = saveRounds;
  OwningOpRef<ModuleOp> copy(nn.clone());
  if (!mixed)
    forgetProtocols(*copy);
  PassManager manager(&context);
  buildMPCPipeline(manager, trial);
  buildRoundsPipeline(manager);
  if (failed(manager.run(*copy)))
    return failure();
  return Plan{mixed, trial, programCost(*copy),
              inferenceSeconds(*copy, *options.network)};
}

LogicalResult Compilation::choosePlan() {
  if (!options.network)
    return success();
  TimingScope scope = timing.nest("choice of a plan");
  const bool searches = pipeline.suite == "fast";
  if (searches)
    choices = chooseProtocols(*module, pipeline, *options.network);
  const bool differs = llvm::any_of(choices, [](const ProtocolChoice &choice) {
    return choice.trials[choice.chosen].suite != "fast";
  });
  for (bool mixed : {false, true}) {
    if (mixed && !differs)
      continue;
    for (bool saveRounds : {false, true}) {
      auto plan = planOf(*module, mixed, saveRounds);
      if (failed(plan))
        return failure();
      plans.push_back(std::move(*plan));
    }
  }
  llvm::stable_sort(plans, [](const Plan &a, const Plan &b) {
    return a.seconds.total() < b.seconds.total();
  });
  pipeline = plans.front().options;
  const bool mixed = plans.front().mixed;
  if (mixed)
    weightTable = module->clone();
  else
    forgetProtocols(*module);
  // The error is bounded for what is chosen, and may take more bits.
  return mixed || pipeline.saveRounds ? chooseFraction() : success();
}

static void printFigures(llvm::raw_ostream &out, const Twine &name,
                         const PhaseCost &cost,
                         const InferenceSeconds &seconds) {
  const auto bytes = cost.cost.bytesToParty0 + cost.cost.bytesToParty1;
  out << "  " << llvm::left_justify(name.str(), 24)
      << llvm::format("%8lld  %16lld  %15lld  %7.3g  %8.3g",
                      static_cast<long long>(cost.rounds),
                      static_cast<long long>(bytes),
                      static_cast<long long>(cost.cost.dealerBytes),
                      seconds.total(), seconds.streamed);
}

/// What was weighed for an operation that stands for \p count.
static void explainChoice(const ProtocolChoice &choice, unsigned count,
                          llvm::raw_ostream &out) {
  out << choice.operation;
  if (count > 1)
    out << ", " << count << " times";
  out << '\n';
  for (const auto &[index, trial] : llvm::enumerate(choice.trials)) {
    if (!trial.refusal.empty()) {
      out << "  " << llvm::left_justify(trial.suite, 24)
          << "  refused: " << trial.refusal << '\n';
      continue;
    }
    printFigures(out, trial.suite, trial.cost, trial.seconds);
    if (!trial.accurate)
      out << llvm::format(", off by up to %.2g", trial.approximation);
    out << (index == choice.chosen ? ", chosen\n" : "\n");
  }
}

void Compilation::explain(llvm::raw_ostream &out) const {
  if (plans.empty())
    return;
  out << llvm::left_justify(("plans for '" + options.network->name + "'").str(),
                            26)
      << "  rounds  bytes of parties  bytes of dealer  seconds  streamed\n";
  for (const Plan &plan : plans) {
    printFigures(out, plan.name(), plan.cost.inference, plan.seconds);
    out << (&plan == &plans.front() ? ", chosen\n" : "\n");
  }
  // The first stands for those of its shape that were decided alike.
  auto keyOf = [](const ProtocolChoice &choice) {
    return std::pair(StringRef(choice.operation),
                     choice.trials[choice.chosen].suite);
  };
  llvm::MapVector<std::pair<StringRef, StringRef>,
                  std::pair<const ProtocolChoice *, unsigned>>
      alike;
  for (const ProtocolChoice &choice : choices) {
    auto &[first, count] = alike[keyOf(choice)];
    if (!first)
      first = &choice;
    ++count;
  }
  for (const auto &[key, group] : alike)
    explainChoice(*group.first, group.second, out);
}
