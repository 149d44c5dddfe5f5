//===- TcpChannel.cpp - roles on different machines -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/TcpChannel.h"

#include "runtime/Error.h"

#include <algorithm>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <deque>
#include <thread>

namespace secformer::runtime {
namespace {

using Tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

/// A socket and the context that runs its operations.
struct Link {
  asio::io_context context;
  Tcp::socket socket{context};
};

class TcpChannel final : public Channel {
public:
  TcpChannel(std::unique_ptr<Link> open, std::string peerName, Timeout timeout)
      : link(std::move(open)), peer(std::move(peerName)), timeout(timeout) {
    asio::error_code ignored;
    link->socket.set_option(Tcp::no_delay(true), ignored);
  }

  void send(std::span<const std::byte> bytes) override {
    post({bytes.begin(), bytes.end()});
    flush();
  }

  void post(std::vector<std::byte> bytes) override {
    if (bytes.empty())
      return;
    waiting.push_back(std::move(bytes));
    if (waiting.size() == 1)
      writeNext();
    link->context.restart();
    link->context.poll(); // as much as the system takes at once
  }

  void flush() override {
    runWhile([&] { return !waiting.empty(); });
  }

  void receive(std::span<std::byte> bytes) override {
    bool reading = !bytes.empty();
    if (reading)
      asio::async_read(link->socket, asio::buffer(bytes.data(), bytes.size()),
                       [&](const asio::error_code &error, size_t) {
                         reading = false;
                         note(error);
                       });
    runWhile([&] { return reading; });
  }

  void rename(std::string name) { peer = std::move(name); }

private:
  void writeNext() {
    asio::async_write(link->socket, asio::buffer(waiting.front()),
                      [this](const asio::error_code &error, size_t) {
                        note(error);
                        waiting.pop_front();
                        if (error)
                          waiting.clear();
                        if (!waiting.empty())
                          writeNext();
                      });
  }

  void note(const asio::error_code &error) {
    if (error && !failure)
      failure = error;
  }

  /// Every piece that is sent or arrives is a handler: no handler for the
  /// length of the time-out means no progress.
  template <class Busy> void runWhile(Busy busy) {
    link->context.restart();
    bool silent = false;
    while (busy() && !failure && !silent)
      silent = link->context.run_one_for(timeout) == 0;
    if (!failure && !silent)
      return;
    asio::error_code ignored;
    link->socket.close(ignored); // ends what still runs, with an error
    const asio::error_code first = failure;
    link->context.restart();
    link->context.run();
    if (silent)
      throw Error(peer + " was silent for " + toString(timeout));
    throw Error(peer + " closed the connection (" + first.message() +
                "): see what it said");
  }

  const std::unique_ptr<Link> link;
  std::string peer;
  const Timeout timeout;
  std::deque<std::vector<std::byte>> waiting; // the first is being written
  asio::error_code failure;
};

Tcp::resolver::results_type resolve(asio::io_context &context,
                                    const Endpoint &endpoint) {
  asio::error_code error;
  auto found = Tcp::resolver(context).resolve(
      endpoint.host, std::to_string(endpoint.port), error);
  if (error)
    throw Error("cannot find the host of " + toString(endpoint) + ": " +
                error.message());
  return found;
}

/// Runs the context's one operation until it is done or the time is over.
bool runUntil(asio::io_context &context, Clock::time_point end,
              const bool &done) {
  context.restart();
  while (!done && context.run_one_until(end) != 0)
    ;
  return done;
}

} // namespace

std::unique_ptr<Channel> connectTo(const Endpoint &endpoint,
                                   const Identity &self, RoleId peer,
                                   Timeout timeout) {
  const auto end = Clock::now() + timeout;
  const std::string where = toString(peer) + " at " + toString(endpoint);
  while (true) {
    auto link = std::make_unique<Link>();
    bool done = false;
    asio::error_code failure;
    asio::async_connect(link->socket, resolve(link->context, endpoint),
                        [&](const asio::error_code &error, const auto &) {
                          failure = error;
                          done = true;
                        });
    bool finished = runUntil(link->context, end, done);
    if (finished && !failure) {
      auto channel =
          std::make_unique<TcpChannel>(std::move(link), where, timeout);
      RoleId found = shakeHands(*channel, self, where);
      if (found != peer)
        throw Error("expected " + where + ", found " + toString(found));
      channel->rename(toString(peer));
      return channel;
    }
    if (!finished) {
      asio::error_code ignored;
      link->socket.close(ignored);
      link->context.run();
    }
    constexpr Timeout pause(50);
    if (Clock::now() + pause >= end)
      throw Error(toString(self.role) + " cannot reach " + where + " within " +
                  toString(timeout) + ": is it running?");
    std::this_thread::sleep_for(pause);
  }
}

std::vector<std::unique_ptr<Channel>>
acceptFrom(const Endpoint &endpoint, const Identity &self,
           const std::vector<RoleId> &peers, Timeout timeout) {
  const auto end = Clock::now() + timeout;
  asio::io_context listening;
  Tcp::acceptor acceptor(listening);
  try {
    const Tcp::endpoint local =
        resolve(listening, endpoint).begin()->endpoint();
    acceptor.open(local.protocol());
    acceptor.set_option(Tcp::acceptor::reuse_address(true));
    acceptor.bind(local);
    acceptor.listen();
  } catch (const asio::system_error &error) {
    throw Error(toString(self.role) + " cannot listen at " +
                toString(endpoint) + ": " + error.code().message());
  }
  std::vector<std::unique_ptr<Channel>> channels(peers.size());
  for (size_t accepted = 0; accepted < peers.size(); ++accepted) {
    auto link = std::make_unique<Link>();
    bool done = false;
    asio::error_code failure;
    acceptor.async_accept(link->socket, [&](const asio::error_code &error) {
      failure = error;
      done = true;
    });
    if (!runUntil(listening, end, done) || failure) {
      asio::error_code ignored;
      acceptor.close(ignored);
      listening.restart();
      listening.run();
      size_t missing = 0;
      while (channels[missing])
        ++missing;
      throw Error(toString(peers[missing]) + " did not connect to " +
                  toString(self.role) + " at " + toString(endpoint) +
                  " within " + toString(timeout) + ": is it running?");
    }
    const std::string where =
        "the peer that connected to " + toString(endpoint);
    auto channel =
        std::make_unique<TcpChannel>(std::move(link), where, timeout);
    RoleId found = shakeHands(*channel, self, where);
    size_t index =
        size_t(std::find(peers.begin(), peers.end(), found) - peers.begin());
    if (index == peers.size() || channels[index])
      throw Error(toString(found) + " connected to " + toString(self.role) +
                  ", which did not wait for it" +
                  (index == peers.size() ? "" : " twice"));
    channel->rename(toString(found));
    channels[index] = std::move(channel);
  }
  return channels;
}

} // namespace secformer::runtime
