//===- KernelsTest.cpp - operations on long arrays ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What the kernels compute is tested with the roles (LinearTest); here, that
// cutting the work into parts changes nothing.
//
//===----------------------------------------------------------------------===//

#include "runtime/Kernels.h"
#include "runtime/Ring.h"

#include "tests/Random.h"
#include "tests/runtime/WithThreads.h"

#include <gtest/gtest.h>
#include <vector>

namespace secformer::runtime {
namespace {

TEST(RowWalk, PartsAreTheWhole) {
  const Shape shape{3, 2, 5, 4};
  const std::vector<Shape> operands = {
      {40, 20, 4, 1}, {0, 4, 0, 1}, {1, 3, 6, 30}, {0, 0, 0, 0}};
  const RowWalk walk(shape, operands);
  const size_t n = walk.size();
  ASSERT_EQ(n, 120U);
  // Offsets of every element, from the strides alone.
  std::vector<std::vector<size_t>> expected;
  for (size_t i = 0; i < n; ++i) {
    const size_t index[] = {i / 40, i / 20 % 2, i / 4 % 5, i % 4};
    for (const Shape &strides : operands) {
      size_t offset = 0;
      for (size_t d = 0; d < 4; ++d)
        offset += index[d] * size_t(strides[d]);
      expected.resize(i + 1);
      expected[i].push_back(offset);
    }
  }
  for (size_t begin = 0; begin <= n; ++begin)
    for (size_t end = begin; end <= n; ++end) {
      size_t next = begin;
      walk.runPart(begin, end,
                   [&](size_t out, size_t count, const size_t *offsets) {
                     ASSERT_EQ(out, next);
                     next += count;
                     for (size_t j = 0; j < count; ++j)
                       for (size_t op = 0; op < operands.size(); ++op)
                         ASSERT_EQ(offsets[op] + j * walk.rowStride(op),
                                   expected[out + j][op])
                             << begin << " " << end;
                   });
      ASSERT_EQ(next, end);
    }
}

TEST(Kernels, ThreadsGiveTheSameWords) {
  constexpr unsigned ring = 41;
  const Shape shape{7, 301, 97}, row{97}, column{301, 1}, scalar{};
  auto random = seeded(17);
  auto array = [&](const Shape &of) {
    Array words(elementCount(of));
    for (uint64_t &word : words.words())
      word = random() & ringMask(ring);
    return words;
  };
  const Array a = array(shape), r = array(row), c = array(column),
              s = array(scalar);
  auto all = [&] {
    using namespace kernels;
    Array sum = binary(Binary::Add, a, a, ring);
    multiplyInto(sum, r, row, c, column, shape, ring, Sign::Minus);
    multiplyInto(sum, a, shape, s, scalar, shape, ring, Sign::Plus);
    return std::vector<Array>{
        sum,
        binary(Binary::Mul, a, shape, r, row, shape, ring),
        binary(Binary::Sub, c, column, a, shape, shape, ring),
        affine(a, 3, 5, ring),
        shiftRight(a, 7, 30),
        shiftRightSigned(a, 9),
        sumRows(a, 97, ring),
        gather(a, {97, 301, 7}, {1, 97, 301 * 97}),
    };
  };
  const std::vector<Array> one = all();
  WithThreads scope(3);
  const std::vector<Array> several = all();
  for (size_t i = 0; i < one.size(); ++i)
    EXPECT_TRUE(std::ranges::equal(one[i].words(), several[i].words())) << i;
}

} // namespace
} // namespace secformer::runtime
