//===- SharingTest.cpp - what owners outside of the parties share ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

#include "runtime/Outsider.h"
#include "runtime/Results.h"

namespace secformer::runtime::test {
namespace {

constexpr int64_t count = 16;

/// Shares the client's x, opens it to the parties as shares and gives it back.
auto roundTrip(const WireType &type) {
  return [=](auto &role) {
    Wire x = role.share(role.input("x", type, client));
    role.output("x", role.reveal(x, client));
    show(role, "seen", x);
  };
}

/// What the client gives each party for \p inputs.
template <class Body>
std::array<std::vector<std::byte>, 2>
given(const TensorMap &inputs, const Randomness &words, const Body &body) {
  const MemoryWeights none;
  Outsider outsider(client, words, none);
  outsider.start(1, &inputs);
  body(outsider);
  return {outsider.given(0), outsider.given(1)};
}

// At the smallest and largest rings and some between; 13 and 61 end within
// bytes.
TEST(Sharing, RoundTripAtEveryWidth) {
  for (unsigned ring : {2U, 8U, 13U, 32U, 61U, 64U}) {
    const WireType type{{count}, 0, ring};
    std::vector<int64_t> values;
    for (int64_t i = 0; i < count; ++i) // both ends of the signed range
      values.push_back(i % 2 ? toSigned(uint64_t(i) & ringMask(ring), ring)
                             : -(int64_t(1) << (std::min(ring, 50U) - 1)));
    const TensorMap inputs = {{"x", integers(values)}};
    const Prg words(fixedKey(2));
    const auto bytes = given(inputs, words, roundTrip(type));
    EXPECT_EQ(bytes[0].size(), 0U);
    EXPECT_EQ(bytes[1].size(), packedBytes(count, ring));
    Setting setting;
    setting.outside = {FromOutside{&words, bytes[0]},
                       FromOutside{nullptr, bytes[1]}};
    Outcome outcome = run(setting, roundTrip(type));
    // Sharing and giving back send nothing; showing to party 1 does.
    EXPECT_EQ(outcome.counters[1].bytesP0ToP1, packedBytes(count, ring));
    EXPECT_EQ(outcome.counters[1].bytesP1ToP0, 0U);
    EXPECT_EQ(outcome.counters[1].bytesOutsideToP1, packedBytes(count, ring));
    EXPECT_EQ(outcome.counters[0].bytesToOutside, packedBytes(count, ring));
    EXPECT_EQ(outcome.dealerBytes, 0U);
    ASSERT_EQ(outcome.outputShares[0].size(), 1U);
    const Tensor back = openResult(outcome.outputShares[0].at("x"),
                                   outcome.outputShares[1].at("x"));
    for (size_t i = 0; i < size_t(count); ++i) {
      EXPECT_EQ(integerAt(outcome.outputs["seen"], i), values[i]) << ring;
      EXPECT_EQ(integerAt(back, i), values[i]) << ring;
    }
  }
}

// Every value and every word of the key stream of a small ring: what either
// party gets takes every value equally often, whatever is shared.
TEST(Sharing, EachShareIsUniformForEveryValue) {
  constexpr unsigned k = 5;
  const WireType type{{1}, 0, k};
  Histogram of0, of1;
  for (uint64_t value = 0; value < 1 << k; ++value)
    for (uint64_t word = 0; word < 1 << k; ++word) {
      const TableRandomness words([&](Purpose purpose, uint32_t, uint64_t) {
        EXPECT_EQ(purpose, Purpose::Sharing);
        return word;
      });
      const TensorMap inputs = {{"x", integers({toSigned(value, k)})}};
      auto share = [&](auto &role) {
        role.share(role.input("x", type, client));
      };
      const auto bytes = given(inputs, words, share);
      ASSERT_EQ(bytes[0].size(), 0U);
      const uint64_t second = unpackWords(bytes[1], 0, 1, k)[0];
      EXPECT_EQ((word + second) & ringMask(k), value);
      ++of0[value][word];
      ++of1[value][second];
    }
  EXPECT_EQ(of1[0].size(), size_t(1) << k);
  EXPECT_TRUE(sameForAll(of0));
  EXPECT_TRUE(sameForAll(of1));
}

// Two sharings of one phase, and one of another phase, have words of their own.
TEST(Sharing, WordsAreNamedByPhaseAndNumber) {
  const WireType type{{count}, 0, 64};
  const TensorMap inputs = {{"x", integers(std::vector<int64_t>(count))}};
  auto twice = [&](auto &role) {
    role.share(role.input("x", type, client));
    role.share(role.input("x", type, client));
  };
  const Prg words(fixedKey(2));
  const MemoryWeights none;
  Outsider outsider(client, words, none);
  std::vector<uint64_t> seen;
  for (uint32_t phase : {1, 2}) {
    outsider.start(phase, &inputs);
    twice(outsider);
    for (uint64_t word : unpackWords(outsider.given(1), 0, 2 * count, 64))
      seen.push_back(word);
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

// The client computes one-hot rows itself; a public input stands in the clear
// in both files.
TEST(Sharing, LocalNumbersAndPublicInputs) {
  const WireType type{{2, 4}, 3, 9};
  auto body = [&](auto &role) {
    Wire ids = role.localInput("ids", {2}, client);
    Wire hot = role.share(role.encode(role.oneHot(ids, 4), type, client));
    Wire mask = role.publicInput("mask", {2, 1}, client);
    show(role, "hot", role.mulPublic(hot, mask, 0));
  };
  TensorMap inputs = {{"ids", integers({3, 1})}, {"mask", integers({1, 0})}};
  inputs["mask"].shape = {2, 1};
  const Prg words(fixedKey(2));
  const auto bytes = given(inputs, words, body);
  EXPECT_EQ(bytes[0].size(), 16U);
  EXPECT_EQ(bytes[1].size(), 9U + 16U);
  Setting setting;
  setting.outside = {FromOutside{&words, bytes[0]},
                     FromOutside{nullptr, bytes[1]}};
  const Tensor hot = run(setting, body).outputs["hot"];
  for (size_t i = 0; i < 8; ++i)
    EXPECT_EQ(hot.at(i), i == 3 ? 1 : 0) << i;
  // Bytes that were not given are a misuse, not a read past the end.
  const MemoryWeights none;
  auto [end, other] = makeLocalChannel("a", "b", 0, Timeout(100));
  Party party(0, *end, nullptr, words, &none);
  party.start(1, nullptr);
  EXPECT_THROW(party.publicInput("mask", {2, 1}, client), std::logic_error);
}

} // namespace
} // namespace secformer::runtime::test
