//===- Passes.td - nn to mpc, and mpc to mpc -*- tablegen -*---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_PASSES
#define SECFORMER_PASSES_PASSES

include "mlir/Pass/PassBase.td"

def NNToMPC : Pass<"secformer-nn-to-mpc", "::mlir::ModuleOp"> {
  let summary = "choose protocols: from real tensors to shared wires";
  let description = [{
    Rewrites the function of an nn module as fixed-point arithmetic on shares.
    Weights belong to party 0 and inputs to party 1, who gets the results, unless
    the options say otherwise: a client and a provider of weights, outside of
    both parties, share what is theirs. The suite decides which protocols replace softmax, LayerNorm and activations. Every operation needs
    the range that secformer-calibrate or secformer-default-ranges gave it.

    A product keeps its scale until an opening or a function needs another, so
    truncations stand only where an opening follows. All wires are in the ring
    of 64 bits; secformer-plan-rings narrows them.
  }];
  let options = [
    Option<"suite", "suite", "std::string", /*default=*/"\"fast\"",
           "protocols for softmax, LayerNorm and activations: fast, secformer, "
           "puma, mpcformer or exact">,
    Option<"gelu", "gelu", "std::string", /*default=*/"\"fourier-segments\"",
           "GELU of the suite secformer: fourier-segments or "
           "polynomial-segments">,
    Option<"publishedConstants", "published-constants", "bool",
           /*default=*/"false",
           "deflation factors and iterations of the suite secformer as "
           "published, not from ranges">,
    Option<"fraction", "fraction-bits", "unsigned", /*default=*/"12",
           "fraction bits of activations and weights (8 to 18)">,
    Option<"saveRounds", "save-rounds", "bool", /*default=*/"false",
           "drop digits of attention scores and of deviations where a truncation "
           "may then do without a round">,
    Option<"probes", "probes", "bool", /*default=*/"false",
           "mark where the values of the model's operations stand (mpc.probe)">,
    Option<"weightsOf", "weights-of", "std::string", /*default=*/"\"party0\"",
           "who owns the weights: party0 or provider">,
    ListOption<"inputsOf", "inputs-of", "std::string",
               "who owns the inputs: party1, party0 or client; NAME=OWNER for "
               "one input">,
    Option<"resultsTo", "results-to", "std::string", /*default=*/"\"\"",
           "who gets the results: party0, party1 or client (default: who owns "
           "the inputs)">,
  ];
  let dependentDialects = ["::secformer::mpc::MPCDialect"];
}

def ShareOpenings : Pass<"secformer-share-openings", "::mlir::func::FuncOp"> {
  let summary = "one opening per tensor";
  let description = [{
    Moves openings and truncations before reshapes and transposes (which a
    masked wire takes as well as a share), then merges equal ones: each mask is
    opened once and serves every reader. Equal comparisons are merged, too. What
    has no reader is dropped.
  }];
}

def MergeTruncations
    : Pass<"secformer-merge-truncations", "::mlir::func::FuncOp"> {
  let summary = "truncate inside openings: fewer rounds, more bytes";
  let description = [{
    A truncation whose result is opened becomes `mpc.truncate_open`; its other
    readers get shares of what is opened. Each risks a little, the more the
    larger its values are. The safest are merged, as many as together risk at
    most 2^-bits; the others and truncations that nobody opens stay exact.
  }];
  let options = [
    Option<"mode", "mode", "std::string", /*default=*/"\"merged\"",
           "merged: perfect masks, which fail rarely; statistical: masks that "
           "never fail and hide statistically; exact: leave all as it is">,
    Option<"bits", "bits", "unsigned", /*default=*/"20",
           "risk of the function at most 2^-bits: that a truncation fails, or "
           "the statistical distance of openings">,
    Option<"maxRing", "max-ring", "unsigned", /*default=*/"64",
           "widest ring allowed (bits): the one that is opened">,
  ];
}

def PlanRings : Pass<"secformer-plan-rings", "::mlir::func::FuncOp"> {
  let summary = "give every wire the smallest ring its readers need";
  let description = [{
    Walks backwards: what a reveal or a truncation needs follows from the bound
    of the value, what a narrowing needs from its result, and everything else
    needs the ring of its result. A truncation enters any ring, so a ring ends
    at every truncation and the plan is the unique smallest one. A truncation
    inside an opening reads the widest ring allowed, or becomes a narrowing
    before the opening if its result's ring is small enough for that. Where one wire
    serves readers in several rings it lives in the largest, and a free
    `mpc.reduce` gives the others theirs.
  }];
  let options = [
    Option<"maxRing", "max-ring", "unsigned", /*default=*/"64",
           "widest ring allowed (bits)">,
    Option<"saveRounds", "save-rounds", "bool", /*default=*/"false",
           "narrow instead of truncating where the widest ring allows it: a "
           "round less for wider rings">,
  ];
}

def ScheduleRounds : Pass<"secformer-schedule-rounds", "::mlir::func::FuncOp"> {
  let summary = "put independent messages into common rounds";
  let description = [{
    Weights are opened once per model: `mpc.setup`. Every other message goes
    into the earliest round in which its operands exist, so the number of rounds
    is the length of the longest chain of messages, the least possible. Local
    operations follow the round they wait for.
  }];
}

def FreeWires : Pass<"secformer-free-wires", "::mlir::func::FuncOp"> {
  let summary = "say where each value is used last";
}

def ChooseProtocols : Pass<"secformer-choose-protocols", "::mlir::ModuleOp"> {
  let summary = "the cheapest suite for every operation on a network";
  let description = [{
    Compiles every non-linear operation on secrets of an nn module with ranges
    alone, with the protocols of each suite, and marks it (`nn.protocol`) for
    the one that takes the least time on the network: messages, the dealer's
    words, and computing with both. A suite whose approximation of the function
    is off by more than 2^-(fraction bits - 1), whatever the precision, is left
    out. A remark at each operation says what was weighed.
  }];
  let options = [
    Option<"network", "network", "std::string", /*default=*/"\"lan\"",
           "the network: loopback, lan, metro or wan">,
    Option<"fraction", "fraction-bits", "unsigned", /*default=*/"12",
           "fraction bits of activations and weights (8 to 18)">,
  ];
  let dependentDialects = ["::secformer::mpc::MPCDialect", "::mlir::func::FuncDialect"];
}

def CostReport : Pass<"secformer-cost", "::mlir::ModuleOp"> {
  let summary = "print rounds, bytes and dealer bytes of a scheduled program";
  let description = [{
    Also says how far results may be off, where that is known, how rarely a
    truncation fails, and how far apart what is opened for two inputs may be.
  }];
  let options = [
    Option<"json", "json", "bool", /*default=*/"false", "print JSON">,
    Option<"network", "network", "std::string", /*default=*/"\"\"",
           "also estimate seconds on this network: loopback, lan, metro or wan">,
  ];
}

#endif // SECFORMER_PASSES_PASSES
