//===- PackTest.cpp - k-bit words as bytes --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Pack.h"
#include "runtime/PackKernels.h"
#include "runtime/Ring.h"

#include "tests/Random.h"
#include "tests/runtime/WithThreads.h"

#include <gtest/gtest.h>
#include <vector>

namespace secformer::runtime {
namespace {

TEST(Pack, RoundTripOfEveryWidth) {
  auto random = seeded(3);
  for (unsigned bits = 1; bits <= 64; ++bits)
    for (size_t n : {0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 130, 1001}) {
      std::vector<uint64_t> words(n), back(n);
      for (uint64_t &word : words)
        word = random() & ringMask(bits);
      std::vector<std::byte> bytes(packedBytes(n, bits));
      EXPECT_EQ(bytes.size(), (n * bits + 7) / 8);
      pack(words, bits, bytes);
      // Bit by bit: the stream is little-endian and padded with zeros.
      for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        uint64_t expected =
            bit < n * bits ? words[bit / bits] >> bit % bits & 1 : 0;
        ASSERT_EQ(std::to_integer<uint64_t>(bytes[bit / 8]) >> bit % 8 & 1,
                  expected)
            << bits << " " << n << " " << bit;
      }
      unpack(bytes, bits, back);
      EXPECT_EQ(back, words) << bits << " " << n;
    }
}

TEST(Pack, EveryPathGivesTheSameBytes) {
  auto random = seeded(4);
  constexpr std::byte guard{0xa5};
  for (unsigned bits = 1; bits <= 64; ++bits)
    for (size_t n :
         {0, 1, 7, 8, 15, 16, 40, 63, 64, 100, 511, 512, 513, 1500}) {
      std::vector<uint64_t> words(n);
      for (uint64_t &word : words)
        word = random() & ringMask(bits);
      const size_t size = packedBytes(n, bits);
      std::vector<std::byte> expected(size), bytes(size + 1);
      detail::packOn(Path::Portable, words, bits, expected);
      for (Path path : availablePaths()) {
        std::fill(bytes.begin(), bytes.end(), guard);
        const auto packed = std::span(bytes).first(size);
        detail::packOn(path, words, bits, packed);
        ASSERT_TRUE(std::equal(packed.begin(), packed.end(), expected.begin()))
            << pathName(path) << " " << bits << " " << n;
        ASSERT_EQ(bytes.back(), guard) << pathName(path) << " " << bits;
        // Padding bits are ignored.
        if (n * bits % 8 != 0)
          packed.back() |= std::byte(0xff << n * bits % 8);
        std::vector<uint64_t> back(n + 1, 77);
        detail::unpackOn(path, packed, bits, std::span(back).first(n));
        ASSERT_EQ(back.back(), 77U) << pathName(path) << " " << bits;
        back.pop_back();
        ASSERT_EQ(back, words) << pathName(path) << " " << bits << " " << n;
      }
    }
}

TEST(Pack, ThreadsGiveTheSameBytes) {
  auto random = seeded(5);
  constexpr size_t n = 200'003;
  for (unsigned bits : {1U, 17U, 63U}) {
    std::vector<uint64_t> words(n), back(n);
    for (uint64_t &word : words)
      word = random() & ringMask(bits);
    std::vector<std::byte> one(packedBytes(n, bits)), several(one.size());
    pack(words, bits, one);
    WithThreads scope(3);
    pack(words, bits, several);
    unpack(several, bits, back);
    EXPECT_TRUE(several == one) << bits;
    EXPECT_TRUE(back == words) << bits;
  }
}

TEST(Pack, RefusesBuffersOfAnotherSize) {
  std::vector<uint64_t> words(3);
  std::vector<std::byte> bytes(3);
  EXPECT_THROW(pack(words, 10, bytes), std::logic_error);
  EXPECT_THROW(unpack(bytes, 0, words), std::logic_error);
  EXPECT_THROW(unpack(bytes, 65, words), std::logic_error);
}

} // namespace
} // namespace secformer::runtime
