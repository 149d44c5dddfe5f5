//===- LocalChannel.cpp - two roles in one process ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Channel.h"

#include "runtime/Error.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace secformer::runtime {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// One direction: messages in order, read in any pieces.
class Pipe {
public:
  Pipe(size_t limit, const LinkShape &shape) : limit(limit), shape(shape) {}

  enum class Result { Done, TimedOut, Closed };

  /// \p bounded: waits while the pipe is full.
  Result write(std::vector<std::byte> bytes, bool bounded, Timeout timeout) {
    std::unique_lock lock(mutex);
    if (bounded && !changed.wait_for(lock, timeout, [&] {
          return closed || queued == 0 || queued + bytes.size() <= limit;
        }))
      return Result::TimedOut;
    if (closed)
      return Result::Closed;
    queued += bytes.size();
    const Clock::time_point start = std::max(lineFree, Clock::now());
    lineFree = start + carrying(bytes.size());
    messages.push_back({start, std::move(bytes)});
    changed.notify_all();
    return Result::Done;
  }

  Result read(std::span<std::byte> to, Timeout timeout) {
    std::unique_lock lock(mutex);
    while (!to.empty()) {
      if (!changed.wait_for(lock, timeout,
                            [&] { return closed || !messages.empty(); }))
        return Result::TimedOut;
      if (messages.empty())
        return Result::Closed;
      const auto &[start, front] = messages.front();
      size_t n = std::min(to.size(), front.size() - taken);
      if (const auto spent = carrying(taken + n) + latency;
          spent > Clock::duration(0)) {
        lock.unlock(); // Only this end takes messages out.
        std::this_thread::sleep_until(start + spent);
        lock.lock();
      }
      std::copy_n(front.begin() + ptrdiff_t(taken), n, to.begin());
      to = to.subspan(n);
      taken += n;
      queued -= n;
      if (taken == front.size()) {
        messages.pop_front();
        taken = 0;
      }
      changed.notify_all();
    }
    return Result::Done;
  }

  void close() {
    std::lock_guard lock(mutex);
    closed = true;
    changed.notify_all();
  }

private:
  struct Message {
    Clock::time_point start; ///< when the line was free to carry it
    std::vector<std::byte> bytes;
  };

  Clock::duration carrying(size_t bytes) const {
    return std::chrono::duration_cast<Clock::duration>(
        Seconds(double(bytes) * shape.secondsPerByte));
  }

  const size_t limit;
  const LinkShape shape;
  const Clock::duration latency =
      std::chrono::duration_cast<Clock::duration>(Seconds(shape.roundTrip / 2));
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Message> messages;
  Clock::time_point lineFree; // after everything written
  size_t taken = 0;           // bytes of the first message
  size_t queued = 0;          // bytes of all
  bool closed = false;
};

class LocalChannel final : public Channel {
public:
  LocalChannel(std::shared_ptr<Pipe> out, std::shared_ptr<Pipe> in,
               std::string peer, Timeout timeout)
      : outgoing(std::move(out)), incoming(std::move(in)),
        peer(std::move(peer)), timeout(timeout) {}
  ~LocalChannel() override {
    outgoing->close();
    incoming->close();
  }

  void send(std::span<const std::byte> bytes) override {
    check(outgoing->write({bytes.begin(), bytes.end()}, true, timeout),
          " read nothing for ");
  }

  /// If the peer is gone, the next receive says so.
  void post(std::vector<std::byte> bytes) override {
    if (!bytes.empty())
      outgoing->write(std::move(bytes), false, timeout);
  }

  void flush() override {}

  void receive(std::span<std::byte> bytes) override {
    check(incoming->read(bytes, timeout), " sent nothing for ");
  }

private:
  void check(Pipe::Result result, const char *silence) const {
    switch (result) {
    case Pipe::Result::Done:
      return;
    case Pipe::Result::TimedOut:
      throw Error(peer + silence + toString(timeout));
    case Pipe::Result::Closed:
      throw Error(peer + " closed the connection");
    }
  }

  const std::shared_ptr<Pipe> outgoing, incoming;
  const std::string peer;
  const Timeout timeout;
};

} // namespace

std::string toString(Timeout timeout) {
  char text[32];
  std::snprintf(text, sizeof(text), "%g s", double(timeout.count()) / 1000);
  return text;
}

std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>
makeLocalChannel(const std::string &first, const std::string &second,
                 size_t limit, Timeout timeout, const LinkShape &shape) {
  auto there = std::make_shared<Pipe>(limit, shape);
  auto back = std::make_shared<Pipe>(limit, shape);
  return {std::make_unique<LocalChannel>(there, back, second, timeout),
          std::make_unique<LocalChannel>(back, there, first, timeout)};
}

} // namespace secformer::runtime
