//===- PackKernels.h - the inner loops of Pack.h --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PACKKERNELS_H
#define SECFORMER_RUNTIME_PACKKERNELS_H

#include "runtime/Processor.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace secformer::runtime::detail {

/// pack and unpack on a given path, in one thread, for buffers that fit.
void packOn(Path path, std::span<const uint64_t> words, unsigned bits,
            std::span<std::byte> out);
void unpackOn(Path path, std::span<const std::byte> bytes, unsigned bits,
              std::span<uint64_t> words);

#ifdef __x86_64__
// Each does as many words from the first on as it can, a multiple of 8, so
// that the next word starts at a byte, and returns their number.

/// x86-64-v4.
size_t packAvx512(std::span<const uint64_t> words, unsigned bits,
                  std::span<std::byte> out);
/// AVX-512 VBMI.
size_t unpackVbmi(std::span<const std::byte> bytes, unsigned bits,
                  std::span<uint64_t> words);
/// x86-64-v3; words of up to 57 bits, none of longer ones.
size_t unpackAvx2(std::span<const std::byte> bytes, unsigned bits,
                  std::span<uint64_t> words);
#endif

} // namespace secformer::runtime::detail

#endif // SECFORMER_RUNTIME_PACKKERNELS_H
