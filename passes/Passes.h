//===- Passes.h - the passes and the pipeline from nn to rounds -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_PASSES_H
#define SECFORMER_PASSES_PASSES_H

#include "dialect/MPC/MPCOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace secformer {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

/// Fraction bits that wires and fits have room for.
inline constexpr unsigned kFewestFraction = 8, kMostFraction = 18;

/// Who owns what, as on the command line.
struct OwnerOptions {
  /// "party0" or "provider".
  std::string weights = "party0";
  /// "party1", "party0" or "client", of all inputs or, as NAME=OWNER, of one.
  std::vector<std::string> inputs;
  /// "party0", "party1" or "client"; empty: who owns the inputs.
  std::string results;
};

/// Options of the pipeline from nn to a scheduled program.
struct PipelineOptions {
  std::string suite = "fast";
  std::string gelu = "fourier-segments";
  bool publishedConstants = false;
  unsigned fraction = 12;
  unsigned maxRing = 64;
  bool probes = false;
  std::string truncation = "exact";
  /// Merged or statistical truncations risk at most 2^-truncationBits.
  unsigned truncationBits = 20;
  /// Wider rings, and fewer digits, where that saves rounds.
  bool saveRounds = false;
  OwnerOptions owners;
};

/// nn -> mpc: protocols chosen, one opening per tensor, rings planned.
void buildMPCPipeline(mlir::OpPassManager &manager,
                      const PipelineOptions &options);
/// mpc -> rounds: messages scheduled, last uses marked.
void buildRoundsPipeline(mlir::OpPassManager &manager);
/// The pipelines under the names secformer-to-mpc and secformer-to-rounds.
void registerPipelines();

} // namespace secformer

#endif // SECFORMER_PASSES_PASSES_H
