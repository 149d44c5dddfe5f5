//===- Temporary.h - files and errors of tests ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_TEMPORARY_H
#define SECFORMER_TESTS_RUNTIME_TEMPORARY_H

#include "runtime/Error.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace secformer::runtime::test {

/// A directory that goes with the object.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "secformer-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("cannot make a temporary directory");
    path = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory &) = delete;
  TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;

  std::string operator/(const std::string &name) const {
    return (path / name).string();
  }
  /// Writes a file and gives its path.
  std::string file(const std::string &name, const std::string &text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return *this / name;
  }

private:
  std::filesystem::path path;
};

/// The text of the Error that \p work throws; "no error" if none.
template <class Work> std::string errorOf(Work work) {
  try {
    work();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

/// Whether \p text contains every one of \p parts.
inline bool contains(const std::string &text,
                     std::initializer_list<std::string> parts) {
  for (const std::string &part : parts)
    if (text.find(part) == std::string::npos)
      return false;
  return true;
}

inline std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace secformer::runtime::test

#endif // SECFORMER_TESTS_RUNTIME_TEMPORARY_H
