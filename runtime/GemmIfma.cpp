//===- GemmIfma.cpp - the AVX-512 IFMA micro-kernel -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// vpmadd52luq adds the low 52 bits of a product of 52-bit numbers to a 64-bit
// lane; modulo 2^k, k <= 52, nothing else matters and the lanes may overflow.
// 16 sums hide its latency of 4 on processors that start 2 a cycle.
//
//===----------------------------------------------------------------------===//

#include "runtime/GemmKernels.h"
#include "runtime/Intrinsics.h"

#ifdef __x86_64__
namespace secformer::runtime::detail {
namespace {

constexpr size_t rows = 8;
constexpr size_t vectors = 2;
constexpr size_t lanes = 8;
constexpr size_t columns = vectors * lanes;

__attribute__((target("avx512f,avx512ifma"))) void runIfma(const Tile &tile,
                                                           const void *packedA,
                                                           const void *packedB,
                                                           size_t depth) {
  const uint64_t *a = static_cast<const uint64_t *>(packedA);
  const uint64_t *b = static_cast<const uint64_t *>(packedB);
  __m512i sum[rows][vectors];
  for (auto &row : sum)
    for (__m512i &v : row)
      v = _mm512_setzero_si512();
  for (size_t k = 0; k < depth; ++k, a += rows, b += columns) {
    __m512i right[vectors];
#pragma GCC unroll 2
    for (size_t j = 0; j < vectors; ++j)
      right[j] = _mm512_load_si512(b + j * lanes);
#pragma GCC unroll 8
    for (size_t i = 0; i < rows; ++i) {
      __m512i left = _mm512_set1_epi64(static_cast<long long>(a[i]));
#pragma GCC unroll 2
      for (size_t j = 0; j < vectors; ++j)
        sum[i][j] = _mm512_madd52lo_epu64(sum[i][j], left, right[j]);
    }
  }
  const __m512i mask = _mm512_set1_epi64(int64_t(tile.mask));
  const __m512i negative = _mm512_set1_epi64(int64_t(tile.negative));
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < vectors; ++j) {
      uint64_t *to = tile.C + i * tile.stride + j * lanes;
      __m512i term =
          _mm512_sub_epi64(_mm512_xor_si512(sum[i][j], negative), negative);
      term = _mm512_add_epi64(_mm512_loadu_si512(to), term);
      _mm512_storeu_si512(to, _mm512_and_si512(term, mask));
    }
}

} // namespace

const MicroKernel ifmaKernel = {rows, columns, 8, runIfma};

} // namespace secformer::runtime::detail
#endif // __x86_64__
