//===- Gemm.cpp - matrix products modulo 2^k ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Gemm.h"

#include "runtime/Array.h"
#include "runtime/GemmKernels.h"
#include "runtime/Ring.h"
#include "runtime/Threads.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace secformer::runtime {
namespace detail {
namespace {

// Blocks: a panel of B stays in the first cache (32 KiB), a block of A and one
// of B in the second (1 MiB), together with the tiles of C.
constexpr size_t blockDepth = 384;
constexpr size_t blockRows = 128;
constexpr size_t blockColumns = 64;

// Multiply-adds that are worth another thread.
constexpr size_t leastWork = size_t(1) << 18;

constexpr size_t ceilDiv(size_t n, size_t by) { return (n + by - 1) / by; }
constexpr size_t ceilTo(size_t n, size_t step) {
  return ceilDiv(n, step) * step;
}

struct Span {
  size_t first, count;
};

/// A part of one product's result.
struct Part {
  const MatrixProduct &product;
  Span rows, columns;
};

/// What all parts have in common.
struct Job {
  Path path;
  size_t columns; // of a whole C
  size_t depth;
  unsigned ring;
  Sign sign;
};

//===-- Packed ------------------------------------------------------------===//

/// Runs the micro-kernel at a tile that may reach over the end of C.
void runAt(const MicroKernel &kernel, const Tile &tile, size_t rows,
           size_t columns, const std::byte *a, const std::byte *b,
           size_t depth) {
  if (rows >= kernel.rows && columns >= kernel.columns)
    return kernel.run(tile, a, b, depth);
  alignas(64) uint64_t sums[256] = {};
  kernel.run({sums, kernel.columns, ~uint64_t(0), 0}, a, b, depth);
  for (size_t i = 0; i < std::min(rows, kernel.rows); ++i)
    for (size_t j = 0; j < std::min(columns, kernel.columns); ++j)
      tile.add(i, j, sums[i * kernel.columns + j]);
}

/// Asks for a block of B, some lines at a time, while the block before it is
/// multiplied: its rows lie far apart, so the processor does not see it coming.
class Ahead {
public:
  Ahead() = default;
  /// \p calls: how often next() will be called.
  Ahead(const Matrix &block, size_t depth, size_t columns, size_t calls) {
    if (block.columnStride != 1)
      return;
    rowBytes = block.rowStride * elementBytes(block.format);
    lines = ceilDiv(columns * elementBytes(block.format), lineBytes);
    row = static_cast<const char *>(block.data);
    left = depth * lines;
    each = ceilDiv(left, calls);
  }

  void next() {
    for (size_t n = std::min(each, left); n-- > 0; --left) {
      __builtin_prefetch(row + at * lineBytes, 0, 2);
      if (++at == lines) {
        at = 0;
        row += rowBytes;
      }
    }
  }

private:
  static constexpr size_t lineBytes = 64;
  const char *row = nullptr;
  size_t rowBytes = 0, lines = 0;
  size_t at = 0;   // line of the row
  size_t left = 0; // lines
  size_t each = 0; // lines of one call
};

void multiplyPacked(const Job &job, const Part &part) {
  const MicroKernel &kernel = microKernel(job.path, job.ring);
  const MatrixProduct &product = part.product;
  const size_t columnStep = ceilTo(blockColumns, kernel.columns);
  const size_t deepest = std::min(blockDepth, job.depth);
  auto buffer = [&](size_t count, size_t step) {
    return Array(ceilDiv(ceilTo(count, step) * deepest * kernel.wordBytes, 8));
  };
  Array packedA = buffer(std::min(blockRows, part.rows.count), kernel.rows);
  Array packedB =
      buffer(std::min(columnStep, part.columns.count), kernel.columns);
  auto *const a = reinterpret_cast<std::byte *>(packedA.data());
  auto *const b = reinterpret_cast<std::byte *>(packedB.data());

  // The next block of columns, or the first ones for the next rows or depth.
  auto nextBlock = [&](size_t k, size_t i0, size_t height, size_t j0) {
    j0 += columnStep;
    if (j0 >= part.columns.count) {
      j0 = 0;
      if (i0 + height == part.rows.count)
        k += blockDepth;
    }
    if (k >= job.depth)
      return Ahead();
    const size_t width = std::min(columnStep, part.columns.count - j0);
    return Ahead(product.B.from(k, part.columns.first + j0),
                 std::min(blockDepth, job.depth - k), width,
                 ceilDiv(height, kernel.rows) * ceilDiv(width, kernel.columns));
  };

  for (size_t k = 0; k < job.depth; k += blockDepth) {
    const size_t deep = std::min(blockDepth, job.depth - k);
    const size_t line = deep * kernel.wordBytes; // of one row or column
    for (size_t i0 = 0; i0 < part.rows.count; i0 += blockRows) {
      const size_t height = std::min(blockRows, part.rows.count - i0);
      packPanels(job.path, a, kernel.wordBytes,
                 product.A.from(part.rows.first + i0, k), height, deep,
                 kernel.rows);
      for (size_t j0 = 0; j0 < part.columns.count; j0 += columnStep) {
        const size_t width = std::min(columnStep, part.columns.count - j0);
        packPanels(job.path, b, kernel.wordBytes,
                   product.B.from(k, part.columns.first + j0).transposed(),
                   width, deep, kernel.columns);
        Ahead ahead = nextBlock(k, i0, height, j0);
        for (size_t j = 0; j < width; j += kernel.columns)
          for (size_t i = 0; i < height; i += kernel.rows) {
            ahead.next();
            uint64_t *C = product.C + (part.rows.first + i0 + i) * job.columns +
                          part.columns.first + j0 + j;
            runAt(kernel,
                  {C, job.columns, ringMask(job.ring),
                   job.sign == Sign::Minus ? ~uint64_t(0) : 0},
                  height - i, width - j, a + i * line, b + j * line, deep);
          }
      }
    }
  }
}

//===-- Few rows ----------------------------------------------------------===//

constexpr size_t fewColumns = 256; // C's piece of them stays in the first cache

/// No row of B is used often enough to be packed: B is read where it lies, or,
/// if its elements are not words side by side, through a small buffer.
void multiplyFew(const Job &job, const Part &part) {
  const FewRows addRows = fewRows(job.path);
  const MatrixProduct &product = part.product;
  const size_t rows = part.rows.count;
  const bool direct = product.B.format == Matrix::Format::Words64 &&
                      product.B.columnStride == 1;
  alignas(64) uint64_t buffer[fewDepth * fewColumns];
  alignas(64) uint64_t a[mostFew * fewDepth];
  const uint64_t *b[fewDepth];

  for (size_t j = 0; j < part.columns.count; j += fewColumns) {
    const size_t width = std::min(fewColumns, part.columns.count - j);
    const size_t column = part.columns.first + j;
    uint64_t *C = product.C + part.rows.first * job.columns + column;
    for (size_t k = 0; k < job.depth; k += fewDepth) {
      const size_t deep = std::min(fewDepth, job.depth - k);
      // Rows that B lacks are multiplied by 0.
      std::fill_n(a, rows * fewDepth, 0);
      for (size_t i = 0; i < rows; ++i) {
        packPanels(job.path, a + i * fewDepth, sizeof(uint64_t),
                   product.A.from(part.rows.first + i, k), 1, deep, 1);
        if (job.sign == Sign::Minus)
          for (size_t n = 0; n < deep; ++n)
            a[i * fewDepth + n] = -a[i * fewDepth + n];
      }
      const Matrix B = product.B.from(k, column);
      if (!direct)
        packPanels(job.path, buffer, sizeof(uint64_t), B.transposed(), width,
                   deep, width);
      for (size_t n = 0; n < fewDepth; ++n) {
        const size_t row = n < deep ? n : 0;
        b[n] = direct
                   ? static_cast<const uint64_t *>(B.data) + row * B.rowStride
                   : buffer + row * width;
      }
      addRows(C, job.columns, rows, width, a, b, ringMask(job.ring));
    }
  }
}

//===-- Parts -------------------------------------------------------------===//

/// How many parts rows and columns are cut into.
struct Grid {
  size_t rows, columns;
};

/// Cuts of \p parts parts, of which the largest takes the least: the work of
/// its tiles and the packing of its operands, about a tile's row each.
Grid bestGrid(size_t parts, size_t rowTiles, size_t columnTiles) {
  Grid best{1, parts};
  size_t least = SIZE_MAX;
  for (size_t down = 1; down <= parts; ++down) {
    if (parts % down != 0)
      continue;
    const size_t high = ceilDiv(rowTiles, down);
    const size_t wide = ceilDiv(columnTiles, parts / down);
    const size_t cost = high * wide * 8 + high + wide;
    if (cost < least) {
      least = cost;
      best = {down, parts / down};
    }
  }
  return best;
}

/// Part \p index of \p parts of \p n, cut at multiples of \p step.
Span cut(size_t n, size_t step, size_t parts, size_t index) {
  const size_t tiles = ceilDiv(n, step);
  const size_t first = std::min(n, tiles * index / parts * step);
  return {first, std::min(n, tiles * (index + 1) / parts * step) - first};
}

} // namespace

void gemmOn(Path path, std::span<const MatrixProduct> products, size_t rows,
            size_t columns, size_t depth, unsigned ring, Sign sign) {
  const Job job{path, columns, depth, ring, sign};
  const bool few = rows <= mostFew;
  const MicroKernel &kernel = microKernel(path, ring);
  const size_t rowStep = few ? mostFew : kernel.rows;
  const size_t columnStep = few ? fewColumns : kernel.columns;

  // As many parts as make their number a multiple of the threads, if each is
  // worth it.
  const size_t count = products.size();
  const size_t wanted =
      threads() / std::gcd(std::max<size_t>(count, 1), threads());
  const size_t parts = std::clamp<size_t>(
      wanted, 1, std::max<size_t>(rows * columns * depth / leastWork, 1));
  const Grid grid =
      bestGrid(parts, ceilDiv(rows, rowStep), ceilDiv(columns, columnStep));
  const size_t grain =
      std::max<size_t>(leastWork * parts / (rows * columns * depth + 1), 1);
  parallelFor(count * parts, grain, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const size_t at = i % parts;
      const Part part{
          products[i / parts], cut(rows, rowStep, grid.rows, at / grid.columns),
          cut(columns, columnStep, grid.columns, at % grid.columns)};
      few ? multiplyFew(job, part) : multiplyPacked(job, part);
    }
  });
}

} // namespace detail

Matrix Matrix::from(size_t row, size_t column) const {
  Matrix result = *this;
  result.data =
      static_cast<const std::byte *>(data) +
      (row * rowStride + column * columnStride) * detail::elementBytes(format);
  return result;
}

void gemm(std::span<const MatrixProduct> products, size_t rows, size_t columns,
          size_t depth, unsigned ring, Sign sign) {
  detail::gemmOn(chosenPath(), products, rows, columns, depth, ring, sign);
}

const char *gemmKernelName() { return pathName(chosenPath()); }

} // namespace secformer::runtime
