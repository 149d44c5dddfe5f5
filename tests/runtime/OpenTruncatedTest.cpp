//===- OpenTruncatedTest.cpp - dividing inside an opening, exhaustively ---===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

/// What a case consists of; lists of equal length.
struct Cases {
  std::vector<int64_t> x, x0, x1;
  std::vector<uint64_t> d0, d1, half;
  void add(int64_t value, int64_t share, unsigned k, uint64_t mask0,
           uint64_t mask1, uint64_t own) {
    x.push_back(value);
    x0.push_back(toSigned(uint64_t(share) & ringMask(k), k));
    x1.push_back(toSigned(uint64_t(value - share) & ringMask(k), k));
    d0.push_back(mask0);
    d1.push_back(mask1);
    half.push_back(own);
  }
  size_t size() const { return x.size(); }
  Shape shape() const { return {int64_t(x.size())}; }
};

/// Randomness and inputs of a list of cases. Masks of the first opening are
/// theirs, other words are a mix of their names.
struct CaseSetting {
  TableRandomness r0, r1;
  Setting setting;
  CaseSetting(const Cases &cases, unsigned scale, bool halves)
      : r0([&cases, halves](Purpose p, uint32_t op, uint64_t i) {
          if (op == 0 && p == Purpose::Mask)
            return cases.d0[i];
          if (op == 0 && halves)
            return cases.half[i];
          return mixed(op, i);
        }),
        r1([&cases](Purpose p, uint32_t op, uint64_t i) {
          return op == 0 && p == Purpose::Mask ? cases.d1[i] : mixed(op, i + 5);
        }) {
    setting.randomness0 = &r0;
    setting.randomness1 = &r1;
    setting.inputs0["x0"] = integers(cases.x0, scale);
    setting.inputs1["x1"] = integers(cases.x1, scale);
  }
  static uint64_t mixed(uint32_t operation, uint64_t i) {
    return (i * 0x9e3779b97f4a7c15U + operation) ^ (i >> 7);
  }
};

/// Every value below 2^(k-2) with every mask of both parties; the result comes
/// out, and its square.
Outcome runAllMasks(const Cases &cases, unsigned k, unsigned t,
                    unsigned newRing, bool statistical) {
  const CaseSetting all(cases, t, false);
  const Shape shape = cases.shape();
  return run(all.setting, [&](auto &role) {
    Wire x = sharedInput(role, {shape, t, k});
    role.beginRound();
    Wire y = role.truncateOpen(x, {shape, 0, newRing}, {k - 2, statistical});
    role.endRound();
    show(role, "y", role.unmask(y));
    show(role, "square", role.mul(y, y, {shape, 0, newRing}));
  });
}

void checkResults(unsigned k, unsigned t, unsigned newRing, bool statistical) {
  SCOPED_TRACE("k " + std::to_string(k) + " t " + std::to_string(t) + " k' " +
               std::to_string(newRing) + (statistical ? " statistical" : ""));
  ASSERT_TRUE(k >= 2 && k < 16);
  const int64_t quarter = int64_t(1) << (k - 2);
  const uint64_t masks = uint64_t(1) << (statistical ? k - 2 : k);
  Cases cases;
  for (int64_t x = -quarter; x < quarter; ++x)
    for (uint64_t d0 = 0; d0 < masks; ++d0)
      for (uint64_t d1 = 0; d1 < masks; ++d1)
        cases.add(x, int64_t(x * 37 + int64_t(d0 * 11 + d1 * 5)), k, d0, d1, 0);
  const Outcome outcome = runAllMasks(cases, k, t, newRing, statistical);

  size_t wrong = 0, unpredicted = 0;
  std::map<int64_t, size_t> failures;
  for (size_t i = 0; i < cases.size(); ++i) {
    const int64_t x = cases.x[i];
    const int64_t got = integerAt(outcome.outputs.at("y"), i);
    // Of the integers modulo 2^k' that the result stands for.
    auto isNear = [&](int64_t centre) {
      uint64_t above = uint64_t(got - (centre >> t)) & ringMask(newRing);
      return above == 0 || (above == 1 && centre % (int64_t(1) << t) != 0);
    };
    // The masks within |x| of the ring's edge wrap; the result is then off by
    // 2^(k-t).
    const int64_t delta = int64_t((cases.d0[i] + cases.d1[i]) & ringMask(k));
    const bool wraps =
        !statistical && (x + delta < 0 || x + delta >= int64_t(1) << k);
    failures[x] += wraps;
    wrong += !wraps && !isNear(x);
    const int64_t shifted =
        x + (x + delta < 0 ? int64_t(1) << k : -(int64_t(1) << k));
    unpredicted += wraps && !isNear(shifted);
    wrong += ((uint64_t(got) * uint64_t(got) -
               uint64_t(integerAt(outcome.outputs.at("square"), i))) &
              ringMask(newRing)) != 0;
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(unpredicted, 0U);
  for (const auto &[x, count] : failures)
    EXPECT_EQ(count, statistical ? 0U : size_t(std::abs(x)) * masks);

  const size_t n = cases.size();
  EXPECT_EQ(outcome.counters[0].rounds, 3U);
  EXPECT_EQ(outcome.counters[0].bytesP1ToP0, packedBytes(n, k));
  EXPECT_EQ(outcome.counters[0].bytesP0ToP1,
            packedBytes(n, k) + 2 * packedBytes(n, newRing));
  EXPECT_EQ(outcome.dealerBytes, 2 * packedBytes(n, newRing));
}

TEST(OpenTruncated, EveryValueAndMask) {
  for (unsigned k : {4U, 6U})
    for (unsigned t = 1; t <= k - 2; ++t)
      for (unsigned newRing : {1U, k - t, k - t + 1, k, k + 3, 16U})
        for (bool statistical : {false, true})
          checkResults(k, t, newRing, statistical);
}

/// What the parties receive, by value, in bits of their own view and of the
/// messages: for every value, share, mask and half of a dealt word.
std::array<Histogram, 2> views(unsigned k, bool statistical, size_t &perValue) {
  constexpr unsigned t = 1, newRing = 2;
  const int64_t quarter = int64_t(1) << (k - 2);
  const uint64_t masks = uint64_t(1) << (statistical ? k - 2 : k);
  Cases cases;
  for (int64_t x = -quarter; x < quarter; ++x)
    for (int64_t share = 0; share < int64_t(1) << k; ++share)
      for (uint64_t d0 = 0; d0 < masks; ++d0)
        for (uint64_t d1 = 0; d1 < masks; ++d1)
          for (uint64_t half = 0; half < 1 << newRing; ++half)
            cases.add(x, share, k, d0, d1, half);
  const CaseSetting all(cases, t, true);
  const Shape shape = cases.shape();
  const Outcome outcome = run(all.setting, [&](auto &role) {
    Wire x = sharedInput(role, {shape, t, k});
    role.beginRound();
    role.truncateOpen(x, {shape, 0, newRing}, {k - 2, statistical});
    role.endRound();
  });
  const size_t n = cases.size();
  const auto to0 = unpackWords(outcome.fromPeer[0], 0, n, k);
  const auto to1 = unpackWords(outcome.fromPeer[1], 0, n, k);
  const auto dealt = unpackWords(outcome.fromDealer, 0, n, newRing);
  std::array<Histogram, 2> seen;
  for (size_t i = 0; i < n; ++i) {
    const uint64_t x = uint64_t(cases.x[i] + quarter);
    const uint64_t own0 = (uint64_t(cases.x0[i]) & ringMask(k)) << 8 |
                          cases.d0[i] << 4 | cases.half[i];
    const uint64_t own1 = (uint64_t(cases.x1[i]) & ringMask(k)) << 8 |
                          cases.d1[i] << 4 | dealt[i];
    ++seen[0][x][own0 << 8 | to0[i]];
    ++seen[1][x][own1 << 8 | to1[i]];
  }
  perValue = n / size_t(2 * quarter);
  return seen;
}

TEST(OpenTruncated, WrappingMasksTellNothing) {
  size_t perValue = 0;
  for (const Histogram &seen : views(4, false, perValue)) {
    EXPECT_EQ(seen.size(), 8U);
    EXPECT_TRUE(sameForAll(seen));
  }
}

// |a - b| of the 2^(k-2) masks tell a from b, and no view tells more.
TEST(OpenTruncated, ShortMasksTellWhatIsStated) {
  for (unsigned k : {4U, 5U}) {
    size_t perValue = 0;
    for (const Histogram &seen : views(k, true, perValue))
      for (const auto &[a, viewsOfA] : seen)
        for (const auto &[b, viewsOfB] : seen) {
          size_t common = 0;
          for (const auto &[view, count] : viewsOfA)
            if (auto other = viewsOfB.find(view); other != viewsOfB.end())
              common += std::min(count, other->second);
          const size_t apart =
              std::min<size_t>(a < b ? b - a : a - b, size_t(1) << (k - 2));
          EXPECT_EQ((perValue - common) << (k - 2), apart * perValue);
        }
  }
}

TEST(OpenTruncated, WideRing) {
  const std::vector<int64_t> x = {
      0,     1,       -1,         4095,          4096,
      -4096, 1 << 30, -(1 << 30), (1 << 30) - 1, -(1 << 29) + 77};
  Setting setting;
  setting.inputs0["x0"] = integers(x, 24);
  setting.inputs1["x1"] = integers(std::vector<int64_t>(x.size(), 0), 24);
  const Shape shape = {int64_t(x.size())};
  for (bool statistical : {false, true})
    for (unsigned newRing : {20U, 40U, 64U}) {
      Outcome outcome = run(setting, [&](auto &role) {
        Wire wide = sharedInput(role, {shape, 24, 64});
        role.beginRound();
        Wire y =
            role.truncateOpen(wide, {shape, 12, newRing}, {31, statistical});
        role.endRound();
        show(role, "y", role.unmask(y));
      });
      for (size_t i = 0; i < x.size(); ++i) {
        const int64_t got = integerAt(outcome.outputs["y"], i, 12);
        const uint64_t above = uint64_t(got - (x[i] >> 12)) & ringMask(newRing);
        EXPECT_LE(above, x[i] % 4096 == 0 ? 0U : 1U) << x[i];
      }
    }
}

TEST(OpenTruncated, ReferenceNotesValuesOutOfRange) {
  Setting setting;
  setting.inputs0["x"] = integers({3, 63, -64, 64, -65}, 2);
  std::vector<RangeViolation> violations;
  auto body = [](auto &role) {
    role.at("node");
    Wire x = role.share(role.input("x", {{5}, 2, 40}, 0));
    role.beginRound();
    Wire y = role.truncateOpen(x, {{5}, 0, 8}, {6, false});
    role.endRound();
    show(role, "y", role.unmask(y));
  };
  TensorMap outputs = runReference(setting, body, &violations);
  EXPECT_EQ(outputs["y"].at(2), -16);
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].place, "node");
  EXPECT_EQ(violations[0].outside.size(), 2U);
  EXPECT_EQ(violations[0].allowedBits(), 6U);
}

TEST(OpenTruncated, RefusesWhatDoesNotFit) {
  MemoryWeights none;
  Reference role(none);
  TensorMap inputs;
  inputs["x"] = integers({1}, 4);
  role.start(1, &inputs);
  Wire x = role.share(role.input("x", {{1}, 4, 8}, 0));
  role.beginRound();
  EXPECT_THROW(role.truncateOpen(x, {{1}, 4, 8}, {4, false}), std::logic_error);
  EXPECT_THROW(role.truncateOpen(x, {{1}, 0, 8}, {7, false}), std::logic_error);
  EXPECT_THROW(role.truncateOpen(x, {{2}, 0, 8}, {4, false}), std::logic_error);
  EXPECT_NO_THROW(role.truncateOpen(x, {{1}, 0, 8}, {6, true}));
  role.endRound();
}

} // namespace
} // namespace secformer::runtime::test
