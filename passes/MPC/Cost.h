//===- Cost.h - what a scheduled program sends ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_MPC_COST_H
#define SECFORMER_PASSES_MPC_COST_H

#include "dialect/MPC/MPCOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

namespace secformer {

/// Sum over the setup or over one inference.
struct PhaseCost {
  mpc::Cost cost;
  int64_t rounds = 0;
};

struct ProgramCost {
  PhaseCost setup, inference;
  /// Of one inference: the probability that a truncation fails, and the
  /// statistical distance of what is opened for any two inputs; at most.
  double failureBound = 0, hidingBound = 0;

  /// Does anything enter or leave in files of shares?
  bool usesFiles() const {
    return setup.cost.usesFiles() || inference.cost.usesFiles();
  }
};

/// Rounds and bytes of both phases: in reports and manifests.
llvm::json::Object toJSON(const ProgramCost &total);

/// Bandwidth and latency between the parties.
struct Network {
  llvm::StringRef name;
  double bitsPerSecond;
  double roundTrip; ///< seconds
};

/// The network of a name, or null.
const Network *knownNetwork(llvm::StringRef name);
/// "loopback, lan, ...", for help texts and errors.
std::string networkNames();

/// Adds up the cost interfaces of a scheduled module.
ProgramCost programCost(mlir::ModuleOp module);

/// What an operation costs: as its interface says, or another view of it.
using CostOf = llvm::function_ref<mpc::Cost(mlir::Operation *)>;

/// The inference of a scheduled module; rounds without a message do not count.
PhaseCost inferenceCost(mlir::ModuleOp module, CostOf costOf);

/// Estimated seconds of an inference, on two cores that all roles share.
struct InferenceSeconds {
  double messages = 0;  ///< each round its latency and its larger direction
  double dealer = 0;    ///< its words on their way to party 1
  double computing = 0; ///< of all roles
  /// What takes place of these where the offline phase comes first: until
  /// party 1 has all words, and from then on.
  double offline = 0, online = 0;
  /// Where both phases begin at once: words are on their way while the parties
  /// exchange messages, and whoever lacks some waits.
  double streamed = 0;
  /// By which plans are compared: what overlaps is not free, as it is in the
  /// way of what other operations need at that time.
  double total() const { return offline + online; }
};

InferenceSeconds inferenceSeconds(mlir::ModuleOp module, const Network &network,
                                  CostOf costOf);
InferenceSeconds inferenceSeconds(mlir::ModuleOp module,
                                  const Network &network);

/// One line an output: how far it may be off, as far as the module says.
void printErrorBounds(mlir::ModuleOp module, llvm::raw_ostream &out);

/// One line: how rarely the program fails and how well it hides.
void printChances(const ProgramCost &cost, llvm::raw_ostream &out);

/// The report as text or JSON; `network` may be null.
void printCost(mlir::ModuleOp module, bool json, const Network *network,
               llvm::raw_ostream &out);

} // namespace secformer

#endif // SECFORMER_PASSES_MPC_COST_H
