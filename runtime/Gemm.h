//===- Gemm.h - matrix products modulo 2^k --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// C += A B or C -= A B modulo 2^ring. Blocked as in Goto and van de Geijn (ACM
// TOMS 2008): panels of B and A are packed for a register-blocked micro-kernel;
// products of few rows, which cannot pay for packing, read B as it lies. The
// same bits result on every Path (Processor.h) and number of threads.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_GEMM_H
#define SECFORMER_RUNTIME_GEMM_H

#include <cstddef>
#include <cstdint>
#include <span>

namespace secformer::runtime {

enum class Sign : uint8_t { Plus, Minus };

/// A matrix as it lies in memory: its element (i, k) is rowStride * i +
/// columnStride * k elements after the first. A transposed matrix is one with
/// the strides exchanged, a part of one starts elsewhere, a repeated row has
/// stride 0. Of words, bits above the ring do not matter.
struct Matrix {
  enum class Format : uint8_t {
    Words64, ///< uint64_t
    Words32, ///< uint32_t, for rings up to 32 bits or values that fit
    Floats,  ///< float v, stands for round(v * 2^scale), half to even
  };

  static Matrix words(const uint64_t *data, size_t rowStride,
                      size_t columnStride = 1) {
    return {Format::Words64, data, rowStride, columnStride, 0};
  }
  static Matrix words(const uint32_t *data, size_t rowStride,
                      size_t columnStride = 1) {
    return {Format::Words32, data, rowStride, columnStride, 0};
  }
  /// What Encoding.h's encode makes of the same numbers, without an array of
  /// it. The caller has checked (by checkEncodable) that they are finite and
  /// that the result is below 2^62 in magnitude.
  static Matrix encoded(const float *data, unsigned scale, size_t rowStride,
                        size_t columnStride = 1) {
    return {Format::Floats, data, rowStride, columnStride, scale};
  }

  /// The same matrix from another element on.
  Matrix from(size_t row, size_t column) const;
  Matrix transposed() const {
    return {format, data, columnStride, rowStride, scale};
  }

  Format format;
  const void *data;
  size_t rowStride;
  size_t columnStride;
  unsigned scale; ///< of floats
};

/// One product: \p C is rows x columns words without gaps, left reduced; \p A
/// is rows x depth, \p B is depth x columns.
struct MatrixProduct {
  uint64_t *C;
  Matrix A, B;
};

/// Every C += or -= A B. All products are of one size; no C overlaps another
/// matrix. Uses parallelFor (Threads.h).
void gemm(std::span<const MatrixProduct> products, size_t rows, size_t columns,
          size_t depth, unsigned ring, Sign sign);

/// The path of gemm, "ifma" or "portable" for example.
const char *gemmKernelName();

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_GEMM_H
