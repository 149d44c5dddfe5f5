//===- Prg.cpp - the randomness that dealer and parties share -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Prg.h"

#include "runtime/Error.h"
#include "runtime/Pack.h"
#include "runtime/Threads.h"

#include <algorithm>
#include <cstring>
#include <openssl/evp.h>
#include <string>
#include <sys/random.h>

namespace secformer::runtime {

Key freshKey() {
  Key key;
  if (getentropy(key.data(), key.size()) != 0)
    throw Error("the operating system gives no randomness (getentropy failed)");
  return key;
}

Key testKey(std::string_view seed, uint8_t role) {
  std::string text = "secformer test key " + std::to_string(role) + " ";
  text += seed;
  unsigned char digest[EVP_MAX_MD_SIZE];
  if (!EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_sha256(),
                  nullptr))
    throw Error("OpenSSL offers no SHA-256");
  Key key;
  std::memcpy(key.data(), digest, key.size());
  return key;
}

namespace {

using Counter = std::array<unsigned char, 16>;
constexpr uint64_t wordsPerStep = 128; // of any width: a whole block each bit

Counter counterAt(StreamId stream, uint64_t word, unsigned bits) {
  Counter counter;
  auto bigEndian = [&](size_t at, size_t bytes, uint64_t value) {
    for (size_t i = 0; i < bytes; ++i)
      counter[at + i] =
          static_cast<unsigned char>(value >> 8 * (bytes - 1 - i));
  };
  bigEndian(0, 1, uint64_t(stream.purpose));
  bigEndian(1, 3, stream.phase);
  bigEndian(4, 4, stream.operation);
  bigEndian(8, 8, word / wordsPerStep * bits);
  return counter;
}

} // namespace

struct Prg::Cipher {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

  explicit Cipher(const Key &key) {
    if (!context ||
        !EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nullptr,
                            reinterpret_cast<const unsigned char *>(key.data()),
                            nullptr))
      throw Error("OpenSSL offers no AES-128-CTR");
  }
  /// The same key, for another position.
  Cipher(const Cipher &other) {
    if (!context || !EVP_CIPHER_CTX_copy(context, other.context))
      throw Error("OpenSSL cannot copy a cipher");
  }
  Cipher &operator=(const Cipher &) = delete;
  ~Cipher() { EVP_CIPHER_CTX_free(context); }

  /// The words of the stream from block \p counter on.
  void expand(std::span<uint64_t> out, unsigned bits, const Counter &counter) {
    if (!EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, counter.data()))
      throw Error("OpenSSL takes no counter");
    // Zeros are encrypted in place, piece by piece in the first cache.
    constexpr size_t piece = 2048; // words; 64 | piece: pieces start at bytes
    alignas(64) std::byte stretch[piece * 8];
    for (size_t done = 0; done < out.size(); done += piece) {
      const auto words = out.subspan(done, std::min(piece, out.size() - done));
      const int length = int(packedBytes(words.size(), bits));
      auto *const bytes = reinterpret_cast<unsigned char *>(stretch);
      int written = 0;
      std::memset(bytes, 0, size_t(length));
      if (!EVP_EncryptUpdate(context, bytes, &written, bytes, length) ||
          written != length)
        throw Error("OpenSSL failed to encrypt");
      unpack(std::span<const std::byte>(stretch).first(size_t(length)), bits,
             words);
    }
  }
};

Prg::Prg(const Key &key) : cipher(std::make_unique<Cipher>(key)) {}

Prg::~Prg() = default;

void Prg::draw(std::span<uint64_t> out, unsigned bits, StreamId stream,
               uint64_t firstWord) const {
  if (firstWord % wordsPerStep != 0 || stream.phase >> 24 != 0)
    throw std::logic_error("Prg::draw: bad stream position");
  constexpr size_t grain = size_t(1) << 15; // words; worth a thread
  parallelFor(out.size(), grain, [&](size_t begin, size_t end) {
    // The key is expanded once; each piece has a position of its own.
    Cipher(*cipher).expand(out.subspan(begin, end - begin), bits,
                           counterAt(stream, firstWord + begin, bits));
  });
}

} // namespace secformer::runtime
