//===- Channel.h - how two roles talk -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A channel is a reliable stream of bytes in both directions. Both ends know
// every length from the program, so nothing is framed. A peer that is silent
// for longer than the time-out, or gone, is an Error naming it.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_CHANNEL_H
#define SECFORMER_RUNTIME_CHANNEL_H

#include "runtime/LinkShape.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace secformer::runtime {

class Channel {
public:
  virtual ~Channel() = default;
  /// Waits while the peer is too far behind.
  virtual void send(std::span<const std::byte> bytes) = 0;
  /// Sends and never waits: parties that post messages larger than any buffer
  /// to each other do not wait for each other.
  virtual void post(std::vector<std::byte> bytes) = 0;
  /// Waits until all that was posted has left.
  virtual void flush() = 0;
  virtual void receive(std::span<std::byte> bytes) = 0;

  /// Sends and receives at the same time.
  void exchange(std::span<const std::byte> out, std::span<std::byte> in) {
    post({out.begin(), out.end()});
    receive(in);
  }
};

using Timeout = std::chrono::milliseconds;

/// "30 s", "0.5 s".
std::string toString(Timeout timeout);

/// Two ends in one process, for two threads. A send waits while more than
/// \p limit bytes are on their way. Destroying one end ends the other's
/// waiting. The names are for errors: first's peer is \p second. \p shape says
/// how slow the link is.
std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>
makeLocalChannel(const std::string &first, const std::string &second,
                 size_t limit, Timeout timeout, const LinkShape &shape = {});

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_CHANNEL_H
