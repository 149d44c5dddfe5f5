//===- Handshake.h - how a connection between roles begins ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_HANDSHAKE_H
#define SECFORMER_RUNTIME_HANDSHAKE_H

#include "runtime/Channel.h"

#include <cstdint>

namespace secformer::runtime {

enum class RoleId : uint8_t { Party0 = 0, Party1 = 1, Dealer = 2 };

/// "party 0", "party 1", "the dealer".
std::string toString(RoleId role);

/// Who speaks: this end's role and the hash of its program.
struct Identity {
  RoleId role;
  std::string programHash;
};

/// Both ends say what they speak, which role they are and which program they
/// run; gives the role at the other end. Throws Error, which says that it is at
/// \p where, if it is no role or runs another program.
RoleId shakeHands(Channel &channel, const Identity &self,
                  const std::string &where);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_HANDSHAKE_H
