//===- GemmKernels.cpp - micro-kernels of common processors ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Each loop is written once and compiled for several instruction sets.
//
//===----------------------------------------------------------------------===//

#include "runtime/GemmKernels.h"

#include "runtime/Intrinsics.h"
#include "runtime/Multiarch.h"

#include <cstring>

namespace secformer::runtime::detail {
namespace {

//===-- Tiles -------------------------------------------------------------===//

template <class Word, size_t bytes> struct Vector {
  typedef Word type __attribute__((vector_size(bytes), may_alias));
};

/// rows x (vectors of bytes) sums in registers.
template <class Word, size_t bytes, size_t rows, size_t vectors>
SECFORMER_INLINE void runTile(const Tile &tile, const void *packedA,
                              const void *packedB, size_t depth) {
  using Words = typename Vector<Word, bytes>::type;
  constexpr size_t lanes = bytes / sizeof(Word);
  constexpr size_t columns = vectors * lanes;
  const Word *a = static_cast<const Word *>(packedA);
  const Words *b = static_cast<const Words *>(packedB);
  Words sum[rows][vectors] = {};
  for (size_t k = 0; k < depth; ++k, a += rows, b += vectors)
#pragma GCC unroll 16
    for (size_t i = 0; i < rows; ++i)
#pragma GCC unroll 4
      for (size_t j = 0; j < vectors; ++j)
        sum[i][j] += a[i] * b[j];
  alignas(64) Word sums[rows][columns];
  std::memcpy(sums, sum, sizeof(sum));
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < columns; ++j)
      tile.add(i, j, sums[i][j]);
}

void runPortable(const Tile &tile, const void *a, const void *b, size_t depth) {
  runTile<uint64_t, 8, 4, 4>(tile, a, b, depth);
}
const MicroKernel portableKernel = {4, 4, 8, runPortable};

#ifdef __x86_64__

/// AVX2 multiplies no 64-bit words: with a = a1 2^32 + a0 and b likewise,
/// a b = a0 b0 + (a0 b1 + a1 b0) 2^32. Of the sums of the last two products 32
/// bits are enough, which are one multiplication by b with its halves swapped.
SECFORMER_AVX2 void runAvx2(const Tile &tile, const void *packedA,
                            const void *packedB, size_t depth) {
  constexpr size_t rows = 6, lanes = 4;
  const uint64_t *a = static_cast<const uint64_t *>(packedA);
  const __m256i *b = static_cast<const __m256i *>(packedB);
  __m256i low[rows] = {}, cross[rows] = {};
  for (size_t k = 0; k < depth; ++k, a += rows, ++b) {
    const __m256i right = _mm256_load_si256(b);
    const __m256i swapped = _mm256_shuffle_epi32(right, 0xb1);
#pragma GCC unroll 6
    for (size_t i = 0; i < rows; ++i) {
      const __m256i left = _mm256_set1_epi64x(int64_t(a[i]));
      low[i] = _mm256_add_epi64(low[i], _mm256_mul_epu32(left, right));
      cross[i] = _mm256_add_epi32(cross[i], _mm256_mullo_epi32(left, swapped));
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    __m256i both = _mm256_add_epi64(cross[i], _mm256_srli_epi64(cross[i], 32));
    alignas(32) uint64_t sums[lanes];
    _mm256_store_si256(reinterpret_cast<__m256i *>(sums),
                       _mm256_add_epi64(low[i], _mm256_slli_epi64(both, 32)));
    for (size_t j = 0; j < lanes; ++j)
      tile.add(i, j, sums[j]);
  }
}
const MicroKernel avx2Kernel = {6, 4, 8, runAvx2};

SECFORMER_AVX2 void runAvx2Narrow(const Tile &tile, const void *a,
                                  const void *b, size_t depth) {
  runTile<uint32_t, 32, 6, 2>(tile, a, b, depth);
}
const MicroKernel avx2NarrowKernel = {6, 16, 4, runAvx2Narrow};

SECFORMER_AVX512 void runAvx512(const Tile &tile, const void *a, const void *b,
                                size_t depth) {
  runTile<uint64_t, 64, 8, 2>(tile, a, b, depth);
}
const MicroKernel avx512Kernel = {8, 16, 8, runAvx512};

SECFORMER_AVX512 void runAvx512Narrow(const Tile &tile, const void *a,
                                      const void *b, size_t depth) {
  runTile<uint32_t, 64, 8, 2>(tile, a, b, depth);
}
const MicroKernel avx512NarrowKernel = {8, 32, 4, runAvx512Narrow};

#endif // __x86_64__

//===-- Few rows ----------------------------------------------------------===//

template <size_t bytes>
SECFORMER_INLINE void addRows(uint64_t *C, size_t stride, size_t rows,
                              size_t columns, const uint64_t *a,
                              const uint64_t *const *b, uint64_t mask) {
  typedef uint64_t Words
      __attribute__((vector_size(bytes), may_alias, aligned(8)));
  constexpr size_t lanes = bytes / 8;
  size_t j = 0;
  for (; j + lanes <= columns; j += lanes) {
    Words right[fewDepth];
#pragma GCC unroll 8
    for (size_t k = 0; k < fewDepth; ++k)
      right[k] = *reinterpret_cast<const Words *>(b[k] + j);
    for (size_t i = 0; i < rows; ++i) {
      Words &c = *reinterpret_cast<Words *>(C + i * stride + j);
      Words even = c, odd = {}; // two chains of sums
#pragma GCC unroll 4
      for (size_t k = 0; k < fewDepth; k += 2) {
        even += a[i * fewDepth + k] * right[k];
        odd += a[i * fewDepth + k + 1] * right[k + 1];
      }
      c = (even + odd) & mask;
    }
  }
  for (; j < columns; ++j)
    for (size_t i = 0; i < rows; ++i) {
      uint64_t sum = C[i * stride + j];
      for (size_t k = 0; k < fewDepth; ++k)
        sum += a[i * fewDepth + k] * b[k][j];
      C[i * stride + j] = sum & mask;
    }
}

void addRowsPortable(uint64_t *C, size_t stride, size_t rows, size_t columns,
                     const uint64_t *a, const uint64_t *const *b,
                     uint64_t mask) {
  addRows<8>(C, stride, rows, columns, a, b, mask);
}

#ifdef __x86_64__
SECFORMER_AVX2 void addRowsAvx2(uint64_t *C, size_t stride, size_t rows,
                                size_t columns, const uint64_t *a,
                                const uint64_t *const *b, uint64_t mask) {
  addRows<32>(C, stride, rows, columns, a, b, mask);
}

SECFORMER_AVX512 void addRowsAvx512(uint64_t *C, size_t stride, size_t rows,
                                    size_t columns, const uint64_t *a,
                                    const uint64_t *const *b, uint64_t mask) {
  addRows<64>(C, stride, rows, columns, a, b, mask);
}
#endif

} // namespace

//===-- Choice ------------------------------------------------------------===//

const MicroKernel &microKernel(Path path, unsigned ring) {
#ifdef __x86_64__
  switch (path) {
  case Path::Ifma:
  case Path::Avx512:
    if (ring <= 32)
      return avx512NarrowKernel;
    return ring <= 52 && path == Path::Ifma ? ifmaKernel : avx512Kernel;
  case Path::Avx2:
    return ring <= 32 ? avx2NarrowKernel : avx2Kernel;
  case Path::Portable:
    break;
  }
#else
  (void)path, (void)ring;
#endif
  return portableKernel;
}

FewRows fewRows(Path path) {
#ifdef __x86_64__
  if (path >= Path::Avx512)
    return addRowsAvx512;
  if (path == Path::Avx2)
    return addRowsAvx2;
#else
  (void)path;
#endif
  return addRowsPortable;
}

} // namespace secformer::runtime::detail
