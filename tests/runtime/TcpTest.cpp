//===- TcpTest.cpp - roles over TCP on the loopback -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Loopback.h"
#include "tests/runtime/Temporary.h"

#include "runtime/TcpChannel.h"

#include <future>
#include <gtest/gtest.h>
#include <thread>

namespace secformer::runtime::test {
namespace {

const std::string hashA(64, 'a'), hashB(64, 'b');

TEST(Tcp, LargeMessagesBothWays) {
  const Endpoint port = freePort();
  constexpr size_t n = 20'000'000; // more than any socket buffer
  auto side = [&](bool server) {
    std::unique_ptr<Channel> channel =
        server ? std::move(acceptFrom(port, {RoleId::Party0, hashA},
                                      {RoleId::Party1}, Timeout(5000))
                               .front())
               : connectTo(port, {RoleId::Party1, hashA}, RoleId::Party0,
                           Timeout(5000));
    std::vector<std::byte> out(n, std::byte(server ? 1 : 2)), in(n);
    channel->exchange(out, in);
    channel->send(std::span(out).first(3));
    channel->receive(std::span(in).first(3));
    return in == std::vector<std::byte>(n, std::byte(server ? 2 : 1));
  };
  auto other = std::async(std::launch::async, side, false);
  EXPECT_TRUE(side(true));
  EXPECT_TRUE(other.get());
}

TEST(Tcp, DealerServesPartiesInAnyOrder) {
  const Endpoint port = freePort();
  auto party = [&](RoleId id, int pause) {
    std::this_thread::sleep_for(Timeout(pause));
    auto channel = connectTo(port, {id, hashA}, RoleId::Dealer, Timeout(5000));
    std::byte got;
    channel->receive({&got, 1});
    return std::to_integer<int>(got);
  };
  auto p0 = std::async(std::launch::async, party, RoleId::Party0, 100);
  auto p1 = std::async(std::launch::async, party, RoleId::Party1, 0);
  auto channels = acceptFrom(port, {RoleId::Dealer, hashA},
                             {RoleId::Party0, RoleId::Party1}, Timeout(5000));
  for (int i : {0, 1}) {
    std::byte word{static_cast<unsigned char>(10 + i)};
    channels[size_t(i)]->send({&word, 1});
  }
  EXPECT_EQ(p0.get(), 10);
  EXPECT_EQ(p1.get(), 11);
}

TEST(Tcp, AbsentPeers) {
  const Endpoint port = freePort();
  EXPECT_EQ(errorOf([&] {
              connectTo(port, {RoleId::Party1, hashA}, RoleId::Party0,
                        Timeout(200));
            }),
            "party 1 cannot reach party 0 at " + toString(port) +
                " within 0.2 s: is it running?");
  EXPECT_EQ(errorOf([&] {
              acceptFrom(port, {RoleId::Party0, hashA}, {RoleId::Party1},
                         Timeout(200));
            }),
            "party 1 did not connect to party 0 at " + toString(port) +
                " within 0.2 s: is it running?");
  EXPECT_TRUE(contains(errorOf([&] {
                         connectTo({"no.such.host.invalid", 1},
                                   {RoleId::Party1, hashA}, RoleId::Party0,
                                   Timeout(200));
                       }),
                       {"no.such.host.invalid"}));
}

TEST(Tcp, PortInUse) {
  const RawServer taken;
  const Endpoint port = taken.endpoint();
  EXPECT_TRUE(contains(errorOf([&] {
                         acceptFrom(port, {RoleId::Dealer, hashA},
                                    {RoleId::Party0}, Timeout(200));
                       }),
                       {"the dealer cannot listen", toString(port)}));
}

/// What a party that connects says of a peer that answers so.
std::string errorWhenAnswered(const std::string &bytes, Timeout pause) {
  const RawServer peer;
  const Endpoint port = peer.endpoint();
  std::thread thread([&] { peer.answerOnce(bytes, pause); });
  std::string error = errorOf([&] {
    connectTo(port, {RoleId::Party1, hashA}, RoleId::Party0, Timeout(300));
  });
  thread.join();
  return error;
}

TEST(Tcp, PeersThatMisbehave) {
  const std::string padding(100, ' ');
  EXPECT_TRUE(contains(
      errorWhenAnswered("HTTP/1.1 400 Bad Request" + padding, Timeout(50)),
      {"no SecFormer program"}));
  EXPECT_TRUE(
      contains(errorWhenAnswered(std::string("SECFORMER\x7f\0", 11) + hashA,
                                 Timeout(50)),
               {"another version"}));
  EXPECT_TRUE(
      contains(errorWhenAnswered("SECFORMER\x01\x09" + hashA, Timeout(50)),
               {"a role that does not exist"}));
  EXPECT_TRUE(
      contains(errorWhenAnswered("SECFORMER\x01\x02" + hashA, Timeout(50)),
               {"expected party 0 at", "found the dealer"}));
  EXPECT_TRUE(contains(
      errorWhenAnswered(std::string("SECFORMER\x01\0", 11) + hashB,
                        Timeout(50)),
      {"party 0 runs another program: bbbbbbbbbbbb there, aaaaaaaaaaaa here"}));
  EXPECT_TRUE(contains(errorWhenAnswered("SECF", Timeout(50)),
                       {"closed the connection"}));
  EXPECT_TRUE(contains(errorWhenAnswered("SECF", Timeout(600)),
                       {"was silent for 0.3 s"}));
}

TEST(Tcp, APeerThatDiesIsNamed) {
  const Endpoint port = freePort();
  auto dying = std::async(std::launch::async, [&] {
    connectTo(port, {RoleId::Party1, hashA}, RoleId::Party0, Timeout(5000));
  });
  auto channel = std::move(
      acceptFrom(port, {RoleId::Party0, hashA}, {RoleId::Party1}, Timeout(5000))
          .front());
  dying.get();
  std::vector<std::byte> in(10);
  EXPECT_TRUE(contains(errorOf([&] { channel->receive(in); }),
                       {"party 1 closed the connection"}));
}

TEST(Tcp, UnexpectedRoles) {
  const Endpoint port = freePort();
  auto stranger = std::async(std::launch::async, [&] {
    return errorOf([&] {
      auto channel = connectTo(port, {RoleId::Party0, hashA}, RoleId::Dealer,
                               Timeout(2000));
      std::byte word;
      channel->receive({&word, 1});
    });
  });
  EXPECT_TRUE(contains(errorOf([&] {
                         acceptFrom(port, {RoleId::Dealer, hashA},
                                    {RoleId::Party1}, Timeout(2000));
                       }),
                       {"party 0 connected to the dealer"}));
  EXPECT_NE(stranger.get(), "no error");
}

} // namespace
} // namespace secformer::runtime::test
