//===- ProtocolChoice.h - the cheapest suite for every operation ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Costs are known before anything runs, so the protocol of an operation is
// chosen by compiling the operation alone with every suite.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_PROTOCOLCHOICE_H
#define SECFORMER_PASSES_PROTOCOLCHOICE_H

#include "passes/MPC/Cost.h"
#include "passes/Passes.h"
#include <string>
#include <vector>

namespace secformer {

/// What one suite makes of an operation.
struct ProtocolTrial {
  llvm::StringRef suite;
  /// Why the suite cannot compute it; empty if it can.
  std::string refusal;
  PhaseCost cost = {}; ///< of the operation, its operands and result shared
  InferenceSeconds seconds = {};
  double approximation = 0; ///< Suite::approximation
  bool accurate = false;    ///< that is as good as the fraction bits ask
};

/// An operation and what was weighed for it: one trial for every different
/// cost.
struct ProtocolChoice {
  std::string operation; ///< "softmax of 1x12x128x128"
  mlir::Location location;
  std::vector<ProtocolTrial> trials;
  size_t chosen; ///< an index into trials
};

/// Marks every non-linear operation on secrets of an nn module with ranges
/// (`nn.protocol`) for the suite that takes the least time on the network, of
/// those that approximate its function to 2^-(fraction - 1). Operations that
/// all suites compute alike, or none can, stay as they are.
std::vector<ProtocolChoice> chooseProtocols(mlir::ModuleOp module,
                                            const PipelineOptions &options,
                                            const Network &network);

} // namespace secformer

#endif // SECFORMER_PASSES_PROTOCOLCHOICE_H
