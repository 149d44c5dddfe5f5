//===- Array.cpp - buffers of ring words ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Array.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <unordered_map>
#include <vector>

namespace secformer::runtime {
namespace {

constexpr size_t alignment = 64;
constexpr size_t largePage = size_t(1) << 21;
constexpr size_t cacheLimit = size_t(1) << 30; // bytes kept for reuse

/// Sizes are rounded up to eight steps per power of two, so that a freed buffer
/// fits a later request of about its size.
size_t capacityFor(size_t words) {
  words = std::max<size_t>(words, 8);
  size_t step = std::max<size_t>(std::bit_floor(words - 1) / 8, 8);
  return (words + step - 1) / step * step;
}

/// Large buffers ask for large pages: fewer faults when they are first written,
/// and fewer misses where products walk over rows of weights.
uint64_t *fresh(size_t bytes) {
  const bool large = bytes >= largePage;
  void *buffer = nullptr;
  if (posix_memalign(&buffer, large ? largePage : alignment, bytes) != 0)
    throw std::bad_alloc();
  if (large) // where there are none, small ones do
    madvise(buffer, bytes, MADV_HUGEPAGE);
  return static_cast<uint64_t *>(buffer);
}

/// Free buffers by capacity; shared by the roles' threads of one process.
class Pool {
public:
  uint64_t *take(size_t capacity) {
    {
      std::lock_guard lock(mutex);
      auto found = buffers.find(capacity);
      if (found != buffers.end() && !found->second.empty()) {
        uint64_t *buffer = found->second.back();
        found->second.pop_back();
        cached -= capacity * sizeof(uint64_t);
        return buffer;
      }
    }
    return fresh(capacity * sizeof(uint64_t));
  }

  void give(uint64_t *buffer, size_t capacity) {
    std::lock_guard lock(mutex);
    if (cached + capacity * sizeof(uint64_t) > cacheLimit) {
      std::free(buffer);
      return;
    }
    buffers[capacity].push_back(buffer);
    cached += capacity * sizeof(uint64_t);
  }

private:
  std::mutex mutex;
  std::unordered_map<size_t, std::vector<uint64_t *>> buffers;
  size_t cached = 0;
};

/// Never destroyed: arrays in static storage may outlive any order of exit.
Pool &pool() {
  static Pool &instance = *new Pool;
  return instance;
}

} // namespace

Array::Array(size_t n) : count(n) {
  size_t capacity = capacityFor(n);
  buffer = std::shared_ptr<uint64_t[]>(
      pool().take(capacity),
      [capacity](uint64_t *p) { pool().give(p, capacity); });
}

Array Array::filled(size_t n, uint64_t value) {
  Array result(n);
  std::fill_n(result.data(), n, value);
  return result;
}

} // namespace secformer::runtime
