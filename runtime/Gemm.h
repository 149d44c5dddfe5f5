//===- Gemm.h - matrix products modulo 2^k --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// C += A B or C -= A B modulo 2^ring, row-major, single thread. Blocked as in
// Goto and van de Geijn (ACM TOMS 2008): panels of B and A are packed for a
// register-blocked micro-kernel. Two micro-kernels give the same results bit
// for bit: 64-bit multiplication anywhere, and AVX-512 IFMA (52-bit
// multiply-add) for rings up to 52 bits where the processor has it.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_GEMM_H
#define SECFORMER_RUNTIME_GEMM_H

#include <cstddef>
#include <cstdint>

namespace secformer::runtime {

enum class Sign : uint8_t { Plus, Minus };

/// C (rows x columns) += or -= A (rows x depth) B (depth x columns). Bits of A
/// and B above the ring do not matter; C is left reduced.
void gemm(uint64_t *C, const uint64_t *A, const uint64_t *B, size_t rows,
          size_t columns, size_t depth, unsigned ring, Sign sign);

/// "ifma" or "portable": what gemm uses for rings up to 52 bits. The
/// environment variable SECFORMER_KERNEL=portable, read once, decides for
/// portable.
const char *gemmKernelName();

namespace detail {

/// Multiplies packed panels: out (rows x columns, dense) = sum over k of
/// a[k][rows] x b[k][columns], modulo 2^64 or, for IFMA, 2^52.
struct MicroKernel {
  size_t rows;
  size_t columns;
  void (*run)(uint64_t *out, const uint64_t *a, const uint64_t *b,
              size_t depth);
};

extern const MicroKernel portableKernel;
#ifdef SECFORMER_HAVE_IFMA
extern const MicroKernel ifmaKernel;
#endif

void gemmWith(const MicroKernel &kernel, uint64_t *C, const uint64_t *A,
              const uint64_t *B, size_t rows, size_t columns, size_t depth,
              unsigned ring, Sign sign);

} // namespace detail
} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_GEMM_H
