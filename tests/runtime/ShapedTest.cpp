//===- ShapedTest.cpp - links with latency and bandwidth ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Temporary.h"

#include "runtime/Channel.h"
#include "runtime/Seconds.h"

#include <future>
#include <gtest/gtest.h>
#include <thread>

namespace secformer::runtime::test {
namespace {

using Ends = std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>;

Ends shapedEnds(const char *shape) {
  return makeLocalChannel("a", "b", 0, Timeout(5000), parseLinkShape(shape));
}

std::vector<std::byte> bytes(size_t n, size_t seed) {
  std::vector<std::byte> result(n);
  for (size_t i = 0; i < n; ++i)
    result[i] = std::byte((i + seed) * 0x9e3779b97f4a7c15 >> 56);
  return result;
}

/// Both ends exchange \p n bytes \p times; did each get what the other sent?
bool exchangeAll(const Ends &ends, size_t n, int times) {
  auto side = [&](Channel &channel, size_t self, size_t other) {
    bool right = true;
    std::vector<std::byte> in(n);
    for (int i = 0; i < times; ++i) {
      channel.exchange(bytes(n, self + size_t(i)), in);
      right = right && in == bytes(n, other + size_t(i));
    }
    return right;
  };
  auto there =
      std::async(std::launch::async, [&] { return side(*ends.second, 77, 5); });
  const bool here = side(*ends.first, 5, 77);
  return there.get() && here;
}

TEST(Shaped, EveryRoundTakesHalfARoundTrip) {
  const Ends ends = shapedEnds("100,1000");
  const double spent = secondsOf([&] { EXPECT_TRUE(exchangeAll(ends, 8, 4)); });
  EXPECT_GE(spent, 0.2);
  EXPECT_LT(spent, 0.39); // not a whole one
}

TEST(Shaped, BandwidthIsPerDirection) {
  const Ends ends = shapedEnds("0,80");
  const double spent =
      secondsOf([&] { EXPECT_TRUE(exchangeAll(ends, 3'000'000, 1)); });
  EXPECT_GE(spent, 0.3);
  EXPECT_LT(spent, 0.59); // not one after the other
}

TEST(Shaped, PiecesArriveWhileTheRestIsOnItsWay) {
  const Ends ends = shapedEnds("0,80");
  ends.first->post(bytes(3'000'000, 1));
  std::vector<std::byte> in(1'000'000);
  EXPECT_LT(secondsOf([&] { ends.second->receive(in); }), 0.29);
}

TEST(Shaped, ComputingHidesWhatIsOnItsWay) {
  const Ends ends = shapedEnds("400,1000");
  std::vector<std::byte> in(8);
  ends.first->post(bytes(8, 1));
  std::this_thread::sleep_for(Timeout(200));
  EXPECT_LT(secondsOf([&] { ends.second->receive(in); }), 0.19);
  EXPECT_EQ(in, bytes(8, 1));
}

TEST(Shaped, ShapesAreCheckedText) {
  EXPECT_DOUBLE_EQ(parseLinkShape("40,100").roundTrip, 0.04);
  EXPECT_DOUBLE_EQ(parseLinkShape("0.5,1e3").secondsPerByte, 8e-9);
  for (const char *text : {"", "40", "40,", ",100", "40,0", "-1,100", "40,100x",
                           "nan,1", "1,inf", "60001,1"})
    EXPECT_EQ(errorOf([&] { parseLinkShape(text); }),
              "--shape " + std::string(text) +
                  ": expected a round trip of 0 to 60000 ms and 0.001 to 1e9 "
                  "Mb/s, as in --shape 40,100");
}

} // namespace
} // namespace secformer::runtime::test
