//===- Processor.h - which instructions the kernels use -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PROCESSOR_H
#define SECFORMER_RUNTIME_PROCESSOR_H

#include <cstdint>
#include <vector>

namespace secformer::runtime {

/// Sets of instructions, each with those before it. All give the same results
/// bit for bit.
enum class Path : uint8_t {
  Portable,
  Avx2,   ///< x86-64-v3
  Avx512, ///< x86-64-v4: F, BW, CD, DQ, VL
  Ifma,   ///< IFMA, VBMI and VBMI2 too
};

const char *pathName(Path path);
/// What this processor offers, Portable first.
std::vector<Path> availablePaths();
/// The last of them, or what the environment variable SECFORMER_KERNEL names,
/// read once; throws Error if that is no path of this processor.
Path chosenPath();

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PROCESSOR_H
