//===- ProductTest.cpp - products of masked values ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/Random.h"
#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

/// Shares of small integers under a name ("x": inputs "x0" and "x1").
void share(Setting &setting, const std::string &name,
           const std::vector<int64_t> &values, std::mt19937_64 &random) {
  std::vector<int64_t> first, second;
  for (int64_t value : values) {
    first.push_back(int64_t(random() % 1000));
    second.push_back(value - first.back());
  }
  setting.inputs0[name + "0"] = integers(first);
  setting.inputs1[name + "1"] = integers(second);
}

int64_t valueOf(const Setting &s, const std::string &name, size_t i,
                Origin origin) {
  int64_t first = int64_t(s.inputs0.at(name + "0").at(i));
  int64_t second = int64_t(s.inputs1.at(name + "1").at(i));
  return origin == Origin::Party0   ? first
         : origin == Origin::Party1 ? second
                                    : first + second;
}

std::vector<int64_t> smallIntegers(size_t n, std::mt19937_64 &random) {
  std::vector<int64_t> values(n);
  for (int64_t &value : values)
    value = int64_t(random() % 200) - 100;
  return values;
}

constexpr Origin origins[] = {Origin::Party0, Origin::Party1, Origin::Shared};

TEST(Product, MatmulOfEveryOrigin) {
  auto random = seeded(1);
  Setting setting;
  share(setting, "x", smallIntegers(2 * 3 * 4, random), random);
  share(setting, "y", smallIntegers(4 * 5, random), random);
  for (Origin left : origins)
    for (Origin right : origins)
      for (unsigned ring : {32U, 60U}) {
        auto body = [&](auto &role) {
          role.beginRound();
          Wire x = operand(role, "x", {{2, 3, 4}, 0, 64}, left);
          Wire y = operand(role, "y", {{4, 5}, 0, 60}, right);
          role.endRound();
          show(role, "z", role.matmul(x, y, {{2, 3, 5}, 0, ring}));
        };
        Outcome outcome = run(setting, body);
        TensorMap exact = runReference(setting, body);
        for (size_t row = 0; row < 6; ++row)
          for (size_t column = 0; column < 5; ++column) {
            int64_t sum = 0;
            for (size_t i = 0; i < 4; ++i)
              sum += valueOf(setting, "x", row * 4 + i, left) *
                     valueOf(setting, "y", i * 5 + column, right);
            EXPECT_EQ(outcome.outputs["z"].at(row * 5 + column), double(sum));
            EXPECT_EQ(exact["z"].at(row * 5 + column), double(sum));
          }
        EXPECT_EQ(outcome.dealerBytes, packedBytes(30, ring));
      }
}

TEST(Product, BatchedMatmulBroadcasts) {
  auto random = seeded(2);
  Setting setting;
  share(setting, "x", smallIntegers(2 * 1 * 2 * 3, random), random);
  share(setting, "y", smallIntegers(4 * 3 * 2, random), random);
  auto body = [&](auto &role) {
    role.beginRound();
    Wire x = operand(role, "x", {{2, 1, 2, 3}, 0, 48}, Origin::Shared);
    Wire y = operand(role, "y", {{4, 3, 2}, 0, 48}, Origin::Shared);
    role.endRound();
    show(role, "z", role.matmul(x, y, {{2, 4, 2, 2}, 0, 48}));
  };
  Outcome outcome = run(setting, body);
  for (size_t a = 0; a < 2; ++a)
    for (size_t b = 0; b < 4; ++b)
      for (size_t i = 0; i < 2; ++i)
        for (size_t j = 0; j < 2; ++j) {
          int64_t sum = 0;
          for (size_t l = 0; l < 3; ++l)
            sum += valueOf(setting, "x", a * 6 + i * 3 + l, Origin::Shared) *
                   valueOf(setting, "y", b * 6 + l * 2 + j, Origin::Shared);
          EXPECT_EQ(outcome.outputs["z"].at(((a * 4 + b) * 2 + i) * 2 + j),
                    double(sum));
        }
}

TEST(Product, MulAndMul3Broadcast) {
  auto random = seeded(3);
  Setting setting;
  share(setting, "x", smallIntegers(2 * 3, random), random);
  share(setting, "y", smallIntegers(3, random), random);
  share(setting, "z", smallIntegers(2, random), random);
  for (Origin a : origins)
    for (Origin b : origins)
      for (Origin c : origins) {
        auto body = [&](auto &role) {
          role.beginRound();
          Wire x = operand(role, "x", {{2, 3}, 0, 52}, a);
          Wire y = operand(role, "y", {{3}, 0, 52}, b);
          Wire z = operand(role, "z", {{2, 1}, 0, 52}, c);
          role.endRound();
          show(role, "xy", role.mul(x, y, {{2, 3}, 0, 50}));
          show(role, "xyz", role.mul3(x, y, z, {{2, 3}, 0, 52}));
        };
        Outcome outcome = run(setting, body);
        TensorMap exact = runReference(setting, body);
        for (size_t i = 0; i < 2; ++i)
          for (size_t j = 0; j < 3; ++j) {
            auto xy = valueOf(setting, "x", i * 3 + j, a) *
                      valueOf(setting, "y", j, b);
            auto xyz = xy * valueOf(setting, "z", i, c);
            EXPECT_EQ(outcome.outputs["xy"].at(i * 3 + j), double(xy));
            EXPECT_EQ(outcome.outputs["xyz"].at(i * 3 + j), double(float(xyz)));
            EXPECT_EQ(exact["xyz"].at(i * 3 + j), double(float(xyz)));
          }
        EXPECT_EQ(outcome.dealerBytes,
                  packedBytes(6, 50) + packedBytes(24, 52));
      }
}

// Every pair of values, every mask and every dealt half of a ring of 2 bits:
// right, and what the dealer sends to party 1 does not depend on the masks that
// party 1 does not know.
TEST(Product, EveryValueAndMaskOfASmallRing) {
  constexpr unsigned k = 2;
  constexpr size_t n = size_t(1) << (7 * k); // x, y, d0, d1, e0, e1, c0
  auto digit = [](uint64_t i, unsigned which) { return i >> (k * which) & 3; };
  const TableRandomness r0([&](Purpose p, uint32_t op, uint64_t i) {
    return p == Purpose::Correction ? digit(i, 6) : digit(i, op == 0 ? 2 : 4);
  });
  const TableRandomness r1([&](Purpose, uint32_t op, uint64_t i) {
    return digit(i, op == 0 ? 3 : 5);
  });
  std::vector<int64_t> x(n), y(n), zero(n, 0);
  for (size_t i = 0; i < n; ++i) {
    x[i] = toSigned(digit(i, 0), k);
    y[i] = toSigned(digit(i, 1), k);
  }
  Setting setting = withTables(r0, r1);
  giveShares(setting, "x", x, zero);
  giveShares(setting, "y", zero, y);
  const Shape shape = {int64_t(n)};
  Outcome outcome =
      run(setting, [&](auto &role) { showProduct(role, {shape, 0, k}); });
  auto dealt = unpackWords(outcome.fromDealer, 0, n, k);
  size_t wrong = 0;
  Histogram seen; // by the values and masks that party 1 does not know
  for (size_t i = 0; i < n; ++i) {
    uint64_t product = digit(i, 0) * digit(i, 1) & 3;
    wrong += integerAt(outcome.outputs["z"], i) != toSigned(product, k);
    uint64_t hidden = digit(i, 0) << 4 | digit(i, 2) << 2 | digit(i, 4);
    uint64_t own = digit(i, 1) << 4 | digit(i, 3) << 2 | digit(i, 5);
    ++seen[hidden][own << 2 | dealt[i]];
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_TRUE(sameForAll(seen));
}

TEST(Product, FactorsInNarrowRings) {
  auto random = seeded(4);
  Setting setting;
  share(setting, "x", smallIntegers(2 * 3, random), random);
  share(setting, "y", smallIntegers(3, random), random);
  // Both narrow, so that both top bits count or not; one; a square.
  struct {
    unsigned x, y;
    size_t dealt;
  } cases[] = {
      {13, 20,
       packedBytes(6, 50) * 2 + packedBytes(6, 37) * 2 + packedBytes(3, 50) +
           packedBytes(3, 30) + packedBytes(6, 30) + packedBytes(6, 17)},
      {30, 20,
       packedBytes(6, 50) * 2 + packedBytes(6, 20) * 2 + packedBytes(3, 50) +
           packedBytes(3, 30) + packedBytes(6, 30)},
      {13, 50, packedBytes(6, 50) * 2 + packedBytes(6, 37) * 2},
      {60, 13,
       packedBytes(3, 50) + packedBytes(3, 37) + packedBytes(6, 50) +
           packedBytes(6, 37)},
  };
  for (Origin a : origins)
    for (Origin b : origins)
      for (const auto &[xRing, yRing, dealt] : cases) {
        auto body = [&](auto &role) {
          role.beginRound();
          Wire x = operand(role, "x", {{2, 3}, 0, xRing}, a);
          Wire y = operand(role, "y", {{3}, 0, yRing}, b);
          role.endRound();
          show(role, "xy", role.mul(x, y, {{2, 3}, 0, 50}));
        };
        Outcome outcome = run(setting, body);
        TensorMap exact = runReference(setting, body);
        for (size_t i = 0; i < 6; ++i) {
          auto xy =
              valueOf(setting, "x", i, a) * valueOf(setting, "y", i % 3, b);
          EXPECT_EQ(outcome.outputs["xy"].at(i), double(xy)) << xRing;
          EXPECT_EQ(exact["xy"].at(i), double(xy));
        }
        EXPECT_EQ(outcome.dealerBytes, dealt);
      }
  auto square = [&](auto &role) {
    role.beginRound();
    Wire x = operand(role, "x", {{2, 3}, 0, 9}, Origin::Shared);
    role.endRound();
    show(role, "xx", role.mul(x, x, {{2, 3}, 0, 40}));
  };
  Outcome outcome = run(setting, square);
  for (size_t i = 0; i < 6; ++i) {
    auto x = valueOf(setting, "x", i, Origin::Shared);
    EXPECT_EQ(outcome.outputs["xx"].at(i), double(x * x));
  }
  EXPECT_EQ(outcome.dealerBytes,
            2 * packedBytes(6, 40) + 2 * packedBytes(6, 31));
}

// Every two values that may be extended, every mask and, of the dealt halves,
// one at a time: right, and every word that the dealer sends to party 1 is
// distributed alike for all that it does not know.
TEST(Product, ExtensionOfEveryValueAndMask) {
  constexpr unsigned k = 4, wide = 7;
  constexpr size_t half = size_t(1) << wide;
  // x and y of k - 2 and one sign bit, d0, e0; a dealt half.
  constexpr size_t n = size_t(1) << (2 * (k - 1) + 2 * k);
  auto bits = [](uint64_t i, unsigned from, unsigned count) {
    return i >> from & ((uint64_t(1) << count) - 1);
  };
  std::vector<int64_t> x(n), y(n), zero(n, 0);
  for (size_t i = 0; i < n; ++i) {
    x[i] = toSigned(bits(i, 0, k - 1), k - 1);
    y[i] = toSigned(bits(i, k - 1, k - 1), k - 1);
  }
  const Shape shape = {int64_t(n)};
  for (uint64_t own : {3, 12}) {        // masks of party 1
    std::map<unsigned, Histogram> seen; // by message and what is hidden
    for (uint64_t dealt = 0; dealt < half; ++dealt) {
      const TableRandomness r0([&](Purpose p, uint32_t op, uint64_t i) {
        return p == Purpose::Correction
                   ? dealt
                   : bits(i, 2 * (k - 1) + (op == 0 ? 0 : k), k);
      });
      const TableRandomness r1(
          [&](Purpose, uint32_t op, uint64_t) { return own + 2 * op; });
      Setting setting = withTables(r0, r1);
      giveShares(setting, "x", x, zero);
      giveShares(setting, "y", zero, y);
      Outcome outcome = run(setting, [&](auto &role) {
        role.beginRound();
        Wire a = operand(role, "x", {shape, 0, k}, Origin::Shared);
        Wire b = operand(role, "y", {shape, 0, k}, Origin::Shared);
        role.endRound();
        show(role, "xy", role.mul(a, b, {shape, 0, wide}));
      });
      size_t wrong = 0;
      for (size_t i = 0; i < n; ++i)
        wrong += integerAt(outcome.outputs["xy"], i) !=
                 toSigned(uint64_t(x[i] * y[i]) & (half - 1), wide);
      ASSERT_EQ(wrong, 0U);
      size_t start = 0;
      for (unsigned message = 0; message < 7; ++message) {
        const bool top = message & 1; // of one mask
        const unsigned width = top || message == 6 ? wide - k : wide;
        auto words = unpackWords(outcome.fromDealer, start, n, width);
        for (size_t i = 0; i < n; i += 37)
          ++seen[message][i][words[i]];
        start += packedBytes(n, width);
      }
      ASSERT_EQ(start, outcome.fromDealer.size());
    }
    for (const auto &[message, histogram] : seen)
      EXPECT_TRUE(sameForAll(histogram)) << message;
  }
}

// Every three values, every mask of party 0 and every dealt half of a ring of 2
// bits, with two masks of party 1: right, and the four words that the dealer
// sends to party 1 do not depend on what it does not know.
TEST(Product, ThreeFactorsOfASmallRing) {
  constexpr unsigned k = 2;
  constexpr size_t n = size_t(1) << (10 * k); // x, y, z, d0, e0, f0, 4 halves
  auto digit = [](uint64_t i, unsigned which) { return i >> (k * which) & 3; };
  const TableRandomness r0([&](Purpose p, uint32_t op, uint64_t i) {
    return p == Purpose::Correction ? digit(i % n, 6 + unsigned(i / n))
                                    : digit(i, 3 + op);
  });
  std::vector<int64_t> values[3], zero(n, 0);
  for (unsigned which = 0; which < 3; ++which)
    for (size_t i = 0; i < n; ++i)
      values[which].push_back(toSigned(digit(i, which), k));
  const Shape shape = {int64_t(n)};
  for (uint64_t own : {1, 2}) {
    const TableRandomness r1([&](Purpose, uint32_t op, uint64_t) {
      return own * (op + 1); // 1, 2, 3 or 2, 0, 2
    });
    Setting setting = withTables(r0, r1);
    giveShares(setting, "x", values[0], zero);
    giveShares(setting, "y", zero, values[1]);
    giveShares(setting, "z", values[2], zero);
    Outcome outcome = run(setting, [&](auto &role) {
      const WireType type{shape, 0, k};
      role.beginRound();
      Wire x = operand(role, "x", type, Origin::Shared);
      Wire y = operand(role, "y", type, Origin::Shared);
      Wire z = operand(role, "z", type, Origin::Shared);
      role.endRound();
      show(role, "xyz", role.mul3(x, y, z, type));
    });
    auto dealt = unpackWords(outcome.fromDealer, 0, 4 * n, k);
    size_t wrong = 0;
    Histogram seen;
    for (size_t i = 0; i < n; ++i) {
      uint64_t product = digit(i, 0) * digit(i, 1) * digit(i, 2) & 3;
      wrong += integerAt(outcome.outputs["xyz"], i) != toSigned(product, k);
      uint64_t words = 0;
      for (unsigned which = 0; which < 4; ++which)
        words = words << k | dealt[which * n + i];
      ++seen[i & 0xfff][words];
    }
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(seen.size(), 4096U);
    EXPECT_TRUE(sameForAll(seen));
  }
}

} // namespace
} // namespace secformer::runtime::test
