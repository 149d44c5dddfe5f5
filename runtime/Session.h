//===- Session.h - runs a program for one role or for all -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A session is one setup and any number of inferences with one set of keys.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SESSION_H
#define SECFORMER_RUNTIME_SESSION_H

#include "runtime/Program.h"

#include <array>

namespace secformer::runtime {

/// One phase of one role, or of all.
struct PhaseResult {
  Counters counters;
  double seconds = 0;
  TensorMap outputs;
};

struct SessionResult {
  PhaseResult setup;
  std::vector<PhaseResult> inferences;
  /// Inputs came, and outputs go, with the axis of samples (Samples.h).
  bool stacked = false;
};

/// The inputs of a party, one map per inference.
using Inputs = std::vector<TensorMap>;

/// Runs party \p id. \p dealer is null for party 0; \p weights of party 1 are
/// the public ones (null if there are none).
SessionResult runParty(const Phases<Party> &program, int id, Channel &peer,
                       Channel *dealer, const Randomness &randomness,
                       const WeightSource *weights, const Inputs &inputs);

/// Runs the dealer for \p inferences inferences.
SessionResult runDealer(const Phases<Dealer> &program,
                        const Randomness &ofParty0, const Randomness &ofParty1,
                        Channel &toParty1, size_t inferences);

/// Runs setup and one inference in the clear; what left its range is in
/// \p ranges, if not null.
TensorMap runReference(const Phases<Reference> &program,
                       const WeightSource &weights, const TensorMap &inputs,
                       RangeReport *ranges = nullptr);

/// Runs the dealer and both parties in this process, each in a thread; the
/// counters of all of them, outputs of both parties. If roles fail, throws the
/// error that came first.
SessionResult runAll(const Program &program,
                     const std::array<const Randomness *, 2> &ofParties,
                     const std::array<const Randomness *, 2> &ofDealer,
                     const std::array<const WeightSource *, 2> &weights,
                     const std::array<Inputs, 2> &inputs, Timeout timeout);
/// The same with the keys of both parties.
SessionResult runAll(const Program &program, const std::array<Key, 2> &keys,
                     const std::array<const WeightSource *, 2> &weights,
                     const std::array<Inputs, 2> &inputs, Timeout timeout);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SESSION_H
