//===- Blocks.h - long arrays in pieces -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Protocols with many dealt words an element work block by block of elements,
// so that the words of one block fit the cache.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_BLOCKS_H
#define SECFORMER_RUNTIME_BLOCKS_H

#include <algorithm>
#include <cstddef>

namespace secformer::runtime {

constexpr size_t blockSize = 1024; // a multiple of 128, so blocks may be drawn

/// Calls work(first element, number of elements) for every piece of n.
template <class Work> void forPieces(size_t n, size_t piece, Work work) {
  for (size_t first = 0; first < n; first += piece)
    work(first, std::min(piece, n - first));
}

/// The same for every block.
template <class Work> void forBlocks(size_t n, Work work) {
  forPieces(n, blockSize, work);
}

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_BLOCKS_H
