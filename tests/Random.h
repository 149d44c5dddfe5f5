//===- Random.h - random numbers that can be had again --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RANDOM_H
#define SECFORMER_TESTS_RANDOM_H

#include <cstdint>
#include <random>

namespace secformer {

/// The same numbers for the same seed, so that a failure can be repeated.
inline std::mt19937_64 seeded(uint64_t seed) { return std::mt19937_64(seed); }

} // namespace secformer

#endif // SECFORMER_TESTS_RANDOM_H
