//===- Session.h - runs a program for one role or for all -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A session is one setup and any number of inferences with one set of keys.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SESSION_H
#define SECFORMER_RUNTIME_SESSION_H

#include "runtime/Offline.h"
#include "runtime/Shares.h"

#include <array>

namespace secformer::runtime {

/// One phase of one role, or of all.
struct PhaseResult {
  Counters counters;
  /// Of the online phase; at party 0 on a machine of its own with the wait for
  /// an offline phase that is apart.
  double seconds = 0;
  /// Of the offline phase before it, if it is apart.
  double offlineSeconds = 0;
  TensorMap outputs;
  /// A party's halves of results for the client.
  std::map<std::string, ResultShare> outputShares;
};

struct SessionResult {
  PhaseResult setup;
  std::vector<PhaseResult> inferences;
  /// Of the inferences of party 0 and party 1, if they were profiled here.
  std::array<Profile, 2> profiles;
  /// Inputs came, and outputs go, with the axis of samples (Samples.h).
  bool stacked = false;
};

/// The inputs of an owner, one map per inference.
using Inputs = std::vector<TensorMap>;

/// What outside owners gave a party; null where they own nothing.
struct GivenShares {
  const Shares *weights = nullptr, *inputs = nullptr;
};

/// How parties run, whatever they compute.
struct RunOptions {
  Phasing phasing = Phasing::Streamed;
  bool profiled = false;
  LinkShape shape = {}; ///< of all links, where the roles share a process
  Before offline = nullptr, online = nullptr; ///< the former at party 1 alone
};

/// One for each Owner.
template <class T> using PerOwner = std::array<T, ownerCount>;

/// Shares what an outside owner has: the weights of a provider, the inputs of a
/// client; a half for each party. \p key must be fresh.
std::array<Shares, 2> shareOf(const Program &program, int owner, const Key &key,
                              const WeightSource &weights,
                              const Inputs &inputs);

/// Runs party \p id. \p dealer is null for party 0; \p weights are those that
/// the party owns and the public ones (null if there are none).
SessionResult runParty(const Program &program, int id, Channel &peer,
                       Channel *dealer, const Randomness &randomness,
                       const WeightSource *weights, const Inputs &inputs,
                       const GivenShares &given = {},
                       const RunOptions &how = {});

/// Runs the dealer for \p inferences inferences.
SessionResult runDealer(const Program &program, const Randomness &ofParty0,
                        const Randomness &ofParty1, Channel &toParty1,
                        size_t inferences, const Before &before = {});

/// Runs setup and one inference in the clear; what left its range is in
/// \p ranges, if not null.
TensorMap runReference(const Program &program, const WeightSource &weights,
                       const TensorMap &inputs, RangeReport *ranges = nullptr);

/// Runs the dealer and both parties in this process, each in a thread; the
/// counters of all of them, outputs of whoever gets them. If roles fail, throws
/// the error that came first.
SessionResult runAll(const Program &program,
                     const std::array<const Randomness *, 2> &ofParties,
                     const std::array<const Randomness *, 2> &ofDealer,
                     const std::array<const WeightSource *, 2> &weights,
                     const std::array<Inputs, 2> &inputs, Timeout timeout,
                     const std::array<GivenShares, 2> &given = {},
                     const RunOptions &how = {});
/// The same after outside owners have shared what they own; with the keys of
/// the parties and of sharings. Owners of weights and all who read public ones
/// need \p weights; each has as many \p inputs as there are inferences.
SessionResult runAll(const Program &program, const PerOwner<Key> &keys,
                     const PerOwner<const WeightSource *> &weights,
                     const PerOwner<Inputs> &inputs, Timeout timeout,
                     const RunOptions &how = {});

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SESSION_H
