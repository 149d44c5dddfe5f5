//===- Loopback.h - plain sockets for tests -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_LOOPBACK_H
#define SECFORMER_TESTS_RUNTIME_LOOPBACK_H

#include "runtime/Config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace secformer::runtime::test {

/// A server on the loopback, to play peers that misbehave.
class RawServer {
public:
  RawServer() : fd(check(socket(AF_INET, SOCK_STREAM, 0))) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    check(bind(fd, generic, length));
    check(listen(fd, 4));
    check(getsockname(fd, generic, &length));
    port = ntohs(address.sin_port);
  }
  ~RawServer() { ::close(fd); }
  RawServer(const RawServer &) = delete;
  RawServer &operator=(const RawServer &) = delete;

  Endpoint endpoint() const { return {"127.0.0.1", port}; }

  /// Accepts one connection, says something and, after a pause, hangs up.
  void answerOnce(const std::string &bytes, Timeout pause) const {
    int connection = check(accept(fd, nullptr, nullptr));
    check(static_cast<int>(
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL)));
    std::this_thread::sleep_for(pause);
    ::close(connection);
  }

private:
  static int check(int result) {
    if (result < 0)
      throw std::runtime_error("a socket operation failed");
    return result;
  }
  const int fd;
  uint16_t port;
};

/// A port that was free a moment ago.
inline Endpoint freePort() { return RawServer().endpoint(); }

} // namespace secformer::runtime::test

#endif // SECFORMER_TESTS_RUNTIME_LOOPBACK_H
