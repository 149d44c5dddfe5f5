//===- CompareTest.cpp - comparisons, exhaustively in small rings ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/Random.h"
#include "tests/runtime/Harness.h"

#include "runtime/Blocks.h"

#include <numeric>

namespace secformer::runtime::test {
namespace {

/// Values with their masks: x = x0 + x1 is opened as x + d0 + d1.
struct Cases {
  std::vector<int64_t> x, x0, x1;
  std::vector<uint64_t> d0, d1;
  void add(int64_t value, uint64_t mask, uint64_t noise, unsigned ring) {
    x.push_back(value);
    x0.push_back(toSigned(noise & ringMask(ring), ring));
    x1.push_back(toSigned((uint64_t(value) - noise) & ringMask(ring), ring));
    d0.push_back(noise >> 20 & ringMask(ring));
    d1.push_back((mask - d0.back()) & ringMask(ring));
  }
};

uint64_t mix(uint64_t i) {
  i = (i + 1) * 0x9e3779b97f4a7c15U;
  return (i ^ i >> 29) * 0xbf58476d1ce4e5b9U ^ i >> 32;
}

unsigned bitsOf(const Comparison &with) {
  return std::accumulate(with.chunks.begin(), with.chunks.end(), 0U);
}

/// The ring of results: outputs are float32.
unsigned resultRing(unsigned ring) { return std::min(ring, 24U); }

/// Compares, and reads every decision as indicator, ramp and factor of another
/// wire, twice the first one.
template <class R>
void compareAll(R &role, const Shape &shape, unsigned ring,
                const Comparison &with) {
  Wire x = openedInput(role, {shape, 0, ring});
  role.beginRound();
  Wire decided = role.compare(x, with);
  role.endRound();
  for (unsigned t = 0; t < with.thresholds.size(); ++t) {
    std::string name = std::to_string(t);
    const WireType result{shape, 0, resultRing(ring)};
    show(role, ("is" + name).c_str(),
         role.indicator(decided, t, {shape, 0, 5}));
    show(role, ("ramp" + name).c_str(),
         role.select(decided, x, t, with.thresholds[t], result));
    show(role, ("twice" + name).c_str(),
         role.select(decided, role.scaleBy(x, 2), t, 0, result));
  }
}

void checkComparison(const Cases &cases, unsigned ring,
                     const Comparison &with) {
  SCOPED_TRACE("ring " + std::to_string(ring) + ", drop " +
               std::to_string(with.drop) + ", " +
               std::to_string(with.chunks.size()) + " chunks of " +
               std::to_string(bitsOf(with)) + " bits");
  const TableRandomness r0([&](Purpose p, uint32_t op, uint64_t i) {
    return p == Purpose::Mask && op == 0 ? cases.d0[i] : mix(i * 64 + op);
  });
  const TableRandomness r1([&](Purpose, uint32_t op, uint64_t i) {
    return op == 0 ? cases.d1[i] : mix(~(i * 64 + op));
  });
  Setting setting = withTables(r0, r1);
  giveShares(setting, "x", cases.x0, cases.x1);
  const size_t n = cases.x.size(), thresholds = with.thresholds.size();
  auto body = [&](auto &role) { compareAll(role, {int64_t(n)}, ring, with); };
  Outcome outcome = run(setting, body);
  for (size_t t = 0; t < thresholds; ++t) {
    const int64_t threshold = with.thresholds[t];
    const int64_t open = with.drop == 0 ? 1 : int64_t(1) << (with.drop - 1);
    const std::string name = std::to_string(t);
    auto at = [&](const char *what, size_t i) {
      return uint64_t(integerAt(outcome.outputs[what + name], i));
    };
    size_t wrong = 0, undecided = 0;
    for (size_t i = 0; i < n; ++i) {
      int64_t above = cases.x[i] - threshold;
      uint64_t is = at("is", i);
      wrong += is > 1;
      if (above <= -open || above >= open || with.drop == 0)
        wrong += is != (above >= 0);
      else
        undecided += is != (above >= 0);
      auto differs = [&](const char *what, int64_t expected) {
        return ((at(what, i) - is * uint64_t(expected)) &
                ringMask(resultRing(ring))) != 0;
      };
      wrong += differs("ramp", above) + differs("twice", 2 * cases.x[i]);
    }
    EXPECT_EQ(wrong, 0U) << "threshold " << threshold;
    EXPECT_EQ(undecided != 0, with.drop > 0) << "threshold " << threshold;
  }
  // What the cost interface of the compiler says.
  const unsigned opened = unsigned(2 * with.chunks.size() - 1);
  const size_t each = size_t(1) << (opened - 1);
  size_t dealt = 0;
  for (unsigned bits : with.chunks)
    dealt += packedBytes(n, 1U << bits);
  dealt += thresholds * (packedBytes(each * n, 5) +
                         2 * packedBytes(2 * each * n, resultRing(ring)));
  EXPECT_EQ(outcome.dealerBytes, dealt);
  EXPECT_EQ(outcome.counters[1].bytesP1ToP0,
            packedBytes(n, ring) + packedBytes(thresholds * n, opened));
  EXPECT_EQ(outcome.counters[0].rounds, 2 + 3 * thresholds);
}

// Every value within reach of the thresholds and every mask of a small ring.
TEST(Compare, EveryValueAndMask) {
  const std::vector<unsigned> cuts[] = {
      {4}, {5}, {2, 2}, {1, 3}, {3, 2}, {1, 2, 1}, {2, 1, 2}, {1, 1, 1, 1}};
  for (const auto &chunks : cuts)
    for (unsigned drop : {0U, 1U, 2U})
      for (unsigned above : {0U, 1U}) { // bits of the ring above the compared
        const Comparison with{{0, -3, 2}, drop, chunks};
        const unsigned reach = bitsOf(with) + drop, ring = reach + above;
        const int64_t open = drop == 0 ? 1 : int64_t(1) << (drop - 1);
        const int64_t most = (int64_t(1) << (reach - 1)) - open - 3;
        Cases cases;
        for (int64_t x = -most + 1; x < most; ++x)
          for (uint64_t mask = 0; mask < uint64_t(1) << ring; ++mask)
            cases.add(x, mask, mix(mask) ^ mix(uint64_t(x)) >> 7, ring);
        checkComparison(cases, ring, with);
      }
}

// Chunks of all sizes, with step tables of up to four words.
TEST(Compare, LargeRings) {
  std::mt19937_64 random = seeded(7);
  const std::vector<unsigned> cuts[] = {{6},       {7},       {8},
                                        {1, 8},    {8, 7},    {6, 6, 5},
                                        {8, 1, 8}, {8, 8, 8}, {8, 8, 8, 8}};
  for (const auto &chunks : cuts)
    for (unsigned drop : {0U, 2U}) {
      const Comparison with{{1, -2}, drop, chunks};
      const unsigned reach = bitsOf(with) + drop, ring = reach + 4;
      const int64_t most = (int64_t(1) << (reach - 1)) - 4;
      Cases cases;
      for (unsigned i = 0; i < 3000; ++i) {
        // A third close to the thresholds.
        int64_t x = i % 3 == 0 ? int64_t(random() % 9) - 4
                               : int64_t(random() % uint64_t(2 * most)) - most;
        cases.add(x, random(), random(), ring);
      }
      checkComparison(cases, ring, with);
    }
}

/// Bits cut off a number, from the lowest on.
struct Digits {
  uint64_t rest;
  uint64_t take(unsigned bits) {
    uint64_t digit = rest & ringMask(bits);
    rest >>= bits;
    return digit;
  }
};

/// Everything the roles draw for one element: a value of 2 bits of which the
/// party that does not look holds all, masks, and halves of dealt words.
struct Draws {
  uint64_t x, d0, d1, mask0, mask1, steps, words;
  Draws(uint64_t i, unsigned opened, unsigned stepBits, unsigned wordBits) {
    Digits digits{i};
    x = digits.take(2);
    d0 = digits.take(2);
    d1 = digits.take(2);
    mask0 = digits.take(opened);
    mask1 = digits.take(opened);
    steps = stepBits ? digits.take(stepBits) : 0;
    words = wordBits ? digits.take(wordBits) : 0;
  }
};

/// Whether what a party sees of a comparison in a ring of 2 bits, and of
/// \p select, is distributed alike for every value, over all masks and halves.
void checkViews(const Comparison &with, bool select) {
  constexpr unsigned k = 2;
  const auto chunks = unsigned(with.chunks.size());
  const auto decisions = unsigned(with.thresholds.size());
  const unsigned count = 2 * chunks - 1, opened = count * decisions;
  unsigned stepBits = 0;
  for (unsigned bits : with.chunks)
    stepBits += 1U << bits;
  const unsigned wordBits = select ? 2 * k : 0; // of one case
  ASSERT_TRUE(!select || chunks == 1);
  const size_t n = size_t(1) << (3 * k + 2 * opened + stepBits + wordBits);
  auto draws = [&](uint64_t i) { return Draws(i, opened, stepBits, wordBits); };
  // Operation 0 opens x, 1 .. chunks deal steps, the next masks the bits.
  auto maskOf = [&](uint64_t i, bool first) {
    Draws all = draws(i % n);
    return (first ? all.mask0 : all.mask1) >> (count * unsigned(i / n));
  };
  const TableRandomness r0([&](Purpose purpose, uint32_t op, uint64_t i) {
    if (purpose == Purpose::Mask)
      return op == 0 ? draws(i).d0 : maskOf(i, true);
    if (op <= chunks) {
      unsigned before = 0;
      for (unsigned c = 1; c < op; ++c)
        before += 1U << with.chunks[c - 1];
      return draws(i).steps >> before;
    }
    // Words stand block by block, all of the first before all of the second.
    uint64_t inBlock = i % (2 * blockSize);
    uint64_t element = i / 2 - inBlock / 2 + inBlock % blockSize;
    return draws(element).words >> (inBlock < blockSize ? 0 : k);
  });
  const TableRandomness r1([&](Purpose, uint32_t op, uint64_t i) {
    return op == 0 ? draws(i).d1 : maskOf(i, false);
  });
  const Shape shape = {int64_t(n)};
  const std::vector<int64_t> zero(n, 0);
  std::vector<int64_t> x(n);
  for (size_t i = 0; i < n; ++i)
    x[i] = toSigned(draws(i).x, k);
  for (size_t viewer : {0U, 1U}) {
    Setting setting = withTables(r0, r1);
    giveShares(setting, "x", viewer == 0 ? zero : x, viewer == 0 ? x : zero);
    Outcome outcome = run(setting, [&](auto &role) {
      Wire masked = openedInput(role, {shape, 0, k});
      role.beginRound();
      Wire decided = role.compare(masked, with);
      role.endRound();
      if (select)
        role.select(decided, masked, 0, 1, {shape, 0, k});
    });
    const auto &peer = outcome.fromPeer[viewer];
    auto delta = unpackWords(peer, 0, n, k);
    auto bits = unpackWords(peer, packedBytes(n, k), decisions * n, count);
    size_t start = 0;
    std::vector<std::vector<uint64_t>> dealt;
    for (unsigned b : with.chunks) {
      if (viewer == 1)
        dealt.push_back(unpackWords(outcome.fromDealer, start, n, 1U << b));
      start += packedBytes(n, 1U << b);
    }
    std::vector<uint64_t> words;
    if (viewer == 1 && select)
      words = unpackWords(outcome.fromDealer, start, 2 * n, k);
    Histogram seen;
    for (size_t i = 0; i < n; ++i) {
      Draws all = draws(i);
      uint64_t view = viewer == 0 ? all.d0 << 20 | all.mask0 << 12 |
                                        all.steps << 4 | all.words
                                  : all.d1 << 6 | all.mask1;
      auto see = [&](uint64_t word, unsigned width) {
        view = view << width | word;
      };
      see(delta[i], k);
      for (unsigned t = 0; t < decisions; ++t)
        see(bits[t * n + i], count);
      for (unsigned c = 0; c < dealt.size(); ++c)
        see(dealt[c][i], 1U << with.chunks[c]);
      if (!words.empty()) {
        size_t block = i / blockSize * blockSize * 2 + i % blockSize;
        see(words[block] << k | words[block + blockSize], 2 * k);
      }
      ++seen[all.x][view];
    }
    EXPECT_EQ(seen.size(), 4U);
    EXPECT_TRUE(sameForAll(seen)) << "party " << viewer;
  }
}

TEST(Compare, MessagesDoNotDependOnTheValue) {
  checkViews({{0}, 0, {1, 1}}, /*select=*/false);
  checkViews({{0, 1}, 0, {2}}, /*select=*/false);
  checkViews({{0}, 1, {1}}, /*select=*/true);
  checkViews({{0}, 0, {2}}, /*select=*/true);
}

TEST(Compare, ReferenceDecidesExactlyAndNotesWhatIsOutOfReach) {
  Setting setting;
  setting.inputs0["x0"] = integers({-1, 0, 5, 29, 30, -29, -30, -31});
  setting.inputs1["x1"] = integers(std::vector<int64_t>(8, 0));
  const Comparison with{
      {0, 1}, 2, {4}}; // 6 bits: up to 32 - 2 from a threshold
  std::vector<RangeViolation> violations;
  TensorMap outputs = runReference(
      setting, [&](auto &role) { compareAll(role, {8}, 8, with); },
      &violations);
  for (size_t i = 0; i < 8; ++i) {
    int64_t x = integerAt(setting.inputs0["x0"], i);
    EXPECT_EQ(integerAt(outputs["is0"], i), x >= 0);
    EXPECT_EQ(integerAt(outputs["is1"], i), x >= 1);
    EXPECT_EQ(integerAt(outputs["ramp1"], i), x >= 1 ? x - 1 : 0);
  }
  ASSERT_EQ(violations.size(), 1U);
  const RangeViolation &violation = violations[0];
  EXPECT_EQ(violation.operation, "compare");
  EXPECT_EQ(violation.low, 1 - 30);
  EXPECT_EQ(violation.high, 30);
  ASSERT_EQ(violation.outside.size(), 2U); // -30 and -31
  EXPECT_EQ(violation.outside[0].index, 6U);
}

TEST(Compare, MisuseIsAnError) {
  Setting setting;
  setting.inputs0["x"] = integers({1, 2});
  runReference(setting, [](auto &role) {
    role.beginRound();
    Wire x = role.mask(role.input("x", {{2}, 0, 8}, 0));
    role.endRound();
    role.beginRound();
    for (const Comparison &bad :
         {Comparison{{}, 0, {4}}, Comparison{{0}, 0, {}},
          Comparison{{0}, 0, {9}}, Comparison{{0}, 0, {0, 4}},
          Comparison{{0}, 1, {4, 4}}, Comparison{{0}, 0, {1, 1, 1, 1, 1}}})
      EXPECT_THROW(role.compare(x, bad), std::logic_error);
    Wire decided = role.compare(x, {{0}, 0, {4, 4}});
    EXPECT_THROW(role.indicator(decided, 0, {{2}, 0, 8}), std::logic_error);
    role.endRound();
    EXPECT_THROW(role.indicator(decided, 1, {{2}, 0, 8}), std::logic_error);
    EXPECT_THROW(role.indicator(decided, 0, {{1}, 0, 8}), std::logic_error);
    EXPECT_THROW(role.select(decided, x, 0, 0, {{2}, 0, 9}), std::logic_error);
    EXPECT_THROW(role.select(x, decided, 0, 0, {{2}, 0, 8}), std::logic_error);
  });
}

} // namespace
} // namespace secformer::runtime::test
