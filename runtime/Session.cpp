//===- Session.cpp - runs a program for one role or for all ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Session.h"

#include "runtime/Results.h"
#include "runtime/Seconds.h"

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace secformer::runtime {
namespace {

constexpr size_t dealerAhead = size_t(64)
                               << 20; // bytes the dealer may run ahead

/// Threads of which the first to fail is remembered. A thread's ends of
/// channels close when it is done, which wakes those that wait for it.
class Crew {
public:
  using Ends = std::vector<std::shared_ptr<Channel>>;
  void add(Ends ends, const std::function<void(const Ends &)> &work) {
    threads.emplace_back([this, work, ends = std::move(ends)]() mutable {
      try {
        work(ends);
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!failure)
          failure = std::current_exception();
      }
      ends.clear();
    });
  }
  void join() {
    for (std::thread &thread : threads)
      thread.join();
    if (failure)
      std::rethrow_exception(failure);
  }

private:
  std::mutex mutex;
  std::exception_ptr failure;
  std::vector<std::thread> threads;
};

/// Where a role waits until party 1 begins a phase of an inference, so that all
/// roles of a process begin it together. The dealer could work ahead, and party
/// 0 begins while its setup is on its way; then the seconds of a phase would
/// lack what was done before it, or have some of another phase in them.
class StartLine {
public:
  void begin(uint32_t inference) {
    const std::lock_guard lock(mutex);
    begun = inference;
    changed.notify_all();
  }
  /// Nobody waits after its end.
  struct Opener {
    StartLine &line;
    ~Opener() { line.begin(UINT32_MAX); }
  };
  void await(uint32_t inference) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return begun >= inference; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  uint32_t begun = 0;
};

/// One phase as seen by all: what each byte's sender or receiver counted.
PhaseResult merged(const PhaseResult &p0, const PhaseResult &p1,
                   const PhaseResult &dealer) {
  PhaseResult all = p0;
  all.counters.bytesDealerToP1 = dealer.counters.bytesDealerToP1;
  all.offlineSeconds = p1.offlineSeconds;
  all.seconds = std::max(p0.seconds, p1.seconds);
  all.counters.bytesOutsideToP1 = p1.counters.bytesOutsideToP1;
  all.outputs.insert(p1.outputs.begin(), p1.outputs.end());
  for (const auto &[name, first] : p0.outputShares)
    all.outputs[name] = openResult(first, p1.outputShares.at(name));
  if (p0.counters.rounds != p1.counters.rounds ||
      dealer.counters.bytesDealerToP1 != p1.counters.bytesDealerToP1)
    throw std::logic_error("the roles counted differently");
  return all;
}

/// Expands party 0's shares of a sharing.
std::optional<Prg> wordsOf(const Shares *shares) {
  return shares && shares->party == 0 ? std::make_optional<Prg>(shares->key)
                                      : std::nullopt;
}

} // namespace

std::array<Shares, 2> shareOf(const Program &program, int owner, const Key &key,
                              const WeightSource &weights,
                              const Inputs &inputs) {
  const bool setup = owner == provider;
  const ShareId id = freshKey();
  std::array<Shares, 2> halves;
  for (int party : {0, 1}) {
    halves[party].kind = setup ? ShareKind::Weights : ShareKind::Inputs;
    halves[party].party = party;
    halves[party].id = id;
  }
  halves[0].key = key;
  const Prg words(key);
  Outsider outsider(owner, words, weights);
  auto take = [&] {
    for (Shares &half : halves)
      half.samples.push_back(outsider.given(half.party));
  };
  outsider.start(0, nullptr);
  program.setup(outsider);
  if (setup)
    take();
  for (size_t i = 0; !setup && i < inputs.size(); ++i) {
    outsider.start(uint32_t(i + 1), &inputs[i]);
    program.infer(outsider);
    take();
  }
  return halves;
}

SessionResult runParty(const Program &program, int id, Channel &peer,
                       Channel *dealer, const Randomness &randomness,
                       const WeightSource *weights, const Inputs &inputs,
                       const GivenShares &given, const RunOptions &how) {
  Party party(id, peer, dealer, randomness, weights);
  const auto weightWords = wordsOf(given.weights),
             inputWords = wordsOf(given.inputs);
  auto run = [&](uint32_t phase, const Program::Phase &body,
                 const TensorMap *phaseInputs, const FromOutside &outside) {
    party.start(phase, phaseInputs, outside);
    const double seconds = secondsOf([&] {
      body(party);
      peer.flush();
    });
    return PhaseResult{party.counters(), seconds, 0, party.outputs(),
                       party.outputShares()};
  };
  auto outside = [](const std::optional<Prg> &words, const Shares *shares,
                    size_t sample) {
    return shares ? FromOutside{words ? &*words : nullptr,
                                shares->samples.at(sample)}
                  : FromOutside{};
  };
  SessionResult result;
  result.setup =
      run(0, program.setup, nullptr, outside(weightWords, given.weights, 0));
  std::optional<Offline> offline;
  if (dealer)
    offline.emplace(program, party, randomness, *dealer, inputs.size(),
                    how.phasing, how.offline);
  if (how.profiled)
    party.profileTo(&result.profiles[size_t(id)]);
  try {
    for (size_t i = 0; i < inputs.size(); ++i) {
      const auto number = uint32_t(i + 1);
      const double before = offline ? offline->before(number) : 0;
      if (how.online)
        how.online(number);
      result.profiles[size_t(id)].begin();
      result.inferences.push_back(run(number, program.infer, &inputs[i],
                                      outside(inputWords, given.inputs, i)));
      result.inferences.back().offlineSeconds = before;
    }
  } catch (...) {
    if (const auto reason = offline ? offline->reason() : nullptr)
      std::rethrow_exception(reason);
    throw;
  }
  return result;
}

SessionResult runDealer(const Program &program, const Randomness &ofParty0,
                        const Randomness &ofParty1, Channel &toParty1,
                        size_t inferences, const Before &before) {
  Dealer dealer(ofParty0, ofParty1, toParty1);
  auto run = [&](uint32_t phase, const Program::Phase &body) {
    dealer.start(phase);
    PhaseResult result;
    result.seconds = secondsOf([&] { body(dealer); });
    result.counters.bytesDealerToP1 = dealer.bytesToParty1();
    return result;
  };
  SessionResult result;
  result.setup = run(0, program.setup);
  for (uint32_t inference = 1; inference <= inferences; ++inference) {
    if (before)
      before(inference);
    result.inferences.push_back(run(inference, program.infer));
  }
  return result;
}

TensorMap runReference(const Program &program, const WeightSource &weights,
                       const TensorMap &inputs, RangeReport *ranges) {
  Reference reference(weights);
  reference.start(0, nullptr);
  program.setup(reference);
  reference.start(1, &inputs);
  program.infer(reference);
  if (ranges)
    *ranges = reference.ranges();
  return reference.outputs();
}

SessionResult runAll(const Program &program,
                     const std::array<const Randomness *, 2> &ofParties,
                     const std::array<const Randomness *, 2> &ofDealer,
                     const std::array<const WeightSource *, 2> &weights,
                     const std::array<Inputs, 2> &inputs, Timeout timeout,
                     const std::array<GivenShares, 2> &given,
                     const RunOptions &how) {
  SessionResult p0, p1, dealer;
  StartLine offline, online;
  RunOptions ofParty0 = how, ofParty1 = how;
  ofParty0.online = [&](uint32_t inference) { online.await(inference); };
  ofParty1.online = [&](uint32_t inference) { online.begin(inference); };
  ofParty1.offline = [&](uint32_t inference) { offline.begin(inference); };
  Crew crew;
  // What parties post never waits, whatever the limit.
  auto [end0, end1] =
      makeLocalChannel("party 0", "party 1", 0, timeout, how.shape);
  auto [dealerEnd, partyEnd] = makeLocalChannel(
      "the dealer", "party 1", dealerAhead, timeout, how.shape);
  crew.add({std::move(end0)}, [&](const Crew::Ends &ends) {
    p0 = runParty(program, 0, *ends[0], nullptr, *ofParties[0], weights[0],
                  inputs[0], given[0], ofParty0);
  });
  crew.add({std::move(end1), std::move(partyEnd)}, [&](const Crew::Ends &ends) {
    // However party 1 ends, nobody waits for it there: its channels close.
    const StartLine::Opener openOffline{offline}, openOnline{online};
    p1 = runParty(program, 1, *ends[0], ends[1].get(), *ofParties[1],
                  weights[1], inputs[1], given[1], ofParty1);
  });
  crew.add({std::move(dealerEnd)}, [&](const Crew::Ends &ends) {
    dealer = runDealer(program, *ofDealer[0], *ofDealer[1], *ends[0],
                       inputs[0].size(),
                       [&](uint32_t inference) { offline.await(inference); });
  });
  crew.join();
  SessionResult result;
  result.setup = merged(p0.setup, p1.setup, dealer.setup);
  result.profiles = {std::move(p0.profiles[0]), std::move(p1.profiles[1])};
  for (size_t i = 0; i < inputs[0].size(); ++i)
    result.inferences.push_back(
        merged(p0.inferences[i], p1.inferences[i], dealer.inferences[i]));
  return result;
}

SessionResult runAll(const Program &program, const PerOwner<Key> &keys,
                     const PerOwner<const WeightSource *> &weights,
                     const PerOwner<Inputs> &inputs, Timeout timeout,
                     const RunOptions &how) {
  const Prg prgs[] = {Prg(keys[0]), Prg(keys[1]), Prg(keys[0]), Prg(keys[1])};
  std::array<Shares, 2> ofWeights, ofInputs;
  std::array<GivenShares, 2> given;
  if (program.hasOutsider) {
    auto share = [&](int owner) {
      return shareOf(program, owner, keys[owner], *weights[owner],
                     inputs[owner]);
    };
    ofWeights = share(provider);
    ofInputs = share(client);
    for (int party : {0, 1})
      given[party] = {&ofWeights[party], &ofInputs[party]};
  }
  return runAll(program, {&prgs[0], &prgs[1]}, {&prgs[2], &prgs[3]},
                {weights[0], weights[1]}, {inputs[0], inputs[1]}, timeout,
                given, how);
}

} // namespace secformer::runtime
