//===- LinkShape.h - a link as slow as a network --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_LINKSHAPE_H
#define SECFORMER_RUNTIME_LINKSHAPE_H

#include <string>

namespace secformer::runtime {

/// What a link between two roles of one process imposes on its messages, each
/// way: a byte arrives half a round trip after the line was free to carry it.
struct LinkShape {
  double roundTrip = 0;      ///< seconds
  double secondsPerByte = 0; ///< 8 / (bits per second)
};

/// "40,100": a round trip of 40 ms at 100 Mb/s. Throws Error.
LinkShape parseLinkShape(const std::string &text);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_LINKSHAPE_H
