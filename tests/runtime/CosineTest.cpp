//===- CosineTest.cpp - the exact table of cosines ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Cosine.h"

#include <cmath>
#include <gtest/gtest.h>

namespace secformer::runtime {
namespace {

TEST(Cosine, IsRoundedToTheLastBit) {
  for (unsigned ring = 2; ring <= cosineMaxRing; ++ring) {
    auto table = cosineTable(ring);
    ASSERT_EQ(table->size(), size_t(1) << ring);
    long double worst = 0,
                step = 2 * std::acos(-1.0L) / (long double)(table->size());
    for (size_t i = 0; i < table->size(); ++i)
      worst = std::max(worst,
                       std::fabs((*table)[i] - std::cos(step * (long double)i) *
                                                   (1 << cosineBits)));
    EXPECT_LT(worst, 0.5001L) << ring;
  }
}

// The bits themselves: a machine that disagrees with this sum disagrees with
// its peer.
TEST(Cosine, IsTheSameEverywhere) {
  uint64_t sum = 0;
  for (int32_t entry : *cosineTable(20))
    sum = sum * 0x100000001b3U ^ uint64_t(uint32_t(entry));
  EXPECT_EQ(sum, 0xd2d5eb63b51c2a10U);
}

TEST(Cosine, RefusesOtherRings) {
  EXPECT_THROW(cosineTable(1), std::logic_error);
  EXPECT_THROW(cosineTable(21), std::logic_error);
}

} // namespace
} // namespace secformer::runtime
