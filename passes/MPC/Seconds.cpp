//===- Seconds.cpp - how long an inference takes on a network -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The program is walked with the clocks of both parties and of the links
// between the roles, as the channels of the runtime shape them: a byte arrives
// half a round trip after the line was free to carry it, and a party goes on
// when it has the other's part of a round and the dealer's words.
//
//===----------------------------------------------------------------------===//

#include "passes/MPC/Cost.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static constexpr Network networks[] = {
    {"loopback", 20e9, 40e-6},
    {"lan", 10e9, 0.1e-3},
    {"metro", 1e9, 1e-3},
    {"wan", 100e6, 40e-3},
};

/// Computing, on two cores that the roles share, measured (docs/benchmarks.md).
/// With a dealt byte before the online phase: to make it, to take it in.
static constexpr double kOfflinePerByte = 1.4e-9;
/// With an opened or dealt byte in the online phase.
static constexpr double kOnlinePerByte = 1.0e-9;
/// One multiply-add of a product of matrices, of one role.
static constexpr double kPerProduct = 2.0e-11;

const Network *secformer::knownNetwork(StringRef name) {
  const auto *found = llvm::find_if(
      networks, [&](const Network &network) { return network.name == name; });
  return found == std::end(networks) ? nullptr : found;
}

std::string secformer::networkNames() {
  return llvm::join(
      llvm::map_range(networks,
                      [](const Network &network) { return network.name; }),
      ", ");
}

namespace {
/// What all roles compute for an operation, in seconds.
struct Computing {
  double offline = 0, online = 0;
};

/// One direction of a link: what is sent waits for what was sent before.
struct Line {
  const Network &network;
  double free = 0;

  /// When all of it is there.
  double send(double now, int64_t bytes) {
    free = std::max(free, now) + 8.0 * bytes / network.bitsPerSecond;
    return free + network.roundTrip / 2;
  }
};

/// An inference in time, from its beginning.
class Timeline {
public:
  /// \p streamed: the dealer begins with the parties, not before them.
  Timeline(const Network &network, bool streamed)
      : there{network}, back{network}, dealer{network}, streamed(streamed) {}

  void step(const Cost &cost, const Computing &computing) {
    if (cost.dealerBytes) {
      dealing += computing.offline;
      words = std::max(dealer.send(dealing, cost.dealerBytes), dealing);
      if (streamed)
        party1 = std::max(party1, words);
    }
    const double arrives1 = cost.bytesToParty1
                                ? there.send(party0, cost.bytesToParty1)
                                : party1,
                 arrives0 = cost.bytesToParty0
                                ? back.send(party1, cost.bytesToParty0)
                                : party0;
    party0 = std::max(party0, arrives0) + computing.online;
    party1 = std::max(party1, arrives1) + computing.online;
  }

  double dealt() const { return words; }
  double done() const { return std::max(party0, party1); }

private:
  Line there, back, dealer;
  const bool streamed;
  double party0 = 0, party1 = 0, dealing = 0, words = 0;
};
} // namespace

/// Multiply-adds of a product of matrices as if it were made once.
static double productsOf(MatmulOp op) {
  const auto result = cast<WireTypeInterface>(op.getType()).getShape(),
             lhs = cast<WireTypeInterface>(op.getLhs().getType()).getShape();
  double count = double(lhs.back());
  for (int64_t extent : result)
    count *= double(extent);
  return count;
}

static Computing computingOf(Operation *op, const Cost &cost) {
  Computing computing;
  computing.offline = kOfflinePerByte * cost.dealerBytes;
  computing.online = kOnlinePerByte * (cost.bytesToParty0 + cost.bytesToParty1 +
                                       cost.dealerBytes);
  if (auto matmul = dyn_cast<MatmulOp>(op)) {
    // A product with weights is one of party 0 after one of the dealer and one
    // of party 1; any other takes party 1 two, and the dealer two before.
    const double each = kPerProduct * productsOf(matmul);
    const bool weights = llvm::any_of(op->getOperands(), [](Value operand) {
      return operand.getDefiningOp<SetupOp>();
    });
    computing.offline += 2 * each;
    computing.online += (weights ? 1 : 3) * each;
  }
  return computing;
}

InferenceSeconds secformer::inferenceSeconds(ModuleOp module,
                                             const Network &network,
                                             CostOf costOf) {
  InferenceSeconds seconds;
  Timeline apart(network, false), streamed(network, true);
  auto step = [&](const Cost &cost, const Computing &computing) {
    if (cost.communicates())
      seconds.messages += network.roundTrip / 2 +
                          8.0 *
                              std::max(cost.bytesToParty0, cost.bytesToParty1) /
                              network.bitsPerSecond;
    seconds.dealer += 8.0 * cost.dealerBytes / network.bitsPerSecond;
    seconds.computing += computing.offline + computing.online;
    apart.step(cost, computing);
    streamed.step(cost, computing);
  };
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<SetupOp>(op))
      return WalkResult::skip();
    Cost cost;
    Computing computing;
    auto add = [&](CostInterface part) {
      const Cost own = costOf(part);
      const Computing takes = computingOf(part, own);
      cost += own;
      computing.offline += takes.offline;
      computing.online += takes.online;
    };
    if (auto round = dyn_cast<RoundOp>(op)) {
      round.walk(add);
      step(cost, computing);
      return WalkResult::skip();
    }
    if (auto part = dyn_cast<CostInterface>(op)) {
      add(part);
      step(cost, computing);
    }
    return WalkResult::advance();
  });
  seconds.offline = apart.dealt();
  seconds.online = apart.done();
  // Both phases share the cores.
  seconds.streamed = std::max(streamed.done(), seconds.computing);
  return seconds;
}

InferenceSeconds secformer::inferenceSeconds(ModuleOp module,
                                             const Network &network) {
  return inferenceSeconds(module, network, [](Operation *op) {
    return cast<CostInterface>(op).getCost();
  });
}
