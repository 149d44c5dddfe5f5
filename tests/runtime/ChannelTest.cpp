//===- ChannelTest.cpp - channels within a process ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Temporary.h"

#include "runtime/Channel.h"
#include "runtime/Error.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace secformer::runtime::test {
namespace {

std::vector<std::byte> bytes(size_t n, int seed) {
  std::vector<std::byte> result(n);
  for (size_t i = 0; i < n; ++i)
    result[i] = std::byte(i * 7 + size_t(seed));
  return result;
}

TEST(LocalChannel, PiecesArriveInOrder) {
  auto [a, b] = makeLocalChannel("a", "b", 1000, Timeout(5000));
  auto sent = bytes(3000, 1);
  std::thread sender([&, &channel = a] {
    for (size_t i = 0; i < 3000; i += 300)
      channel->send(std::span(sent).subspan(i, 300));
  });
  std::vector<std::byte> received(3000);
  for (size_t i = 0; i < 3000; i += 500)
    b->receive(std::span(received).subspan(i, 500));
  sender.join();
  EXPECT_EQ(received, sent);
}

TEST(LocalChannel, SilenceAndAbsenceAreErrors) {
  auto [a, b] = makeLocalChannel("party 0", "party 1", 10, Timeout(50));
  std::vector<std::byte> in(1), big(11);
  EXPECT_EQ(errorOf([&, &channel = a] { channel->receive(in); }),
            "party 1 sent nothing for 0.05 s");
  a->send(big); // one message may always wait
  EXPECT_EQ(errorOf([&, &channel = a] { channel->send(big); }),
            "party 1 read nothing for 0.05 s");
  a.reset();
  std::vector<std::byte> all(11);
  b->receive(all); // what was sent before the end still arrives
  EXPECT_EQ(errorOf([&, &channel = b] { channel->receive(in); }),
            "party 0 closed the connection");
}

} // namespace
} // namespace secformer::runtime::test
