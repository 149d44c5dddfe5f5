//===- LinkShape.cpp - a link as slow as a network ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/LinkShape.h"

#include "runtime/Error.h"

#include <charconv>

namespace secformer::runtime {

LinkShape parseLinkShape(const std::string &text) {
  double roundTrip = 0, megabits = 0;
  const char *const end = text.data() + text.size();
  auto first = std::from_chars(text.data(), end, roundTrip);
  bool valid = first.ec == std::errc() && first.ptr != end && *first.ptr == ',';
  if (valid) {
    auto second = std::from_chars(first.ptr + 1, end, megabits);
    valid = second.ec == std::errc() && second.ptr == end;
  }
  if (!valid || !(roundTrip >= 0 && roundTrip <= 60'000) ||
      !(megabits >= 1e-3 && megabits <= 1e9))
    throw Error("--shape " + text +
                ": expected a round trip of 0 to 60000 ms and 0.001 to 1e9 "
                "Mb/s, as in --shape 40,100");
  return {roundTrip * 1e-3, 8e-6 / megabits};
}

} // namespace secformer::runtime
