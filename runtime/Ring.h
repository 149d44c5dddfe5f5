//===- Ring.h - integers modulo powers of two -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Scalars of Z_2^k (1 <= k <= 64) in uint64_t, always reduced.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_RING_H
#define SECFORMER_RUNTIME_RING_H

#include <cstdint>

namespace secformer::runtime {

/// 2^k - 1.
constexpr uint64_t ringMask(unsigned k) { return ~uint64_t(0) >> (64 - k); }

/// The representative in [-2^(k-1), 2^(k-1)).
constexpr int64_t toSigned(uint64_t value, unsigned k) {
  return static_cast<int64_t>(value << (64 - k)) >> (64 - k);
}

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_RING_H
