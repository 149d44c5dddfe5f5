//===- PrgTest.cpp - AES-128-CTR and its names ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Prg.h"

#include "tests/runtime/WithThreads.h"
#include <cstring>

#include <gtest/gtest.h>
#include <set>
#include <vector>

namespace secformer::runtime {
namespace {

Key keyOf(const unsigned char (&bytes)[16]) {
  Key key;
  std::memcpy(key.data(), bytes, 16);
  return key;
}

std::vector<uint64_t> draw(const Prg &prg, size_t n, unsigned bits,
                           StreamId stream, uint64_t first = 0) {
  std::vector<uint64_t> words(n);
  prg.draw(words, bits, stream, first);
  return words;
}

// The key of NIST SP 800-38A, appendix F; the counter blocks are this project's
// first two, encrypted by `openssl enc -aes-128-ctr`.
TEST(Prg, IsAesInCounterMode) {
  const Prg prg(keyOf({0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab,
                       0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c}));
  const std::vector<uint64_t> expected = {
      0x9d9633529b37597e, 0x3ecb35e32cada525, 0x8aae48c705159c44,
      0x02c70d546ed37f4e};
  EXPECT_EQ(draw(prg, 4, 64, {Purpose::Mask, 0, 0}), expected);
}

TEST(Prg, DifferentNamesGiveDifferentWords) {
  const Prg prg(testKey("00", 0)), other(testKey("00", 1));
  std::set<uint64_t> seen;
  size_t names = 0;
  for (Purpose purpose :
       {Purpose::Mask, Purpose::TruncateBit, Purpose::Correction})
    for (uint32_t phase : {0U, 1U, 256U, 0xffffffU})
      for (uint32_t operation : {0U, 1U, 256U, 0xffffffffU})
        for (const Prg *source : {&prg, &other})
          for (uint64_t word :
               draw(*source, 128, 64, {purpose, phase, operation})) {
            seen.insert(word);
            ++names;
          }
  EXPECT_EQ(seen.size(), names);
  EXPECT_THROW(draw(prg, 1, 8, {Purpose::Mask, 1 << 24, 0}), std::logic_error);
}

TEST(Prg, StreamsCanBeReadFromAnyMultipleOf128) {
  const Prg prg(testKey("ab", 0));
  const StreamId stream{Purpose::Correction, 2, 3};
  for (unsigned bits : {1U, 7U, 31U, 52U, 63U, 64U}) {
    auto whole = draw(prg, 10'000, bits, stream);
    for (size_t first : {128, 1024, 4096, 8192}) {
      auto part = draw(prg, 500, bits, stream, first);
      EXPECT_TRUE(std::equal(part.begin(), part.end(),
                             whole.begin() + ptrdiff_t(first)))
          << bits << " " << first;
    }
  }
  EXPECT_THROW(draw(prg, 1, 8, stream, 64), std::logic_error);
}

TEST(Prg, ThreadsGiveTheSameWords) {
  const Prg prg(testKey("ab", 0));
  const StreamId stream{Purpose::Mask, 2, 3};
  for (unsigned bits : {1U, 31U, 64U}) {
    auto one = draw(prg, 200'003, bits, stream, 256);
    WithThreads scope(3);
    EXPECT_TRUE(draw(prg, 200'003, bits, stream, 256) == one) << bits;
  }
}

TEST(Prg, FreshKeysDiffer) { EXPECT_NE(freshKey(), freshKey()); }

} // namespace
} // namespace secformer::runtime
