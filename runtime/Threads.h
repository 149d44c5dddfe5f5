//===- Threads.h - loops over several processor cores ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// One pool of threads for the process, shared by the roles that run in it.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_THREADS_H
#define SECFORMER_RUNTIME_THREADS_H

#include <cstddef>
#include <functional>

namespace secformer::runtime {

constexpr size_t maxThreads = 256;

/// How many threads work on one loop, the caller's among them; 1 to
/// maxThreads, at first 1. Not to be called while loops run.
void setThreads(size_t n);
size_t threads();

/// Calls body(begin, end) for pieces that cover 0..n, from several threads at
/// once; returns when all are done. Pieces are multiples of \p grain, but for
/// the last; a loop of one grain runs in the caller. Bodies may run loops of
/// their own, and several callers may run loops at once: each waits for its own
/// pieces alone. The first exception of a piece is thrown to the caller; pieces
/// not yet started are left out then.
void parallelFor(size_t n, size_t grain,
                 const std::function<void(size_t begin, size_t end)> &body);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_THREADS_H
