//===- PackAvx.cpp - k-bit words as bytes, eight at a time ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Eight words of k bits are k bytes, so every eighth word starts at a byte and
// the same shuffles and shifts serve all groups of eight.
//
//===----------------------------------------------------------------------===//

#include "runtime/Intrinsics.h"
#include "runtime/Multiarch.h"
#include "runtime/PackKernels.h"
#include "runtime/Ring.h"

#ifdef __x86_64__
namespace secformer::runtime::detail {
namespace {

//===-- Packing -----------------------------------------------------------===//

/// Eight lanes of 2^doublings neighbouring words each.
template <unsigned doublings>
SECFORMER_AVX512 inline __m512i joined(const uint64_t *words, unsigned bits) {
  if constexpr (doublings == 0) {
    (void)bits;
    return _mm512_loadu_si512(words);
  } else {
    const __m512i x = joined<doublings - 1>(words, bits);
    const __m512i y =
        joined<doublings - 1>(words + (8 << (doublings - 1)), bits);
    const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    const __m512i odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    return _mm512_or_si512(
        _mm512_permutex2var_epi64(x, even, y),
        _mm512_sll_epi64(_mm512_permutex2var_epi64(x, odd, y),
                         _mm_cvtsi32_si128(int(bits << (doublings - 1)))));
  }
}

/// Packs groups of 8 << doublings words, where a lane of 2^doublings words has
/// 33 to 64 bits. A 64-bit word of the stream then reaches over three lanes at
/// most: one shifted down, two shifted up. Shifts of 64 and more give zero.
template <unsigned doublings>
SECFORMER_AVX512 size_t packLanes(std::span<const uint64_t> words,
                                  unsigned bits, std::span<std::byte> out) {
  constexpr size_t group = size_t(8) << doublings;
  const unsigned width = bits << doublings;
  alignas(64) uint64_t lane[3][8], shift[3][8];
  for (unsigned t = 0; t < 8; ++t)
    for (unsigned part = 0; part < 3; ++part) {
      const unsigned at = 64 * t / width + part, rest = 64 * t % width;
      lane[part][t] = at % 8;
      shift[part][t] = at > 7 ? 64 : part == 0 ? rest : part * width - rest;
    }
  __m512i from[3], by[3];
  for (unsigned part = 0; part < 3; ++part) {
    from[part] = _mm512_load_si512(lane[part]);
    by[part] = _mm512_load_si512(shift[part]);
  }
  const __mmask64 valid = ~uint64_t(0) >> (64 - width);
  size_t done = 0, byte = 0;
  for (; done + group <= words.size(); done += group, byte += width) {
    const __m512i x = joined<doublings>(words.data() + done, bits);
    const __m512i low =
        _mm512_srlv_epi64(_mm512_permutexvar_epi64(from[0], x), by[0]);
    const __m512i middle =
        _mm512_sllv_epi64(_mm512_permutexvar_epi64(from[1], x), by[1]);
    const __m512i high =
        _mm512_sllv_epi64(_mm512_permutexvar_epi64(from[2], x), by[2]);
    const __m512i stream = _mm512_or_si512(_mm512_or_si512(low, middle), high);
    if (byte + 64 <= out.size()) // what is too much is written over
      _mm512_storeu_si512(out.data() + byte, stream);
    else
      _mm512_mask_storeu_epi8(out.data() + byte, valid, stream);
  }
  return done;
}

//===-- Unpacking ---------------------------------------------------------===//

/// \p wide: for words of 58 bits and more, whose bits may lie in nine bytes.
template <bool wide>
SECFORMER_VBMI size_t unpackGroups(std::span<const std::byte> bytes,
                                   unsigned bits, std::span<uint64_t> words) {
  alignas(64) unsigned char first[64], ninth[64];
  alignas(64) uint64_t down[8], up[8];
  for (unsigned i = 0; i < 8; ++i) {
    const unsigned at = i * bits / 8;
    down[i] = i * bits % 8;
    up[i] = 64 - down[i]; // 64 gives zero
    for (unsigned n = 0; n < 8; ++n) {
      first[8 * i + n] = static_cast<unsigned char>(at + n);
      ninth[8 * i + n] = static_cast<unsigned char>(at + 8 + n);
    }
  }
  const __m512i firstBytes = _mm512_load_si512(first);
  const __m512i ninthByte = _mm512_load_si512(ninth);
  const __m512i downBy = _mm512_load_si512(down), upBy = _mm512_load_si512(up);
  const __m512i mask = _mm512_set1_epi64(int64_t(ringMask(bits)));
  size_t done = 0, byte = 0;
  for (; done + 8 <= words.size() && byte + 64 <= bytes.size();
       done += 8, byte += bits) {
    const __m512i stream = _mm512_loadu_si512(bytes.data() + byte);
    __m512i x =
        _mm512_srlv_epi64(_mm512_permutexvar_epi8(firstBytes, stream), downBy);
    if constexpr (wide)
      x = _mm512_or_si512(
          x,
          _mm512_sllv_epi64(_mm512_permutexvar_epi8(ninthByte, stream), upBy));
    _mm512_storeu_si512(words.data() + done, _mm512_and_si512(x, mask));
  }
  return done;
}

} // namespace

size_t packAvx512(std::span<const uint64_t> words, unsigned bits,
                  std::span<std::byte> out) {
  if (bits > 32)
    return packLanes<0>(words, bits, out);
  if (bits > 16)
    return packLanes<1>(words, bits, out);
  if (bits > 8)
    return packLanes<2>(words, bits, out);
  if (bits > 4)
    return packLanes<3>(words, bits, out);
  if (bits > 2)
    return packLanes<4>(words, bits, out);
  return bits > 1 ? packLanes<5>(words, bits, out)
                  : packLanes<6>(words, bits, out);
}

size_t unpackVbmi(std::span<const std::byte> bytes, unsigned bits,
                  std::span<uint64_t> words) {
  return bits > 57 ? unpackGroups<true>(bytes, bits, words)
                   : unpackGroups<false>(bytes, bits, words);
}

SECFORMER_AVX2 size_t unpackAvx2(std::span<const std::byte> bytes,
                                 unsigned bits, std::span<uint64_t> words) {
  if (bits > 57)
    return 0;
  // Two words lie within 16 bytes; two such pairs make a vector.
  size_t start[4];
  alignas(32) unsigned char select[2][32];
  alignas(32) uint64_t down[2][4];
  for (unsigned pair = 0; pair < 4; ++pair) {
    start[pair] = 2 * pair * bits / 8;
    for (unsigned half = 0; half < 2; ++half) {
      const unsigned bit = (2 * pair + half) * bits;
      const unsigned lane = 2 * (pair % 2) + half;
      down[pair / 2][lane] = bit % 8;
      for (unsigned n = 0; n < 8; ++n)
        select[pair / 2][8 * lane + n] =
            static_cast<unsigned char>(bit / 8 - start[pair] + n);
    }
  }
  const __m256i mask = _mm256_set1_epi64x(int64_t(ringMask(bits)));
  auto load = [&](size_t byte) SECFORMER_LAMBDA SECFORMER_AVX2 {
    return _mm_loadu_si128(
        reinterpret_cast<const __m128i *>(bytes.data() + byte));
  };
  size_t done = 0, byte = 0;
  for (; done + 8 <= words.size() && byte + start[3] + 16 <= bytes.size();
       done += 8, byte += bits)
    for (unsigned half = 0; half < 2; ++half) {
      __m256i x = _mm256_inserti128_si256(
          _mm256_castsi128_si256(load(byte + start[2 * half])),
          load(byte + start[2 * half + 1]), 1);
      x = _mm256_shuffle_epi8(x,
                              *reinterpret_cast<const __m256i *>(select[half]));
      x = _mm256_srlv_epi64(x, *reinterpret_cast<const __m256i *>(down[half]));
      _mm256_storeu_si256(
          reinterpret_cast<__m256i *>(words.data() + done + 4 * half),
          _mm256_and_si256(x, mask));
    }
  return done;
}

} // namespace secformer::runtime::detail
#endif // __x86_64__
