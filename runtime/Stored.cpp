//===- Stored.cpp - how weights and masked inputs wait for their readers --===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Stored.h"

#include "runtime/Blocks.h"
#include "runtime/Encoding.h"
#include "runtime/Kernels.h"

#include <algorithm>

namespace secformer::runtime {

NarrowParts::NarrowParts(size_t n, const std::vector<Fill> &fills)
    : words(fills.size()) {
  Array buffer(std::min(n, piece));
  for (size_t i = 0; i < fills.size(); ++i) {
    if (!fills[i])
      continue;
    words[i].resize(n);
    forPieces(n, piece, [&](size_t first, size_t count) {
      const auto some = buffer.words().first(count);
      fills[i](first, some);
      std::copy(some.begin(), some.end(), words[i].begin() + ptrdiff_t(first));
    });
  }
}

NarrowParts::NarrowParts(const std::vector<Array> &parts) {
  for (const Array &part : parts)
    words.emplace_back(part.data(), part.data() + part.size());
}

std::vector<Array> NarrowParts::load() const {
  std::vector<Array> result;
  for (const std::vector<uint32_t> &part : words) {
    result.emplace_back();
    if (part.empty())
      continue;
    result.back() = Array(part.size());
    std::copy(part.begin(), part.end(), result.back().data());
  }
  return result;
}

OwnFloats OwnFloats::maskedWith(const Randomness &randomness,
                                StreamId where) const {
  OwnFloats result = *this;
  result.masks = &randomness;
  result.stream = where;
  return result;
}

void OwnFloats::encodePiece(size_t first, std::span<uint64_t> words) const {
  const Array piece =
      encode(values.subspan(first, words.size()), type, type.ring, "weight");
  std::copy_n(piece.data(), words.size(), words.data());
}

/// The opening of a value and its owner's mask.
static std::vector<Array> masked(const Array &value, unsigned ring,
                                 const Randomness &masks, StreamId stream) {
  Array d(value.size());
  masks.draw(d.words(), ring, stream);
  return {kernels::binary(kernels::Binary::Add, value, d, ring), d};
}

std::vector<Array> OwnFloats::load() const {
  Array value = encode(values, type, type.ring, "weight");
  if (!masks)
    return {value};
  return masked(value, type.ring, *masks, *stream);
}

std::vector<Array> OwnWords::load() const {
  return masked(words, ring, masks, stream);
}

} // namespace secformer::runtime
