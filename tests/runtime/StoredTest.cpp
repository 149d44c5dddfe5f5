//===- StoredTest.cpp - values of the setup that wait ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Stored.h"

#include "runtime/Encoding.h"
#include "runtime/Kernels.h"
#include "runtime/Ring.h"

#include <gtest/gtest.h>

namespace secformer::runtime::test {
namespace {

constexpr unsigned ring = 31;
const WireType type{{300, 70}, 12, ring};
constexpr size_t n = size_t(300) * 70; // more than a piece

std::vector<float> someWeights() {
  std::vector<float> values(n);
  for (size_t i = 0; i < n; ++i)
    values[i] = float(int(i * 7919 % 2001) - 1000) / 777;
  return values;
}

void expectSame(const Array &found, const Array &expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    ASSERT_EQ(found.data()[i], expected.data()[i]) << i;
}

/// What a matrix product makes of a factor: its product with a row of ones.
Array columnSums(const Factor &factor) {
  Array sums = Array::filled(70, 0);
  const MatmulPlan plan = planMatmul({1, 300}, {300, 70});
  kernels::matmulInto(sums, Array::filled(300, 1), factor, plan, ring,
                      Sign::Plus);
  return sums;
}

TEST(Stored, NarrowPartsAreTheArrays) {
  const Array words = encode(someWeights(), type, ring, "w");
  const NarrowParts stored({words, Array()});
  EXPECT_TRUE(stored.holds(0));
  EXPECT_FALSE(stored.holds(1));
  const std::vector<Array> loaded = stored.load();
  expectSame(loaded[0], words);
  EXPECT_FALSE(loaded[1]);
  expectSame(columnSums(stored.part(0)), columnSums(words));
}

TEST(Stored, NarrowPartsAreFilledInPieces) {
  const Array words = encode(someWeights(), type, ring, "w");
  const NarrowParts stored(n, {{}, [&](size_t first, std::span<uint64_t> some) {
                                 std::copy_n(words.data() + first, some.size(),
                                             some.data());
                               }});
  EXPECT_FALSE(stored.holds(0));
  expectSame(stored.load()[1], words);
}

TEST(Stored, AnOwnersFloatsAreItsEncodedWeights) {
  const std::vector<float> weights = someWeights();
  const Array value = encode(weights, type, ring, "w");
  const OwnFloats own(weights, type);
  expectSame(own.load()[0], value);
  expectSame(columnSums(*own.value()), columnSums(value));
  Array piece(256);
  own.encodePiece(128, piece.words());
  for (size_t i = 0; i < piece.size(); ++i)
    EXPECT_EQ(piece.data()[i], value.data()[128 + i]);

  // Masked: Delta - d is the value, and d is what the key gives.
  const Prg words(testKey("5eed", 0));
  const StreamId stream{Purpose::Mask, 0, 3};
  const OwnFloats masked = own.maskedWith(words, stream);
  const std::vector<Array> parts = masked.load();
  Array d(n);
  words.draw(d.words(), ring, stream);
  expectSame(parts[1], d);
  expectSame(kernels::binary(kernels::Binary::Sub, parts[0], parts[1], ring),
             value);
  expectSame(columnSums(*masked.value()), columnSums(value));
}

} // namespace
} // namespace secformer::runtime::test
