//===- Pack.cpp - k-bit words as bytes ------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Pack.h"

#include "runtime/PackKernels.h"
#include "runtime/Ring.h"
#include "runtime/Threads.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace secformer::runtime {
namespace {

static_assert(std::endian::native == std::endian::little,
              "words are copied as little-endian bytes");

void check(size_t words, unsigned bits, size_t bytes) {
  if (bits < 1 || bits > 64 || bytes != packedBytes(words, bits))
    throw std::logic_error("pack: the buffer does not fit the words");
}

/// The word at a bit position of a stream that can be read 9 bytes from there.
inline uint64_t wordAt(const std::byte *stream, size_t position,
                       unsigned bits) {
  unsigned shift = position % 8;
  uint64_t low;
  std::memcpy(&low, stream + position / 8, 8);
  low >>= shift;
  if (bits > 57 && shift != 0 && shift + bits > 64)
    low |= std::to_integer<uint64_t>(stream[position / 8 + 8]) << (64 - shift);
  return low & ringMask(bits);
}

void packPortable(std::span<const uint64_t> words, unsigned bits,
                  std::span<std::byte> out) {
  std::byte *to = out.data();
  uint64_t gathered = 0;
  unsigned filled = 0; // bits in gathered, below 64
  for (uint64_t word : words) {
    gathered |= word << filled;
    filled += bits;
    if (filled < 64)
      continue;
    std::memcpy(to, &gathered, 8);
    to += 8;
    filled -= 64;
    gathered = filled ? word >> (bits - filled) : 0;
  }
  if (filled != 0)
    std::memcpy(to, &gathered, (filled + 7) / 8);
}

void unpackPortable(std::span<const std::byte> bytes, unsigned bits,
                    std::span<uint64_t> words) {
  // Words before `safe` start at least 9 bytes before the end.
  size_t safe = 0;
  if (bytes.size() >= 9)
    safe = std::min(words.size(), ((bytes.size() - 8) * 8 - 1) / bits + 1);
  if (bits <= 57)
    for (size_t i = 0; i < safe; ++i)
      words[i] = wordAt(bytes.data(), i * bits, std::min(bits, 57U));
  else
    for (size_t i = 0; i < safe; ++i)
      words[i] = wordAt(bytes.data(), i * bits, bits);
  if (safe == words.size())
    return;
  std::byte end[24] = {}; // what is left, at most 9 bytes, and zeros
  size_t start = safe * bits / 8;
  std::memcpy(end, bytes.data() + start, bytes.size() - start);
  for (size_t i = safe; i < words.size(); ++i)
    words[i] = wordAt(end, i * bits - start * 8, bits);
}

constexpr size_t grain = size_t(1) << 15; // words; worth a thread

/// Calls piece(words, bytes) for pieces that start at bytes.
template <class Words, class Bytes, class Piece>
void forPieces(Words words, unsigned bits, Bytes bytes, Piece piece) {
  check(words.size(), bits, bytes.size());
  parallelFor(words.size(), grain, [&](size_t begin, size_t end) {
    piece(words.subspan(begin, end - begin),
          bytes.subspan(begin / 8 * bits, packedBytes(end - begin, bits)));
  });
}

} // namespace

namespace detail {

void packOn(Path path, std::span<const uint64_t> words, unsigned bits,
            std::span<std::byte> out) {
  size_t done = 0;
#ifdef __x86_64__
  if (path >= Path::Avx512)
    done = packAvx512(words, bits, out);
#else
  (void)path;
#endif
  packPortable(words.subspan(done), bits, out.subspan(done / 8 * bits));
}

void unpackOn(Path path, std::span<const std::byte> bytes, unsigned bits,
              std::span<uint64_t> words) {
  size_t done = 0;
#ifdef __x86_64__
  if (path == Path::Ifma)
    done = unpackVbmi(bytes, bits, words);
  else if (path >= Path::Avx2)
    done = unpackAvx2(bytes, bits, words);
#else
  (void)path;
#endif
  unpackPortable(bytes.subspan(done / 8 * bits), bits, words.subspan(done));
}

} // namespace detail

void pack(std::span<const uint64_t> words, unsigned bits,
          std::span<std::byte> out) {
  forPieces(words, bits, out, [&](auto some, auto bytes) {
    detail::packOn(chosenPath(), some, bits, bytes);
  });
}

void unpack(std::span<const std::byte> bytes, unsigned bits,
            std::span<uint64_t> words) {
  forPieces(words, bits, bytes, [&](auto some, auto from) {
    detail::unpackOn(chosenPath(), from, bits, some);
  });
}

} // namespace secformer::runtime
