//===- Handshake.cpp - how a connection between roles begins --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Handshake.h"

#include "runtime/Error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace secformer::runtime {
namespace {

/// What both ends send first.
struct Hello {
  static constexpr std::string_view magic = "SECFORMER";
  static constexpr uint8_t version = 1;
  static constexpr size_t hashBytes = 64;
  static constexpr size_t bytes = magic.size() + 2 + hashBytes;
  using Bytes = std::array<std::byte, bytes>;

  static Bytes of(const Identity &self) {
    Bytes result = {};
    std::memcpy(result.data(), magic.data(), magic.size());
    result[magic.size()] = std::byte(version);
    result[magic.size() + 1] = std::byte(self.role);
    std::memcpy(result.data() + magic.size() + 2, self.programHash.data(),
                std::min(self.programHash.size(), hashBytes));
    return result;
  }

  /// The role that \p theirs says it is, if it speaks as we do and runs the
  /// program of \p self.
  static RoleId check(const Bytes &theirs, const Identity &self,
                      const std::string &where) {
    const Bytes ours = of(self);
    if (std::memcmp(theirs.data(), magic.data(), magic.size()) != 0)
      throw Error("what answers at " + where +
                  " is no SecFormer program: it sent something else");
    if (theirs[magic.size()] != ours[magic.size()])
      throw Error(where + " speaks another version of the protocol");
    auto role = std::to_integer<uint8_t>(theirs[magic.size() + 1]);
    if (role > uint8_t(RoleId::Dealer))
      throw Error(where + " says it is a role that does not exist");
    const char *hash =
        reinterpret_cast<const char *>(theirs.data()) + magic.size() + 2;
    if (std::memcmp(hash, ours.data() + magic.size() + 2, hashBytes) != 0)
      throw Error(toString(RoleId(role)) +
                  " runs another program: " + printable(hash) + " there, " +
                  self.programHash.substr(0, 12) + " here");
    return RoleId(role);
  }

private:
  static std::string printable(const char *hash) {
    std::string text(hash, 12);
    for (char &c : text)
      c = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? c : '?';
    return text;
  }
};

} // namespace

std::string toString(RoleId role) {
  return role == RoleId::Dealer ? "the dealer"
                                : "party " + std::to_string(int(role));
}

RoleId shakeHands(Channel &channel, const Identity &self,
                  const std::string &where) {
  Hello::Bytes theirs;
  const Hello::Bytes ours = Hello::of(self);
  channel.exchange(ours, theirs);
  return Hello::check(theirs, self, where);
}

} // namespace secformer::runtime
