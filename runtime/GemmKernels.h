//===- GemmKernels.h - the inner loops of matrix products -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_GEMMKERNELS_H
#define SECFORMER_RUNTIME_GEMMKERNELS_H

#include "runtime/Gemm.h"
#include "runtime/Processor.h"

namespace secformer::runtime::detail {

constexpr size_t elementBytes(Matrix::Format format) {
  return format == Matrix::Format::Words64 ? 8 : 4;
}

/// What a micro-kernel adds to: C = (C + sum) & mask, or minus where negative.
struct Tile {
  uint64_t *C;
  size_t stride; ///< from row to row
  uint64_t mask;
  uint64_t negative; ///< all ones for C -= sum, else 0

  void add(size_t row, size_t column, uint64_t sum) const {
    uint64_t &c = C[row * stride + column];
    c = (c + ((sum ^ negative) - negative)) & mask;
  }
};

/// Multiplies packed panels: the tile of rows x columns gets the sum over k of
/// a[k][rows] x b[k][columns]. Packed words have 64 or 32 bits.
struct MicroKernel {
  size_t rows;
  size_t columns;
  size_t wordBytes;
  void (*run)(const Tile &tile, const void *a, const void *b, size_t depth);
};

/// The kernel of a path for a ring: IFMA up to 52 bits, 32-bit words up to 32.
const MicroKernel &microKernel(Path path, unsigned ring);
#ifdef __x86_64__
extern const MicroKernel ifmaKernel;
#endif

/// Products of few rows go through B this many rows at a time.
constexpr size_t fewDepth = 8;
constexpr size_t mostFew = 7;

/// C (rows x columns) = (C + a b) & mask, where a is rows x fewDepth and b[k]
/// is row k of B.
using FewRows = void (*)(uint64_t *C, size_t stride, size_t rows,
                         size_t columns, const uint64_t *a,
                         const uint64_t *const *b, uint64_t mask);
FewRows fewRows(Path path);

/// Copies \p count rows of \p depth elements, made words and packed for a
/// micro-kernel: panels of \p width rows, each in order of depth, padded with
/// zeros; \p width up to 256. (For columns, pass the operand transposed.)
void packPanels(Path path, void *to, size_t wordBytes, const Matrix &from,
                size_t count, size_t depth, size_t width);

/// gemm on a given path.
void gemmOn(Path path, std::span<const MatrixProduct> products, size_t rows,
            size_t columns, size_t depth, unsigned ring, Sign sign);

} // namespace secformer::runtime::detail

#endif // SECFORMER_RUNTIME_GEMMKERNELS_H
