//===- FloatRate.cpp - how fast this machine multiplies floats ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/bench/FloatRate.h"

#include <ctime>
#ifdef SECFORMER_HAVE_OPENBLAS
#include <cblas.h>
#include <vector>
#endif

namespace secformer {

double processorSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

#ifdef SECFORMER_HAVE_OPENBLAS

std::optional<double> floatRate(size_t rows, size_t columns, size_t depth) {
  openblas_set_num_threads(1);
  std::vector<float> A(rows * depth, 0.5F), B(depth * columns, 0.25F),
      C(rows * columns);
  auto multiply = [&] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, int(rows),
                int(columns), int(depth), 1, A.data(), int(depth), B.data(),
                int(columns), 1, C.data(), int(columns));
  };
  multiply(); // pages and caches
  const double start = processorSeconds();
  double seconds = 0;
  size_t count = 0;
  do {
    multiply();
    ++count;
    seconds = processorSeconds() - start;
  } while (seconds < 0.2);
  return double(count) * double(rows) * double(columns) * double(depth) /
         seconds;
}

#else

std::optional<double> floatRate(size_t, size_t, size_t) { return {}; }

#endif

} // namespace secformer
