//===- Cosine.h - a table of cosines that is the same everywhere ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_COSINE_H
#define SECFORMER_RUNTIME_COSINE_H

#include <cstdint>
#include <memory>
#include <vector>

namespace secformer::runtime {

/// Fraction bits of the table's entries.
constexpr unsigned cosineBits = 30;
constexpr unsigned cosineMaxRing = 20;

using CosineTable = std::vector<int32_t>;

/// cos(2 pi i / 2^ring) * 2^30, rounded, for i < 2^ring; 2 <= ring <= 20. By
/// integer arithmetic alone: two machines get the same bits, whatever their
/// mathematical library. sin is the entry a quarter period earlier. Tables are
/// made once and kept.
std::shared_ptr<const CosineTable> cosineTable(unsigned ring);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_COSINE_H
