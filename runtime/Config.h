//===- Config.h - where the roles are -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_CONFIG_H
#define SECFORMER_RUNTIME_CONFIG_H

#include "runtime/Channel.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace secformer::runtime {

struct Endpoint {
  std::string host;
  uint16_t port = 0;
};

/// "127.0.0.1:9001"; an IPv6 host stands in brackets.
std::string toString(const Endpoint &endpoint);

/// parties.toml:
///     timeout = 30                      # seconds, optional
///     [party0]
///     address = "127.0.0.1:9001"        # where party 1 finds party 0
///     listen = "0.0.0.0:9001"           # optional, if it is not the address
///     [dealer]
///     address = "127.0.0.1:9000"        # where both parties find the dealer
///     listen = "0.0.0.0:9000"           # optional
struct Config {
  struct Server {
    Endpoint address;
    Endpoint listen;
  };
  Server party0;
  Server dealer;
  std::optional<Timeout> timeout;
};

/// Throws Error naming the file, the line and what was expected.
Config readConfig(const std::string &path);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_CONFIG_H
