//===- ByteRingTest.cpp - openings and products in the ring of a byte -----===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Every value, every share and every mask (or dealt half) of a ring of 8 bits:
// the result is right, and what a party receives takes every value equally
// often, whatever the secret is.
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

constexpr unsigned k = 8;
constexpr uint64_t values = 1 << k;
constexpr size_t pairs = values * values;
const Shape shape = {int64_t(pairs)};

/// How often each word was received for each case.
class Seen {
public:
  void add(size_t of, uint64_t word) { ++counts[of * values + word]; }
  /// Every word once for every case.
  bool uniform() const {
    return std::all_of(counts.begin(), counts.end(),
                       [](uint16_t count) { return count == 1; });
  }

private:
  std::vector<uint16_t> counts = std::vector<uint16_t>(pairs * values);
};

/// The pairs (i / 256, i % 256) as signed numbers.
std::array<std::vector<int64_t>, 2> allPairs() {
  std::array<std::vector<int64_t>, 2> result;
  for (size_t i = 0; i < pairs; ++i) {
    result[0].push_back(toSigned(i >> k, k));
    result[1].push_back(toSigned(i & (values - 1), k));
  }
  return result;
}

// Shares (x0, x1) of every value, one mask of each party at a time.
TEST(ByteRing, OpeningsAreRightAndUniform) {
  auto [x0, x1] = allPairs();
  Seen by0, by1;
  size_t wrong = 0;
  for (uint64_t mask = 0; mask < values; ++mask) {
    const TableRandomness r0([&](Purpose, uint32_t, uint64_t) { return mask; });
    // Another permutation of all masks for party 1.
    const TableRandomness r1(
        [&](Purpose, uint32_t, uint64_t) { return 37 * mask + 11; });
    Setting setting = withTables(r0, r1);
    giveShares(setting, "x", x0, x1);
    Outcome outcome = run(setting, [&](auto &role) {
      show(role, "x", role.unmask(openedInput(role, {shape, 0, k})));
    });
    auto to0 = unpackWords(outcome.fromPeer[0], 0, pairs, k);
    auto to1 = unpackWords(outcome.fromPeer[1], 0, pairs, k);
    for (size_t i = 0; i < pairs; ++i) {
      wrong += integerAt(outcome.outputs["x"], i) !=
               toSigned(uint64_t(x0[i] + x1[i]) & (values - 1), k);
      by0.add(i, to0[i]);
      by1.add(i, to1[i]);
    }
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_TRUE(by0.uniform());
  EXPECT_TRUE(by1.uniform());
}

// Every pair of values with every half that party 0 draws, under masks that
// differ from pair to pair.
TEST(ByteRing, ProductsAreRightAndTheirDealtWordsUniform) {
  auto [x, y] = allPairs();
  const std::vector<int64_t> zero(pairs, 0);
  Seen dealtWords;
  size_t wrong = 0;
  for (uint64_t half = 0; half < values; ++half) {
    const TableRandomness r0([&](Purpose purpose, uint32_t op, uint64_t i) {
      return purpose == Purpose::Correction ? half : (op + 3) * (i * i + 7);
    });
    const TableRandomness r1([&](Purpose, uint32_t op, uint64_t i) {
      return (op + 5) * (i * i * i + 13 * i + 1);
    });
    Setting setting = withTables(r0, r1);
    giveShares(setting, "x", x, zero);
    giveShares(setting, "y", zero, y);
    Outcome outcome =
        run(setting, [&](auto &role) { showProduct(role, {shape, 0, k}); });
    auto dealt = unpackWords(outcome.fromDealer, 0, pairs, k);
    for (size_t i = 0; i < pairs; ++i) {
      wrong += integerAt(outcome.outputs["z"], i) !=
               toSigned(uint64_t(x[i] * y[i]) & (values - 1), k);
      dealtWords.add(i, dealt[i]);
    }
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_TRUE(dealtWords.uniform());
}

} // namespace
} // namespace secformer::runtime::test
