//===- Harness.h - runs a piece of a program on all roles -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A body is a generic lambda over a role, as a compiled program is a template.
// It runs on both parties and the dealer in threads, and what every party
// receives is recorded. Randomness may be a table, so that tests can go
// through all masks.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_HARNESS_H
#define SECFORMER_TESTS_RUNTIME_HARNESS_H

#include "runtime/Dealer.h"
#include "runtime/Error.h"
#include "runtime/Pack.h"
#include "runtime/Party.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <thread>

namespace secformer::runtime::test {

/// Weights in memory.
class MemoryWeights final : public WeightSource {
public:
  std::map<std::string, std::vector<float>> weights;
  std::span<const float> slice(const std::string &name,
                               const Shape &) const override {
    return weights.at(name);
  }
};

/// Words from a function of purpose, operation and index.
class TableRandomness final : public Randomness {
public:
  using Table = std::function<uint64_t(Purpose, uint32_t, uint64_t)>;
  explicit TableRandomness(Table table) : table(std::move(table)) {}
  void draw(std::span<uint64_t> out, unsigned bits, StreamId stream,
            uint64_t firstWord) const override {
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = table(stream.purpose, stream.operation, firstWord + i) &
               ringMask(bits);
  }

private:
  Table table;
};

/// A channel that remembers what it received.
class RecordingChannel final : public Channel {
public:
  RecordingChannel(Channel &inner, std::vector<std::byte> &record)
      : inner(inner), record(record) {}
  void send(std::span<const std::byte> bytes) override { inner.send(bytes); }
  void receive(std::span<std::byte> bytes) override {
    inner.receive(bytes);
    record.insert(record.end(), bytes.begin(), bytes.end());
  }
  void post(std::vector<std::byte> bytes) override {
    inner.post(std::move(bytes));
  }
  void flush() override { inner.flush(); }

private:
  Channel &inner;
  std::vector<std::byte> &record;
};

struct Outcome {
  std::array<Counters, 2> counters;
  std::array<std::vector<std::byte>, 2> fromPeer;
  std::vector<std::byte> fromDealer; // to party 1
  uint64_t dealerBytes = 0;
  TensorMap outputs; // of both parties
  std::array<std::map<std::string, ResultShare>, 2> outputShares;
};

struct Setting {
  const Randomness *randomness0 = nullptr; // null: a PRG with a fixed key
  const Randomness *randomness1 = nullptr;
  MemoryWeights weights;
  TensorMap inputs0, inputs1;
  std::array<FromOutside, 2> outside = {};
};

/// All words of the parties from tables.
inline Setting withTables(const TableRandomness &words0,
                          const TableRandomness &words1) {
  Setting setting;
  setting.randomness0 = &words0;
  setting.randomness1 = &words1;
  return setting;
}

/// The words that were packed into a recorded message from \p start on.
inline std::vector<uint64_t> unpackWords(const std::vector<std::byte> &bytes,
                                         size_t start, size_t n,
                                         unsigned bits) {
  std::vector<uint64_t> words(n);
  unpack(std::span(bytes).subspan(start, packedBytes(n, bits)), bits, words);
  return words;
}

inline Key fixedKey(uint8_t role) { return testKey("5eed", role); }

/// Runs one phase of \p body on both parties and the dealer.
template <class Body> Outcome run(const Setting &setting, Body body) {
  Outcome outcome;
  const Prg prgs[] = {Prg(fixedKey(0)), Prg(fixedKey(1)), Prg(fixedKey(0)),
                      Prg(fixedKey(1))};
  auto pick = [](const Randomness *given,
                 const Prg &prg) -> const Randomness & {
    return given ? *given : prg;
  };
  const Timeout timeout(10'000);
  auto [end0, end1] = makeLocalChannel("party 0", "party 1", 0, timeout);
  auto [dealerEnd, partyEnd] =
      makeLocalChannel("the dealer", "party 1", size_t(1) << 26, timeout);
  RecordingChannel channel0(*end0, outcome.fromPeer[0]);
  RecordingChannel channel1(*end1, outcome.fromPeer[1]);
  RecordingChannel channelDealer(*partyEnd, outcome.fromDealer);
  Party p0(0, channel0, nullptr, pick(setting.randomness0, prgs[0]),
           &setting.weights);
  Party p1(1, channel1, &channelDealer, pick(setting.randomness1, prgs[1]),
           nullptr);
  Dealer dealer(pick(setting.randomness0, prgs[2]),
                pick(setting.randomness1, prgs[3]), *dealerEnd);
  p0.start(1, &setting.inputs0, setting.outside[0]);
  p1.start(1, &setting.inputs1, setting.outside[1]);
  dealer.start(1);
  std::thread thread1([&] { body(p1); });
  std::thread threadDealer([&] { body(dealer); });
  body(p0);
  thread1.join();
  threadDealer.join();
  outcome.counters = {p0.counters(), p1.counters()};
  outcome.dealerBytes = dealer.bytesToParty1();
  outcome.outputs = p0.outputs();
  outcome.outputs.insert(p1.outputs().begin(), p1.outputs().end());
  outcome.outputShares = {p0.outputShares(), p1.outputShares()};
  return outcome;
}

/// The same on Reference, with the inputs of both parties.
template <class Body>
TensorMap runReference(const Setting &setting, Body body,
                       std::vector<RangeViolation> *violations = nullptr) {
  Reference reference(setting.weights);
  TensorMap inputs = setting.inputs0;
  inputs.insert(setting.inputs1.begin(), setting.inputs1.end());
  reference.start(1, &inputs);
  body(reference);
  if (violations)
    *violations = reference.ranges().violations;
  return reference.outputs();
}

/// A float64 tensor of integers over 2^scale: encodes to them exactly.
inline Tensor integers(const std::vector<int64_t> &values, unsigned scale = 0) {
  std::vector<double> reals(values.size());
  for (size_t i = 0; i < values.size(); ++i)
    reals[i] = std::ldexp(double(values[i]), -int(scale));
  return makeTensor({int64_t(values.size())}, std::span<const double>(reals));
}

/// The integer of an output element at a scale.
inline int64_t integerAt(const Tensor &tensor, size_t i, unsigned scale = 0) {
  return int64_t(std::ldexp(tensor.at(i), int(scale)));
}

/// Shares x = x0 + x1 given as inputs "x0" of party 0 and "x1" of party 1.
template <class R> Wire sharedInput(R &role, const WireType &type) {
  return role.add(role.share(role.input("x0", type, 0)),
                  role.share(role.input("x1", type, 1)));
}

/// Gives the inputs that sharedInput ("x") or operand read.
inline void giveShares(Setting &setting, const std::string &name,
                       const std::vector<int64_t> &first,
                       const std::vector<int64_t> &second, unsigned scale = 0) {
  setting.inputs0[name + "0"] = integers(first, scale);
  setting.inputs1[name + "1"] = integers(second, scale);
}

/// What sharedInput makes, opened in a round of its own.
template <class R> Wire openedInput(R &role, const WireType &type) {
  Wire x = sharedInput(role, type);
  role.beginRound();
  Wire opened = role.open(x);
  role.endRound();
  return opened;
}

enum class Origin { Party0, Party1, Shared };

/// A masked operand: owned by a party or opened from shares.
template <class R>
Wire operand(R &role, const std::string &name, const WireType &type,
             Origin origin) {
  auto input = [&](int owner) {
    return role.input((name + std::to_string(owner)).c_str(), type, owner);
  };
  if (origin != Origin::Shared)
    return role.mask(input(origin == Origin::Party0 ? 0 : 1));
  return role.open(role.add(role.share(input(0)), role.share(input(1))));
}

/// Reveals to party 1 under a name.
template <class R> void show(R &role, const char *name, Wire shared) {
  role.beginRound();
  Wire revealed = role.reveal(shared, 1);
  role.endRound();
  role.output(name, revealed);
}

/// Shows x y for inputs x and y that are opened.
template <class R> void showProduct(R &role, const WireType &type) {
  role.beginRound();
  Wire x = operand(role, "x", type, Origin::Shared);
  Wire y = operand(role, "y", type, Origin::Shared);
  role.endRound();
  show(role, "z", role.mul(x, y, type));
}

/// How often each value of a pair (input, word received) occurs.
using Histogram = std::map<uint64_t, std::map<uint64_t, size_t>>;

/// Whether what is received is distributed alike for every input.
inline bool sameForAll(const Histogram &histogram) {
  for (const auto &[input, counts] : histogram)
    if (counts != histogram.begin()->second)
      return false;
  return !histogram.empty();
}

} // namespace secformer::runtime::test

#endif // SECFORMER_TESTS_RUNTIME_HARNESS_H
