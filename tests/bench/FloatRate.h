//===- FloatRate.h - how fast this machine multiplies floats --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_BENCH_FLOATRATE_H
#define SECFORMER_TESTS_BENCH_FLOATRATE_H

#include <cstddef>
#include <optional>

namespace secformer {

/// Processor time of this thread.
double processorSeconds();

/// Multiply-adds per second of processor time of OpenBLAS's float32 product
/// (rows x depth times depth x columns) in one thread; nothing without
/// OpenBLAS.
std::optional<double> floatRate(size_t rows, size_t columns, size_t depth);

} // namespace secformer

#endif // SECFORMER_TESTS_BENCH_FLOATRATE_H
