//===- GemmPack.cpp - operands as a micro-kernel reads them ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/GemmKernels.h"
#include "runtime/Intrinsics.h"
#include "runtime/Multiarch.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace secformer::runtime::detail {
namespace {

// Rows of floats encoded at a time, at least the widest panel.
constexpr size_t bufferRows = 256;

/// Words for floats that lie side by side, as std::lrint rounds them.
using EncodeRow = void (*)(uint64_t *to, const float *from, size_t n,
                           double factor);

void encodeRow(uint64_t *to, const float *from, size_t n, double factor) {
  for (size_t i = 0; i < n; ++i)
    to[i] = uint64_t(std::lrint(double(from[i]) * factor));
}

#ifdef __x86_64__
// Compilers leave this loop scalar.
SECFORMER_AVX512 void encodeRowAvx512(uint64_t *to, const float *from, size_t n,
                                      double factor) {
  const __m512d factors = _mm512_set1_pd(factor);
  for (size_t i = 0; i < n; i += 8) {
    const __mmask8 valid = n - i < 8 ? __mmask8((1U << (n - i)) - 1) : 0xff;
    const __m256 values = _mm256_maskz_loadu_ps(valid, from + i);
    _mm512_mask_storeu_epi64(
        to + i, valid,
        _mm512_cvtpd_epi64(_mm512_mul_pd(_mm512_cvtps_pd(values), factors)));
  }
}
#endif

#ifdef __x86_64__
/// Panels of floats of which the neighbours in a panel lie side by side, made
/// words of 32 bits in one step; \p width a multiple of 16. False if one of
/// them, scaled, has more than 31 bits: what is in \p to is then of no use.
SECFORMER_AVX512 bool packFloatsAvx512(uint32_t *to, size_t panel,
                                       const float *from, size_t count,
                                       size_t depth, size_t along, size_t width,
                                       double factor) {
  // Scaling by a power of two is exact: what is rounded is what encodeRow
  // rounds.
  const __m512 factors = _mm512_set1_ps(float(factor));
  const __m512 limit = _mm512_set1_ps(0x1p31F);
  __mmask16 outside = 0;
  for (size_t k = 0; k < depth; ++k, from += along, to += width)
    for (size_t i = 0; i < count; i += width)
      for (size_t j = 0; j < width; j += 16) {
        const size_t left = count > i + j ? count - i - j : 0;
        const __mmask16 valid =
            left < 16 ? __mmask16((1U << left) - 1) : __mmask16(0xffff);
        const __m512 scaled =
            _mm512_mul_ps(_mm512_maskz_loadu_ps(valid, from + i + j), factors);
        outside |=
            _mm512_cmp_ps_mask(_mm512_abs_ps(scaled), limit, _CMP_NLT_UQ);
        _mm512_storeu_si512(to + i / width * panel + j,
                            _mm512_cvtps_epi32(scaled));
      }
  return outside == 0;
}
#endif

EncodeRow encoderOf(Path path) {
#ifdef __x86_64__
  if (path >= Path::Avx512)
    return encodeRowAvx512;
#else
  (void)path;
#endif
  return encodeRow;
}

/// Panels of the words that are at strides \p across and \p along, one panel
/// \p panel words after the other.
template <class Word, class Element>
SECFORMER_INLINE void pack(Word *to, size_t panel, const Element *from,
                           size_t count, size_t depth, size_t across,
                           size_t along, size_t width) {
  // Where neighbours of one panel lie side by side, all panels of one row are
  // read at once: the next panel's row is the next piece of memory.
  if (across == 1)
    for (size_t k = 0; k < depth; ++k) {
      const Element *row = from + k * along;
      Word *out = to + k * width;
      size_t i = 0;
      for (; i + width <= count; i += width, out += panel)
        for (size_t j = 0; j < width; ++j)
          out[j] = Word(row[i + j]);
      if (i == count)
        continue;
      for (size_t j = 0; j < count - i; ++j)
        out[j] = Word(row[i + j]);
      std::fill(out + (count - i), out + width, 0);
    }
  else
    for (size_t i = 0; i < count; i += width, from += width * across) {
      const size_t valid = std::min(width, count - i);
      Word *out = to + i / width * panel;
      for (size_t k = 0; k < depth; ++k, out += width) {
        for (size_t j = 0; j < valid; ++j)
          out[j] = Word(from[j * across + k * along]);
        std::fill(out + valid, out + width, 0);
      }
    }
}

template <class Word>
SECFORMER_INLINE void packFormat(Path path, Word *to, const Matrix &from,
                                 size_t count, size_t depth, size_t width) {
  const size_t across = from.rowStride, along = from.columnStride;
  const size_t panel = width * depth;
  switch (from.format) {
  case Matrix::Format::Words64:
    return pack(to, panel, static_cast<const uint64_t *>(from.data), count,
                depth, across, along, width);
  case Matrix::Format::Words32:
    return pack(to, panel, static_cast<const uint32_t *>(from.data), count,
                depth, across, along, width);
  case Matrix::Format::Floats:
    break;
  }
  // Encoded through a buffer in the first cache.
  const auto *const floats = static_cast<const float *>(from.data);
  const double factor = std::ldexp(1.0, int(from.scale));
#ifdef __x86_64__
  if constexpr (sizeof(Word) == 4)
    if (path >= Path::Avx512 && across == 1 && width % 16 == 0 &&
        packFloatsAvx512(to, panel, floats, count, depth, along, width, factor))
      return;
#endif
  const EncodeRow encode = encoderOf(path);
  alignas(64) uint64_t words[bufferRows * 8];
  const size_t rows = std::max<size_t>(bufferRows / width, 1) * width;
  const size_t deepest = std::size(words) / rows;
  for (size_t i = 0; i < count; i += rows)
    for (size_t k = 0; k < depth; k += deepest) {
      const size_t high = std::min(rows, count - i);
      const size_t deep = std::min(deepest, depth - k);
      const float *block = floats + i * across + k * along;
      Word *out = to + i / width * panel + k * width;
      if (along == 1) {
        for (size_t r = 0; r < high; ++r)
          encode(words + r * deep, block + r * across, deep, factor);
        pack(out, panel, words, high, deep, deep, 1, width);
        continue;
      }
      for (size_t d = 0; d < deep; ++d)
        if (across == 1)
          encode(words + d * high, block + d * along, high, factor);
        else
          for (size_t r = 0; r < high; ++r)
            encodeRow(words + d * high + r, block + r * across + d * along, 1,
                      factor);
      pack(out, panel, words, high, deep, 1, high, width);
    }
}

SECFORMER_MULTIARCH void packWide(Path path, uint64_t *to, const Matrix &from,
                                  size_t count, size_t depth, size_t width) {
  packFormat(path, to, from, count, depth, width);
}

SECFORMER_MULTIARCH void packNarrow(Path path, uint32_t *to, const Matrix &from,
                                    size_t count, size_t depth, size_t width) {
  packFormat(path, to, from, count, depth, width);
}

} // namespace

void packPanels(Path path, void *to, size_t wordBytes, const Matrix &from,
                size_t count, size_t depth, size_t width) {
  if (wordBytes == sizeof(uint64_t))
    packWide(path, static_cast<uint64_t *>(to), from, count, depth, width);
  else
    packNarrow(path, static_cast<uint32_t *>(to), from, count, depth, width);
}

} // namespace secformer::runtime::detail
