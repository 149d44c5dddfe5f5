//===- Gemm.cpp - matrix products modulo 2^k ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Gemm.h"

#include "runtime/Array.h"
#include "runtime/Multiarch.h"
#include "runtime/Ring.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace secformer::runtime {
namespace detail {
namespace {

// Vectors of eight words: the compiler maps them to what the processor has.
typedef uint64_t Words __attribute__((vector_size(64), may_alias));
constexpr size_t lanes = sizeof(Words) / sizeof(uint64_t);
constexpr size_t portableRows = 4;
constexpr size_t portableVectors = 2;
constexpr size_t portableColumns = portableVectors * lanes;

SECFORMER_MULTIARCH void runPortable(uint64_t *out, const uint64_t *a,
                                     const uint64_t *b, size_t depth) {
  Words sum[portableRows][portableVectors] = {};
  for (size_t k = 0; k < depth; ++k, a += portableRows, b += portableColumns) {
    const Words *right = reinterpret_cast<const Words *>(b);
    for (size_t i = 0; i < portableRows; ++i)
      for (size_t j = 0; j < portableVectors; ++j)
        sum[i][j] += a[i] * right[j];
  }
  std::memcpy(out, sum, sizeof(sum));
}

// Blocks: a panel of B (blockDepth x micro-kernel columns) stays in the first
// cache, a block of A in the second, the block of B in the last.
constexpr size_t blockDepth = 256;
constexpr size_t blockRows = 96;
constexpr size_t blockColumns = 768;

constexpr size_t ceilTo(size_t n, size_t step) {
  return (n + step - 1) / step * step;
}

/// Panels of \p width rows of A, each in order of depth, padded with zeros.
void packRows(uint64_t *to, const uint64_t *A, size_t rows, size_t depth,
              size_t stride, size_t width) {
  for (size_t first = 0; first < rows; first += width)
    for (size_t k = 0; k < depth; ++k)
      for (size_t i = first; i < first + width; ++i)
        *to++ = i < rows ? A[i * stride + k] : 0;
}

/// Panels of \p width columns of B, each in order of depth, padded with zeros.
void packColumns(uint64_t *to, const uint64_t *B, size_t columns, size_t depth,
                 size_t stride, size_t width) {
  for (size_t first = 0; first < columns; first += width) {
    size_t valid = std::min(width, columns - first);
    for (size_t k = 0; k < depth; ++k, to += width) {
      std::copy_n(B + k * stride + first, valid, to);
      std::fill(to + valid, to + width, 0);
    }
  }
}

/// Adds a micro-kernel's result to its tile of C.
void mergeTile(uint64_t *C, size_t stride, const uint64_t *tile,
               size_t tileStride, size_t rows, size_t columns, uint64_t mask,
               Sign sign) {
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < columns; ++j) {
      uint64_t term = tile[i * tileStride + j];
      uint64_t &c = C[i * stride + j];
      c = (sign == Sign::Plus ? c + term : c - term) & mask;
    }
}

} // namespace

const MicroKernel portableKernel = {portableRows, portableColumns, runPortable};

void gemmWith(const MicroKernel &kernel, uint64_t *C, const uint64_t *A,
              const uint64_t *B, size_t rows, size_t columns, size_t depth,
              unsigned ring, Sign sign) {
  const uint64_t mask = ringMask(ring);
  const size_t widestBlock = std::min(ceilTo(blockColumns, kernel.columns),
                                      ceilTo(columns, kernel.columns));
  const size_t deepest = std::min(blockDepth, depth);
  Array packedB(widestBlock * deepest);
  Array packedA(ceilTo(std::min(blockRows, rows), kernel.rows) * deepest);
  alignas(64) uint64_t tile[256];

  for (size_t j0 = 0; j0 < columns; j0 += widestBlock) {
    size_t width = std::min(widestBlock, columns - j0);
    for (size_t k0 = 0; k0 < depth; k0 += blockDepth) {
      size_t deep = std::min(blockDepth, depth - k0);
      packColumns(packedB.data(), B + k0 * columns + j0, width, deep, columns,
                  kernel.columns);
      for (size_t i0 = 0; i0 < rows; i0 += blockRows) {
        size_t height = std::min(blockRows, rows - i0);
        packRows(packedA.data(), A + i0 * depth + k0, height, deep, depth,
                 kernel.rows);
        for (size_t j = 0; j < width; j += kernel.columns)
          for (size_t i = 0; i < height; i += kernel.rows) {
            kernel.run(tile, packedA.data() + i * deep,
                       packedB.data() + j * deep, deep);
            mergeTile(C + (i0 + i) * columns + j0 + j, columns, tile,
                      kernel.columns, std::min(kernel.rows, height - i),
                      std::min(kernel.columns, width - j), mask, sign);
          }
      }
    }
  }
}

} // namespace detail

namespace {

const detail::MicroKernel *chooseNarrow() {
#ifdef SECFORMER_HAVE_IFMA
  const char *wanted = std::getenv("SECFORMER_KERNEL");
  if (!(wanted && std::string_view(wanted) == "portable") &&
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma"))
    return &detail::ifmaKernel;
#endif
  return &detail::portableKernel;
}

/// The kernel for rings up to 52 bits.
const detail::MicroKernel &narrowKernel() {
  static const detail::MicroKernel *const chosen = chooseNarrow();
  return *chosen;
}

} // namespace

void gemm(uint64_t *C, const uint64_t *A, const uint64_t *B, size_t rows,
          size_t columns, size_t depth, unsigned ring, Sign sign) {
  detail::gemmWith(ring <= 52 ? narrowKernel() : detail::portableKernel, C, A,
                   B, rows, columns, depth, ring, sign);
}

const char *gemmKernelName() {
  return &narrowKernel() == &detail::portableKernel ? "portable" : "ifma";
}

} // namespace secformer::runtime
