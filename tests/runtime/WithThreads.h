//===- WithThreads.h - a number of threads for one scope ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_WITHTHREADS_H
#define SECFORMER_TESTS_RUNTIME_WITHTHREADS_H

#include "runtime/Threads.h"

namespace secformer::runtime {

struct WithThreads {
  explicit WithThreads(size_t n) { setThreads(n); }
  ~WithThreads() { setThreads(1); }
  WithThreads(const WithThreads &) = delete;
  WithThreads &operator=(const WithThreads &) = delete;
};

} // namespace secformer::runtime

#endif // SECFORMER_TESTS_RUNTIME_WITHTHREADS_H
