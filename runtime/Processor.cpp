//===- Processor.cpp - which instructions the kernels use -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Processor.h"

#include "runtime/Error.h"

#include <cstdlib>
#include <string>

namespace secformer::runtime {

const char *pathName(Path path) {
  switch (path) {
  case Path::Portable:
    return "portable";
  case Path::Avx2:
    return "avx2";
  case Path::Avx512:
    return "avx512";
  case Path::Ifma:
    return "ifma";
  }
  return "";
}

std::vector<Path> availablePaths() {
  std::vector<Path> paths = {Path::Portable};
#ifdef __x86_64__
  // The sets that __builtin_cpu_supports knows by one name differ between
  // compilers, so the parts of x86-64-v3 and -v4 are asked for one by one.
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2"))
    return paths;
  paths.push_back(Path::Avx2);
  if (!__builtin_cpu_supports("avx512f") ||
      !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512cd") ||
      !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl"))
    return paths;
  paths.push_back(Path::Avx512);
  if (__builtin_cpu_supports("avx512ifma") &&
      __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("avx512vbmi2"))
    paths.push_back(Path::Ifma);
#endif
  return paths;
}

Path pathNamed(std::string_view name) {
  std::string names;
  for (Path path : availablePaths()) {
    if (name == pathName(path))
      return path;
    names += std::string(names.empty() ? "" : ", ") + pathName(path);
  }
  throw Error("SECFORMER_KERNEL is '" + std::string(name) +
              "', this processor offers: " + names);
}

Path chosenPath() {
  static const Path chosen = [] {
    const char *wanted = std::getenv("SECFORMER_KERNEL");
    return wanted ? pathNamed(wanted) : availablePaths().back();
  }();
  return chosen;
}

} // namespace secformer::runtime
