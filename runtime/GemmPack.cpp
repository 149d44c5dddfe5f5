//===- GemmPack.cpp - operands as a micro-kernel reads them ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/GemmKernels.h"
#include "runtime/Multiarch.h"

#include <algorithm>
#include <cmath>

namespace secformer::runtime::detail {
namespace {

/// Panels, element by element made words by \p encode.
template <class Word, class Element, class Encode>
SECFORMER_INLINE void pack(Word *to, const Element *from, size_t count,
                           size_t depth, size_t across, size_t along,
                           size_t width, Encode encode) {
  // Where neighbours of one panel lie side by side, all panels of one row are
  // read at once: the next panel's row is the next piece of memory.
  if (across == 1)
    for (size_t k = 0; k < depth; ++k) {
      const Element *row = from + k * along;
      Word *out = to + k * width;
      size_t i = 0;
      for (; i + width <= count; i += width, out += depth * width)
        for (size_t j = 0; j < width; ++j)
          out[j] = encode(row[i + j]);
      if (i == count)
        continue;
      for (size_t j = 0; j < count - i; ++j)
        out[j] = encode(row[i + j]);
      std::fill(out + (count - i), out + width, 0);
    }
  else
    for (size_t i = 0; i < count; i += width, from += width * across) {
      const size_t valid = std::min(width, count - i);
      for (size_t k = 0; k < depth; ++k, to += width) {
        for (size_t j = 0; j < valid; ++j)
          to[j] = encode(from[j * across + k * along]);
        std::fill(to + valid, to + width, 0);
      }
    }
}

template <class Word>
SECFORMER_INLINE void packFormat(Word *to, const Matrix &from, size_t count,
                                 size_t depth, size_t width) {
  auto go = [&](auto *data, auto encode) SECFORMER_LAMBDA {
    pack(to, data, count, depth, from.rowStride, from.columnStride, width,
         encode);
  };
  auto truncate = [](auto word) SECFORMER_LAMBDA { return Word(word); };
  switch (from.format) {
  case Matrix::Format::Words64:
    return go(static_cast<const uint64_t *>(from.data), truncate);
  case Matrix::Format::Words32:
    return go(static_cast<const uint32_t *>(from.data), truncate);
  case Matrix::Format::Floats: {
    const double factor = std::ldexp(1.0, int(from.scale));
    return go(static_cast<const float *>(from.data),
              [factor](float v) SECFORMER_LAMBDA {
                return Word(uint64_t(std::lrint(double(v) * factor)));
              });
  }
  }
}

SECFORMER_MULTIARCH void packWide(uint64_t *to, const Matrix &from,
                                  size_t count, size_t depth, size_t width) {
  packFormat(to, from, count, depth, width);
}

SECFORMER_MULTIARCH void packNarrow(uint32_t *to, const Matrix &from,
                                    size_t count, size_t depth, size_t width) {
  packFormat(to, from, count, depth, width);
}

} // namespace

void packPanels(void *to, size_t wordBytes, const Matrix &from, size_t count,
                size_t depth, size_t width) {
  if (wordBytes == sizeof(uint64_t))
    packWide(static_cast<uint64_t *>(to), from, count, depth, width);
  else
    packNarrow(static_cast<uint32_t *>(to), from, count, depth, width);
}

} // namespace secformer::runtime::detail
