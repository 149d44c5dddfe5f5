//===- Threads.cpp - loops over several processor cores -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Threads.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace secformer::runtime {
namespace {

// More pieces than threads, since cores may differ in speed or be busy.
constexpr size_t piecesPerThread = 4;

/// A loop that runs.
struct Loop {
  Loop(const std::function<void(size_t, size_t)> &body, size_t n, size_t piece)
      : body(body), n(n), piece(piece) {}

  const std::function<void(size_t, size_t)> &body;
  const size_t n;
  const size_t piece;
  size_t next = 0;    // the first element that nobody has taken
  size_t running = 0; // pieces taken and not done
  std::exception_ptr error;
  std::condition_variable done;
};

/// All state is under one mutex: pieces are long, so it is rarely waited for.
class Pool {
public:
  size_t threads() {
    std::lock_guard lock(mutex);
    return workers.size() + 1;
  }

  void resize(size_t threads) {
    {
      std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    for (std::thread &worker : workers)
      worker.join();
    std::lock_guard lock(mutex);
    workers.clear();
    stopping = false;
    for (size_t i = 1; i < threads; ++i)
      workers.emplace_back([this] { serve(); });
  }

  void run(Loop &loop) {
    std::unique_lock lock(mutex);
    loops.push_back(&loop);
    wake.notify_all();
    while (loop.next < loop.n)
      runPiece(loop, lock);
    loop.done.wait(lock, [&] { return loop.running == 0; });
  }

private:
  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [this] { return stopping || !loops.empty(); });
      if (stopping)
        return;
      runPiece(*loops.front(), lock);
    }
  }

  /// Takes a piece of a loop that has one left and runs it without the lock.
  void runPiece(Loop &loop, std::unique_lock<std::mutex> &lock) {
    const size_t begin = loop.next;
    const size_t end = std::min(begin + loop.piece, loop.n);
    advance(loop, end);
    ++loop.running;
    lock.unlock();
    std::exception_ptr error;
    try {
      loop.body(begin, end);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error && !loop.error) {
      loop.error = error;
      advance(loop, loop.n);
    }
    // The caller may return, and the loop end, as soon as this is 0 and the
    // lock is free.
    if (--loop.running == 0)
      loop.done.notify_one();
  }

  /// A loop without pieces left is in the list no more.
  void advance(Loop &loop, size_t next) {
    loop.next = next;
    if (next == loop.n)
      loops.remove(&loop);
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::list<Loop *> loops;
  std::vector<std::thread> workers;
  bool stopping = false;
};

/// Never destroyed: its threads wait until the process ends.
Pool &pool() {
  static Pool &instance = *new Pool;
  return instance;
}

} // namespace

void setThreads(size_t n) { pool().resize(std::max<size_t>(n, 1)); }

size_t threads() { return pool().threads(); }

void parallelFor(size_t n, size_t grain,
                 const std::function<void(size_t, size_t)> &body) {
  const size_t count = threads();
  if (n == 0)
    return;
  if (count == 1 || n <= grain)
    return body(0, n);
  const size_t grains = (n + grain - 1) / grain;
  const size_t pieces = std::min(grains, count * piecesPerThread);
  Loop loop(body, n, (grains + pieces - 1) / pieces * grain);
  pool().run(loop);
  if (loop.error)
    std::rethrow_exception(loop.error);
}

} // namespace secformer::runtime
