//===- TruncateTest.cpp - exact truncation, exhaustively ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

#include <cmath>

namespace secformer::runtime::test {
namespace {

/// Every x of a ring's admissible range with every share and both mask bits.
struct AllCases {
  std::vector<int64_t> x, x0, x1;
  std::vector<uint64_t> bits;
  AllCases(unsigned k, bool fullRange, unsigned bitCases) {
    const int64_t ring = int64_t(1) << k;
    const int64_t half = fullRange ? ring / 2 : ring / 4;
    for (int64_t value = -half; value < half; ++value)
      for (int64_t share = -ring / 2; share < ring / 2; ++share)
        for (uint64_t masks = 0; masks < bitCases; ++masks) {
          x.push_back(value);
          x0.push_back(share);
          x1.push_back(toSigned(uint64_t(value - share) & ringMask(k), k));
          bits.push_back(masks);
        }
  }
};

/// Bit masks from the cases, other words from a mix of their names.
uint64_t word(const AllCases &cases, int party, Purpose purpose,
              uint32_t operation, uint64_t i) {
  if (purpose == Purpose::TruncateBit)
    return cases.bits[i] >> party;
  return (i * 0x9e3779b97f4a7c15U + operation) ^ (i >> 7);
}

void checkTruncation(unsigned k, unsigned t, unsigned newRing) {
  SCOPED_TRACE("k " + std::to_string(k) + " t " + std::to_string(t) + " k' " +
               std::to_string(newRing));
  const bool carries = newRing > k - t;
  const AllCases cases(k, !carries, carries ? 4 : 1);
  const TableRandomness r0([&](Purpose p, uint32_t op, uint64_t i) {
    return word(cases, 0, p, op, i);
  });
  const TableRandomness r1([&](Purpose p, uint32_t op, uint64_t i) {
    return word(cases, 1, p, op, i);
  });
  Setting setting = withTables(r0, r1);
  giveShares(setting, "x", cases.x0, cases.x1, t);
  const Shape shape = {int64_t(cases.x.size())};
  Outcome outcome = run(setting, [&](auto &role) {
    Wire x = sharedInput(role, {shape, t, k});
    role.beginRound();
    Wire y = role.truncate(x, {shape, 0, newRing});
    role.endRound();
    show(role, "y", y);
  });
  size_t wrong = 0;
  for (size_t i = 0; i < cases.x.size(); ++i) {
    // The result modulo 2^k' is a neighbour of x / 2^t.
    int64_t down = cases.x[i] >> t;
    int64_t got = integerAt(outcome.outputs["y"], i);
    uint64_t above = uint64_t(got - down) & ringMask(newRing);
    bool exact = cases.x[i] % (int64_t(1) << t) == 0;
    if (exact && cases.x0[i] % (int64_t(1) << t) == 0)
      wrong += above != 0; // nothing is rounded
    else
      wrong += above > 1;
  }
  EXPECT_EQ(wrong, 0U);
  const size_t n = cases.x.size(), w = carries ? newRing - (k - t) : 0;
  EXPECT_EQ(outcome.counters[0].rounds, carries ? 2U : 1U);
  EXPECT_EQ(outcome.counters[0].bytesP0ToP1,
            packedBytes(n, newRing) + (carries ? packedBytes(n, 1) : 0));
  EXPECT_EQ(outcome.counters[1].bytesP1ToP0, carries ? packedBytes(n, 1) : 0);
  EXPECT_EQ(outcome.dealerBytes, carries ? packedBytes(n, unsigned(w)) : 0);
}

TEST(Truncate, EveryValueAndShare) {
  for (unsigned k : {4U, 6U, 8U})
    for (unsigned t = 1; t <= k - 2; ++t)
      for (unsigned newRing : {2U, k - t, k - t + 1, k - 1, k, k + 3, 16U})
        checkTruncation(k, t, newRing);
}

TEST(Truncate, ExtendsWithoutShift) { checkTruncation(8, 0, 12); }

TEST(Truncate, TenBits) { checkTruncation(10, 4, 10); }

// Each party receives one bit and, for party 1, a word from the dealer. For a
// fixed own view (share, mask bit, own half) they must be distributed alike
// whatever x is.
TEST(Truncate, MessagesDoNotDependOnTheValue) {
  constexpr unsigned k = 5, t = 2, newRing = 5, w = 2;
  std::vector<int64_t> x, x0, x1;
  std::vector<uint64_t> masks, half;
  for (int64_t value = -8; value < 8; ++value)
    for (int64_t share = -16; share < 16; ++share)
      for (uint64_t m = 0; m < 4; ++m)
        for (uint64_t h = 0; h < 1 << w; ++h) {
          x.push_back(value);
          x0.push_back(share);
          x1.push_back(toSigned(uint64_t(value - share) & ringMask(k), k));
          masks.push_back(m);
          half.push_back(h);
        }
  const TableRandomness r0([&](Purpose p, uint32_t, uint64_t i) {
    return p == Purpose::TruncateBit ? masks[i] : half[i];
  });
  const TableRandomness r1(
      [&](Purpose, uint32_t, uint64_t i) { return masks[i] >> 1; });
  Setting setting = withTables(r0, r1);
  giveShares(setting, "x", x0, x1, t);
  const size_t n = x.size();
  const Shape shape = {int64_t(n)};
  Outcome outcome = run(setting, [&](auto &role) {
    Wire shared = sharedInput(role, {shape, t, k});
    role.beginRound();
    role.truncate(shared, {shape, 0, newRing});
    role.endRound();
  });
  auto to0 = unpackWords(outcome.fromPeer[0], 0, n, 1);
  auto to1 = unpackWords(outcome.fromPeer[1], 0, n, 1);
  auto dealt = unpackWords(outcome.fromDealer, 0, n, w);
  // Own view in the high bits of the histogram's key of what is received.
  Histogram seen0, seen1;
  for (size_t i = 0; i < n; ++i) {
    uint64_t own0 = uint64_t(x0[i] + 16) << 3 | half[i] << 1 | (masks[i] & 1);
    uint64_t own1 = uint64_t(x1[i] + 16) << 1 | masks[i] >> 1;
    ++seen0[uint64_t(x[i] + 8)][own0 << 8 | to0[i]];
    ++seen1[uint64_t(x[i] + 8)][own1 << 8 | dealt[i] << 1 | to1[i]];
  }
  EXPECT_TRUE(sameForAll(seen0));
  EXPECT_TRUE(sameForAll(seen1));
}

TEST(Narrow, EveryValueAndShare) {
  for (unsigned k : {4U, 8U, 10U})
    for (unsigned t = 0; t < k; ++t)
      for (unsigned ring = 1; ring <= k - t; ring += 2) {
        SCOPED_TRACE("k " + std::to_string(k) + " t " + std::to_string(t));
        const AllCases cases(k, true, 1);
        Setting setting;
        giveShares(setting, "x", cases.x0, cases.x1, t);
        const Shape shape = {int64_t(cases.x.size())};
        Outcome outcome = run(setting, [&](auto &role) {
          show(role, "y",
               role.narrow(sharedInput(role, {shape, t, k}), {shape, 0, ring}));
        });
        size_t wrong = 0;
        for (size_t i = 0; i < cases.x.size(); ++i) {
          int64_t got = integerAt(outcome.outputs["y"], i);
          uint64_t above = uint64_t(got - (cases.x[i] >> t)) & ringMask(ring);
          wrong += above > (t == 0 ? 0U : 1U);
        }
        EXPECT_EQ(wrong, 0U);
        EXPECT_EQ(outcome.dealerBytes, 0U);
      }
}

TEST(Truncate, ReferenceNotesValuesOutOfRange) {
  Setting setting;
  setting.inputs0["x"] = integers({3, 63, -64, 64, -65, 127}, 2);
  std::vector<RangeViolation> violations;
  auto body = [](auto &role) {
    role.at("node");
    Wire x = role.share(role.input("x", {{6}, 2, 8}, 0));
    role.beginRound();
    Wire y = role.truncate(x, {{6}, 0, 8});
    role.endRound();
    show(role, "y", y);
  };
  TensorMap outputs = runReference(setting, body, &violations);
  EXPECT_EQ(outputs["y"].at(0), 0);
  EXPECT_EQ(outputs["y"].at(2), -16);
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].place, "node");
  EXPECT_EQ(violations[0].outside.size(), 3U);
  EXPECT_EQ(violations[0].outside[0].index, 3U);
  EXPECT_EQ(violations[0].allowedBits(), 6U);
  EXPECT_EQ(violations[0].foundBits(), 7U);
}

} // namespace
} // namespace secformer::runtime::test
