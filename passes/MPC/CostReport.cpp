//===- CostReport.cpp - rounds and bytes of a program ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Everything printed here is read off the cost interface; the running program
// counts the same numbers.
//
//===----------------------------------------------------------------------===//

#include "passes/MPC/Cost.h"
#include "passes/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>

namespace secformer {
#define GEN_PASS_DEF_COSTREPORT
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

/// Calls back with every costed operation and whether it is in the setup.
static void
forEachCost(ModuleOp module,
            function_ref<void(Operation *, const Cost &, bool)> callback) {
  module.walk([&](CostInterface op) {
    callback(op, op.getCost(), bool(op->getParentOfType<SetupOp>()));
  });
}

ProgramCost secformer::programCost(ModuleOp module) {
  ProgramCost total;
  forEachCost(module, [&](Operation *, const Cost &cost, bool setup) {
    (setup ? total.setup : total.inference).cost += cost;
  });
  module.walk([&](RoundOp round) {
    bool setup = bool(round->getParentOfType<SetupOp>());
    ++(setup ? total.setup : total.inference).rounds;
  });
  module.walk([&](CostInterface op) {
    total.failureBound += op.getFailureBound();
    total.hidingBound += op.getHidingBound();
  });
  total.failureBound = std::min(1.0, total.failureBound);
  total.hidingBound = std::min(1.0, total.hidingBound);
  return total;
}

/// Calls back with the cost of every round of the inference that has messages,
/// and with that of everything else.
static void forEachRound(ModuleOp module, CostOf costOf,
                         function_ref<void(const Cost &, bool)> callback) {
  llvm::MapVector<Operation *, Cost> rounds;
  module.walk([&](CostInterface op) {
    if (op->getParentOfType<SetupOp>())
      return;
    if (auto round = dyn_cast<RoundOp>(op->getParentOp()))
      rounds[round] += costOf(op);
    else
      callback(costOf(op), /*isRound=*/false);
  });
  for (const auto &[round, cost] : rounds)
    callback(cost, cost.communicates());
}

PhaseCost secformer::inferenceCost(ModuleOp module, CostOf costOf) {
  PhaseCost total;
  forEachRound(module, costOf, [&](const Cost &cost, bool isRound) {
    total.cost += cost;
    total.rounds += isRound;
  });
  return total;
}

/// The layer of a node: its path up to the first part that ends in a number
/// (/encoder/layer.3/attention/MatMul is in encoder/layer.3), else the first.
static StringRef layerOf(StringRef node) {
  StringRef path = node.ltrim('/');
  size_t end = 0;
  while (end < path.size()) {
    size_t next = std::min(path.find('/', end), path.size());
    StringRef part = path.slice(end, next);
    if (next < path.size() && !part.empty() && isdigit(part.back()))
      return path.take_front(next);
    end = next + 1;
  }
  return path.contains('/') ? path.split('/').first : "(other)";
}

namespace {
using Table = llvm::MapVector<StringRef, Cost>;

/// Inference cost by layer and by operation.
struct Breakdown {
  explicit Breakdown(ModuleOp module) {
    forEachCost(module, [&](Operation *op, const Cost &cost, bool setup) {
      if (setup ||
          !(cost.communicates() || cost.dealerBytes || cost.usesFiles()))
        return;
      byLayer[layerOf(sourceName(op->getLoc()))] += cost;
      byOperation[op->getName().stripDialect()] += cost;
    });
  }
  Table byLayer, byOperation;
};
} // namespace

/// With files of shares where the program has any.
static llvm::json::Object toJSON(const Cost &cost, bool files) {
  llvm::json::Object object{{"bytes_p0_to_p1", cost.bytesToParty1},
                            {"bytes_p1_to_p0", cost.bytesToParty0},
                            {"bytes_dealer_to_p0", 0},
                            {"bytes_dealer_to_p1", cost.dealerBytes}};
  if (files) {
    object["bytes_outside_to_p0"] = cost.outsideToParty0;
    object["bytes_outside_to_p1"] = cost.outsideToParty1;
    object["bytes_to_outside"] = cost.toOutside;
  }
  return object;
}

llvm::json::Object secformer::toJSON(const ProgramCost &total) {
  auto phase = [&](const PhaseCost &each) {
    llvm::json::Object object = ::toJSON(each.cost, total.usesFiles());
    object["rounds"] = each.rounds;
    return object;
  };
  return llvm::json::Object{{"setup", phase(total.setup)},
                            {"inference", phase(total.inference)}};
}

static llvm::json::Object toJSON(const Table &table, bool files) {
  llvm::json::Object object;
  for (const auto &[name, cost] : table)
    object[name] = toJSON(cost, files);
  return object;
}

static void printRow(raw_ostream &out, StringRef name, const Cost &cost,
                     bool files, std::optional<int64_t> rounds) {
  out << llvm::left_justify(name, 34);
  if (rounds)
    out << llvm::format("%8lld", static_cast<long long>(*rounds));
  else
    out << "        ";
  for (int64_t bytes :
       {cost.bytesToParty1, cost.bytesToParty0, cost.dealerBytes})
    out << llvm::format("%14lld", static_cast<long long>(bytes));
  if (files)
    for (int64_t bytes :
         {cost.outsideToParty0, cost.outsideToParty1, cost.toOutside})
      out << llvm::format("%15lld", static_cast<long long>(bytes));
  out << '\n';
}

void secformer::printErrorBounds(ModuleOp module, raw_ostream &out) {
  bool known = false;
  module.walk([&](OutputOp output) {
    if (auto bound = output.getError()) {
      known = true;
      out << "'" << output.getName() << "' is off by at most "
          << llvm::format("%g", bound->convertToDouble())
          << " on inputs like the samples\n";
    } else if (output.getDtype() != "float32") {
      known = true;
      out << "'" << output.getName() << "' has no bound on its error: it is "
          << output.getDtype() << "\n";
    }
  });
  if (!known)
    out << "no bound on the error: it takes samples (--calibrate)\n";
}

/// A probability of at least \p value, as a power of two.
static std::string powerAbove(double value) {
  const double exponent = std::ceil(10 * std::log2(value)) / 10;
  return llvm::formatv("2^{0:F1}", exponent);
}

void secformer::printChances(const ProgramCost &cost, raw_ostream &out) {
  if (cost.failureBound > 0)
    out << "a truncation fails with probability at most "
        << powerAbove(cost.failureBound) << " per inference\n";
  else
    out << "truncations never fail\n";
  if (cost.hidingBound > 0)
    out << "what the parties see for two inputs is at most "
        << powerAbove(cost.hidingBound)
        << " apart, in statistical distance per inference\n";
}

void secformer::printCost(ModuleOp module, bool json, const Network *network,
                          raw_ostream &out) {
  ProgramCost total = programCost(module);
  Breakdown breakdown(module);
  const bool files = total.usesFiles();
  if (json) {
    llvm::json::Object report = toJSON(total);
    report["by_layer"] = ::toJSON(breakdown.byLayer, files);
    report["by_operation"] = ::toJSON(breakdown.byOperation, files);
    llvm::json::Object bounds;
    module.walk([&](OutputOp output) {
      if (auto bound = output.getError())
        bounds[output.getName()] = bound->convertToDouble();
    });
    report["error_bound"] = std::move(bounds);
    report["failure_bound"] = total.failureBound;
    report["hiding_bound"] = total.hidingBound;
    if (auto fraction = module->getAttrOfType<IntegerAttr>("mpc.fraction_bits"))
      report["fraction_bits"] = fraction.getInt();
    if (network) {
      const InferenceSeconds seconds = inferenceSeconds(module, *network);
      report["network"] =
          llvm::json::Object{{"name", network->name},
                             {"rtt_ms", network->roundTrip * 1e3},
                             {"bandwidth_mbits", network->bitsPerSecond / 1e6},
                             {"message_seconds", seconds.messages},
                             {"dealer_seconds", seconds.dealer},
                             {"computing_seconds", seconds.computing},
                             {"offline_seconds", seconds.offline},
                             {"online_seconds", seconds.online},
                             {"streamed_seconds", seconds.streamed}};
    }
    out << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << '\n';
    return;
  }
  out << llvm::left_justify("bytes", 34)
      << "  rounds      P0 -> P1      P1 -> P0  dealer -> P1"
      << (files ? "  outside -> P0  outside -> P1  each->outside\n" : "\n");
  printRow(out, "setup, once per model", total.setup.cost, files,
           total.setup.rounds);
  printRow(out, "one inference", total.inference.cost, files,
           total.inference.rounds);
  out << "\none inference, by layer\n";
  for (const auto &[name, cost] : breakdown.byLayer)
    printRow(out, name, cost, files, std::nullopt);
  out << "\none inference, by operation\n";
  for (const auto &[name, cost] : breakdown.byOperation)
    printRow(out, name, cost, files, std::nullopt);
  if (network) {
    const InferenceSeconds seconds = inferenceSeconds(module, *network);
    out << llvm::format(
        "\none inference on '%s' (%g Gb/s, %g ms round trip): offline %.3g s, "
        "then online %.3g s; both at a time %.3g s\n"
        "alone: messages %.3g s, words of the dealer %.3g s, computing on two "
        "cores %.3g s\n",
        network->name.str().c_str(), network->bitsPerSecond / 1e9,
        network->roundTrip * 1e3, seconds.offline, seconds.online,
        seconds.streamed, seconds.messages, seconds.dealer, seconds.computing);
  }
  out << '\n';
  printErrorBounds(module, out);
  printChances(total, out);
}

namespace {
struct CostReport : secformer::impl::CostReportBase<CostReport> {
  using CostReportBase::CostReportBase;

  void runOnOperation() override {
    const Network *chosen = knownNetwork(network);
    if (!network.empty() && !chosen) {
      getOperation().emitError("unknown network '")
          << network << "': expected " << networkNames();
      return signalPassFailure();
    }
    bool scheduled = true;
    getOperation().walk([&](CostInterface op) {
      if (!isMessage(op) || isa<RoundOp>(op->getParentOp()))
        return;
      scheduled = false;
      op.emitError("sends a message outside of a round: run "
                   "secformer-schedule-rounds before");
    });
    if (!scheduled)
      return signalPassFailure();
    printCost(getOperation(), json, chosen, llvm::outs());
    markAllAnalysesPreserved();
  }
};
} // namespace
