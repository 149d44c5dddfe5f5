//===- PackTest.cpp - k-bit words as bytes --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Pack.h"
#include "runtime/Ring.h"

#include "tests/Random.h"

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

TEST(Pack, RefusesBuffersOfAnotherSize) {
  std::vector<uint64_t> words(3);
  std::vector<std::byte> bytes(3);
  EXPECT_THROW(pack(words, 10, bytes), std::logic_error);
  EXPECT_THROW(unpack(bytes, 0, words), std::logic_error);
  EXPECT_THROW(unpack(bytes, 65, words), std::logic_error);
}

} // namespace
} // namespace secformer::runtime
