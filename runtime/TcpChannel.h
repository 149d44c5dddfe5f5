//===- TcpChannel.h - roles on different machines -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A connection begins with a handshake; the dealer then sends a party its key.
// These bytes are not part of any counted cost. The connection is not
// encrypted: run it inside a network or tunnel that is.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_TCPCHANNEL_H
#define SECFORMER_RUNTIME_TCPCHANNEL_H

#include "runtime/Config.h"
#include "runtime/Handshake.h"
#include "runtime/Prg.h"

namespace secformer::runtime {

/// Connects to \p peer, which may start later than this end: retries until the
/// time-out. Throws Error if it is absent, silent, another role or runs
/// another program.
std::unique_ptr<Channel> connectTo(const Endpoint &endpoint,
                                   const Identity &self, RoleId peer,
                                   Timeout timeout);

/// Waits at \p endpoint for every role of \p peers, in any order; the channels
/// are in the order of \p peers.
std::vector<std::unique_ptr<Channel>>
acceptFrom(const Endpoint &endpoint, const Identity &self,
           const std::vector<RoleId> &peers, Timeout timeout);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_TCPCHANNEL_H
