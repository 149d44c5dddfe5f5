//===- GemmTest.cpp - matrix products agree bit for bit -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Gemm.h"
#include "runtime/Array.h"
#include "runtime/Ring.h"

#include "tests/Random.h"

#include <gtest/gtest.h>

namespace secformer::runtime {
namespace {

struct Sizes {
  size_t rows, columns, depth;
};
constexpr Sizes cases[] = {{1, 1, 1},     {1, 1, 600},    {3, 5, 2},
                           {8, 24, 16},   {9, 25, 17},    {7, 23, 255},
                           {4, 16, 256},  {97, 100, 257}, {96, 768, 10},
                           {100, 769, 3}, {1, 1600, 7},   {200, 31, 513}};

Array randomWords(size_t n, std::mt19937_64 &random) {
  Array result(n);
  for (uint64_t &word : result.words())
    word = random();
  return result;
}

void naive(Array &C, const Array &A, const Array &B, Sizes s, unsigned ring,
           Sign sign) {
  for (size_t i = 0; i < s.rows; ++i)
    for (size_t j = 0; j < s.columns; ++j) {
      uint64_t sum = 0;
      for (size_t k = 0; k < s.depth; ++k)
        sum += A.data()[i * s.depth + k] * B.data()[k * s.columns + j];
      uint64_t &c = C.data()[i * s.columns + j];
      c = (sign == Sign::Plus ? c + sum : c - sum) & ringMask(ring);
    }
}

Array copyOf(const Array &a) {
  Array result(a.size());
  std::copy(a.words().begin(), a.words().end(), result.data());
  return result;
}

bool equal(const Array &a, const Array &b) {
  return std::equal(a.words().begin(), a.words().end(), b.words().begin(),
                    b.words().end());
}

TEST(Gemm, EveryPathGivesTheSameBits) {
  auto random = seeded(7);
  for (Sizes s : cases)
    for (unsigned ring : {1U, 17U, 31U, 48U, 52U, 53U, 64U})
      for (Sign sign : {Sign::Plus, Sign::Minus}) {
        // Operands are not reduced: bits above the ring must not matter.
        Array A = randomWords(s.rows * s.depth, random);
        Array B = randomWords(s.depth * s.columns, random);
        Array C = randomWords(s.rows * s.columns, random);
        Array expected = copyOf(C), chosen = copyOf(C), portable = copyOf(C);
        naive(expected, A, B, s, ring, sign);
        gemm(chosen.data(), A.data(), B.data(), s.rows, s.columns, s.depth,
             ring, sign);
        detail::gemmWith(detail::portableKernel, portable.data(), A.data(),
                         B.data(), s.rows, s.columns, s.depth, ring, sign);
        EXPECT_TRUE(equal(chosen, expected)) << s.rows << " " << ring;
        EXPECT_TRUE(equal(portable, expected)) << s.rows << " " << ring;
      }
}

TEST(Gemm, IfmaAgreesWhereItRuns) {
#ifdef SECFORMER_HAVE_IFMA
  if (!__builtin_cpu_supports("avx512ifma"))
    GTEST_SKIP() << "no AVX-512 IFMA here";
  auto random = seeded(8);
  for (Sizes s : cases) {
    Array A = randomWords(s.rows * s.depth, random);
    Array B = randomWords(s.depth * s.columns, random);
    Array C = Array::filled(s.rows * s.columns, 0), expected = copyOf(C);
    naive(expected, A, B, s, 52, Sign::Minus);
    detail::gemmWith(detail::ifmaKernel, C.data(), A.data(), B.data(), s.rows,
                     s.columns, s.depth, 52, Sign::Minus);
    EXPECT_TRUE(equal(C, expected)) << s.rows;
  }
#else
  GTEST_SKIP() << "built for another processor";
#endif
}

} // namespace
} // namespace secformer::runtime
