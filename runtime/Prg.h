//===- Prg.h - the randomness that dealer and parties share ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Every random word of the computation is named by its purpose, phase and
// operation and expanded from a key by AES-128 in counter mode, so a role finds
// the same words as the dealer without talking to it.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PRG_H
#define SECFORMER_RUNTIME_PRG_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace secformer::runtime {

/// What words are for; different purposes never share words.
enum class Purpose : uint8_t {
  Mask = 1,        ///< shares of the masks of openings
  TruncateBit = 2, ///< masks of the bits opened by truncation
  Correction = 3,  ///< party 0's half of dealt words
  Sharing = 4,     ///< party 0's share of what outside owners share
};

/// The name of a stream of words under one key.
struct StreamId {
  Purpose purpose;
  uint32_t phase;     ///< 0: setup, n: the n-th inference; below 2^24
  uint32_t operation; ///< counted in its phase; sharings on their own
};

/// A source of named words. Virtual so that tests can enumerate all masks.
class Randomness {
public:
  virtual ~Randomness() = default;
  /// Words of \p bits (1..64) from the stream, from word \p firstWord on, a
  /// multiple of 128. All draws from one stream have the same width.
  virtual void draw(std::span<uint64_t> out, unsigned bits, StreamId stream,
                    uint64_t firstWord = 0) const = 0;
};

using Key = std::array<std::byte, 16>;

/// A key from the operating system.
Key freshKey();
/// A key from a test seed: not secret. \p role separates keys of one seed.
Key testKey(std::string_view seed, uint8_t role);

/// AES-128-CTR (OpenSSL). The counter block is purpose (1 byte), phase (3),
/// operation (4), block number (8), all big-endian. Words are the bit stream
/// cut into pieces of \p bits, little-endian (Pack.h), so 128 words of w bits
/// are w blocks. Threads may draw at once.
class Prg final : public Randomness {
public:
  explicit Prg(const Key &key);
  ~Prg() override;
  void draw(std::span<uint64_t> out, unsigned bits, StreamId stream,
            uint64_t firstWord = 0) const override;

private:
  struct Cipher;
  std::unique_ptr<Cipher> cipher;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PRG_H
