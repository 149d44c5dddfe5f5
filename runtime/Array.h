//===- Array.h - buffers of ring words ------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// An Array is a shared handle to 64-byte aligned uint64_t words, written by the
// operation that makes it and constant from then on; copies are cheap. Freed
// buffers are pooled by size, so that a program's steady state does not ask
// the system for memory.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_ARRAY_H
#define SECFORMER_RUNTIME_ARRAY_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace secformer::runtime {

class Array {
public:
  /// The null array: stands for zeros or for a value not held here.
  Array() = default;
  /// \p n words, not initialised.
  explicit Array(size_t n);
  static Array filled(size_t n, uint64_t value);

  explicit operator bool() const { return buffer != nullptr; }
  size_t size() const { return count; }
  uint64_t *data() { return buffer.get(); }
  const uint64_t *data() const { return buffer.get(); }
  std::span<uint64_t> words() { return {data(), count}; }
  std::span<const uint64_t> words() const { return {data(), count}; }

private:
  std::shared_ptr<uint64_t[]> buffer;
  size_t count = 0;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_ARRAY_H
