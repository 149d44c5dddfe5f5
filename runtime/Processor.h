//===- Processor.h - which instructions the kernels use -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PROCESSOR_H
#define SECFORMER_RUNTIME_PROCESSOR_H

#include <cstdint>
#include <string_view>
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
/// The one that SECFORMER_KERNEL=\p name asks for; throws Error if it is not
/// available.
Path pathNamed(std::string_view name);
/// What the environment variable SECFORMER_KERNEL names, the last of those
/// available without it; read once.
Path chosenPath();

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PROCESSOR_H
