//===- Seconds.h - how long something takes -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SECONDS_H
#define SECFORMER_RUNTIME_SECONDS_H

#include <chrono>

namespace secformer::runtime {

/// Runs \p work and gives its seconds by the wall clock.
template <class Work> double secondsOf(const Work &work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SECONDS_H
