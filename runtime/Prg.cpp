//===- Prg.cpp - the randomness that dealer and parties share -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Prg.h"

#include "runtime/Error.h"
#include "runtime/Pack.h"

#include <algorithm>
#include <cstring>
#include <openssl/evp.h>
#include <string>
#include <sys/random.h>
#include <vector>

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

struct Prg::Cipher {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  ~Cipher() { EVP_CIPHER_CTX_free(context); }
};

Prg::Prg(const Key &key) : cipher(std::make_unique<Cipher>()) {
  if (!cipher->context ||
      !EVP_EncryptInit_ex(cipher->context, EVP_aes_128_ctr(), nullptr,
                          reinterpret_cast<const unsigned char *>(key.data()),
                          nullptr))
    throw Error("OpenSSL offers no AES-128-CTR");
}

Prg::~Prg() = default;

void Prg::draw(std::span<uint64_t> out, unsigned bits, StreamId stream,
               uint64_t firstWord) const {
  unsigned char counter[16];
  auto bigEndian = [&](int at, int bytes, uint64_t value) {
    for (int i = 0; i < bytes; ++i)
      counter[at + i] =
          static_cast<unsigned char>(value >> 8 * (bytes - 1 - i));
  };
  bigEndian(0, 1, uint64_t(stream.purpose));
  bigEndian(1, 3, stream.phase);
  bigEndian(4, 4, stream.operation);
  bigEndian(8, 8, firstWord / 128 * bits);
  if (firstWord % 128 != 0 || stream.phase >> 24 != 0 ||
      !EVP_EncryptInit_ex(cipher->context, nullptr, nullptr, nullptr, counter))
    throw std::logic_error("Prg::draw: bad stream position");

  // Encrypt zeros piece by piece in a buffer that stays in the cache.
  constexpr size_t piece = 4096; // words; 64 | piece keeps pieces byte aligned
  static const std::vector<unsigned char> zeros(piece * 8, 0);
  std::byte stretch[piece * 8];
  for (size_t done = 0; done < out.size(); done += piece) {
    std::span<uint64_t> words =
        out.subspan(done, std::min(piece, out.size() - done));
    int length = int(packedBytes(words.size(), bits)), written = 0;
    if (!EVP_EncryptUpdate(cipher->context,
                           reinterpret_cast<unsigned char *>(stretch), &written,
                           zeros.data(), length) ||
        written != length)
      throw Error("OpenSSL failed to encrypt");
    unpack(std::span<const std::byte>(stretch).first(size_t(length)), bits,
           words);
  }
}

} // namespace secformer::runtime
