//===- Pack.h - k-bit words as bytes --------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Words of k bits (1..64) stand one after another in a little-endian bit
// stream; n words take ceil(n * k / 8) bytes and the last byte is padded with
// zero bits. This is the format of every message and of the PRG's words.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PACK_H
#define SECFORMER_RUNTIME_PACK_H

#include <cstddef>
#include <cstdint>
#include <span>

namespace secformer::runtime {

constexpr size_t packedBytes(size_t n, unsigned bits) {
  return n / 8 * bits + (n % 8 * bits + 7) / 8;
}

/// \p words must be below 2^bits; \p out holds packedBytes bytes.
void pack(std::span<const uint64_t> words, unsigned bits,
          std::span<std::byte> out);
/// The inverse. Padding bits are ignored.
void unpack(std::span<const std::byte> bytes, unsigned bits,
            std::span<uint64_t> words);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PACK_H
