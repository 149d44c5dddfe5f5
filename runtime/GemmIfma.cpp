//===- GemmIfma.cpp - the AVX-512 IFMA micro-kernel -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// vpmadd52luq adds the low 52 bits of a product of 52-bit numbers to a 64-bit
// lane; modulo 2^k, k <= 52, nothing else matters and the lanes may overflow.
// 8 rows x 3 vectors of accumulators leave room for B and the broadcast of A.
// This file alone is compiled for AVX-512.
//
//===----------------------------------------------------------------------===//

#include "runtime/Gemm.h"

#include <immintrin.h>

namespace secformer::runtime::detail {
namespace {

constexpr size_t rows = 8;
constexpr size_t vectors = 3;
constexpr size_t lanes = 8;
constexpr size_t columns = vectors * lanes;

void runIfma(uint64_t *out, const uint64_t *a, const uint64_t *b,
             size_t depth) {
  __m512i sum[rows][vectors];
  for (auto &row : sum)
    for (__m512i &v : row)
      v = _mm512_setzero_si512();
  for (size_t k = 0; k < depth; ++k, a += rows, b += columns) {
    __m512i right[vectors];
#pragma GCC unroll 3
    for (size_t j = 0; j < vectors; ++j)
      right[j] = _mm512_load_si512(b + j * lanes);
#pragma GCC unroll 8
    for (size_t i = 0; i < rows; ++i) {
      __m512i left = _mm512_set1_epi64(static_cast<long long>(a[i]));
#pragma GCC unroll 3
      for (size_t j = 0; j < vectors; ++j)
        sum[i][j] = _mm512_madd52lo_epu64(sum[i][j], left, right[j]);
    }
  }
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < vectors; ++j)
      _mm512_store_si512(out + i * columns + j * lanes, sum[i][j]);
}

} // namespace

const MicroKernel ifmaKernel = {rows, columns, runIfma};

} // namespace secformer::runtime::detail
