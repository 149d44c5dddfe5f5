//===- ThreadsTest.cpp - loops over several processor cores ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Threads.h"

#include "tests/runtime/WithThreads.h"

#include <atomic>
#include <gtest/gtest.h>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace secformer::runtime {
namespace {

/// How often each element was visited; pieces start at multiples of the grain.
std::vector<int> visits(size_t n, size_t grain) {
  std::vector<std::atomic<int>> seen(n);
  std::atomic<bool> aligned = true;
  parallelFor(n, grain, [&](size_t begin, size_t end) {
    aligned = aligned && begin % grain == 0;
    for (size_t i = begin; i < end; ++i)
      ++seen[i];
  });
  EXPECT_TRUE(aligned);
  return {seen.begin(), seen.end()};
}

TEST(Threads, EveryElementOnce) {
  for (size_t count : {1, 2, 3, 8}) {
    WithThreads scope(count);
    EXPECT_EQ(threads(), count);
    for (size_t n : {0, 1, 7, 64, 1000})
      for (size_t grain : {1, 3, 64, 5000})
        EXPECT_EQ(visits(n, grain), std::vector<int>(n, 1))
            << count << " " << n << " " << grain;
  }
}

TEST(Threads, PiecesRunAtOnce) {
  WithThreads scope(3);
  std::latch all(3); // passes only if three threads are here together
  parallelFor(3, 1, [&](size_t, size_t) { all.arrive_and_wait(); });
}

TEST(Threads, LoopsNest) {
  WithThreads scope(3);
  std::atomic<size_t> sum = 0;
  parallelFor(20, 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i)
      parallelFor(30, 2, [&](size_t first, size_t last) {
        for (size_t j = first; j < last; ++j)
          sum += i * 30 + j;
      });
  });
  EXPECT_EQ(sum, 600 * 599 / 2);
}

TEST(Threads, CallersDoNotWaitForEachOther) {
  WithThreads scope(2);
  // The first caller's pieces wait until the second caller's loop is done.
  std::latch secondDone(1), bothStuck(2);
  std::thread first([&] {
    parallelFor(2, 1, [&](size_t, size_t) {
      bothStuck.count_down();
      secondDone.wait();
    });
  });
  bothStuck.wait(); // the pool's only worker, too
  EXPECT_EQ(visits(100, 1), std::vector<int>(100, 1));
  secondDone.count_down();
  first.join();
}

TEST(Threads, FirstErrorReachesTheCaller) {
  WithThreads scope(2);
  for (size_t bad : {0, 57, 99})
    try {
      parallelFor(100, 1, [&](size_t begin, size_t end) {
        if (begin <= bad && bad < end)
          throw std::runtime_error("piece");
      });
      FAIL() << bad;
    } catch (const std::runtime_error &error) {
      EXPECT_STREQ(error.what(), "piece");
    }
  EXPECT_EQ(visits(100, 1), std::vector<int>(100, 1)) << "the pool works on";
}

} // namespace
} // namespace secformer::runtime
