//===- TruncateSoakTest.cpp - a hundred million truncations ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/Random.h"
#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

struct Tally {
  size_t down = 0, up = 0, wrong = 0;
};

/// \p n random values in the admissible range of a k-bit ring with random
/// shares; the parties compare the result with floor(x / 2^t) on shares, so
/// that only the difference is revealed: 0 or 1, anything else is wrong.
void tally(Tally &seen, unsigned k, unsigned t, size_t n, uint64_t seed) {
  auto random = seeded(seed);
  std::vector<int64_t> x0(n), x1(n), expected(n);
  for (size_t i = 0; i < n; ++i) {
    int64_t x = toSigned(random() & ringMask(k - 1), k - 1);
    x0[i] = toSigned(random() & ringMask(k), k);
    x1[i] = toSigned(uint64_t(x - x0[i]) & ringMask(k), k);
    expected[i] = x >> t;
  }
  Setting setting;
  giveShares(setting, "x", x0, x1, t);
  setting.inputs1["expected"] = integers(expected);
  const Shape shape = {int64_t(n)};
  Outcome outcome = run(setting, [&](auto &role) {
    Wire x = sharedInput(role, {shape, t, k});
    role.beginRound();
    Wire y = role.truncate(x, {shape, 0, k});
    role.endRound();
    Wire floor = role.share(role.input("expected", {shape, 0, k}, 1));
    show(role, "difference", role.sub(y, floor));
  });
  for (float difference : outcome.outputs["difference"].as<float>())
    ++(difference == 0 ? seen.down : difference == 1 ? seen.up : seen.wrong);
}

TEST(TruncateSoak, HundredMillion) {
  constexpr size_t chunk = 1'000'000;
  Tally seen;
  for (uint64_t i = 0; i < 100; ++i)
    if (i % 2 == 0)
      tally(seen, 52, 12, chunk, i);
    else
      tally(seen, 31, 12, chunk, i);
  EXPECT_EQ(seen.wrong, 0U);
  EXPECT_EQ(seen.up + seen.down, 100 * chunk);
  // Rounding is fair: the error is centred on zero.
  EXPECT_NEAR(double(seen.up) / (100 * chunk), 0.5, 1e-3);
}

} // namespace
} // namespace secformer::runtime::test
