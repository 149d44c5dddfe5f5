//===- InputFile.h - the bytes of a fuzzer as a file ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_FUZZ_INPUTFILE_H
#define SECFORMER_TESTS_FUZZ_INPUTFILE_H

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace secformer::fuzz {

/// A folder in memory that goes with the process, and a file in it.
class InputFile {
public:
  explicit InputFile(const std::string &name) {
    std::string pattern = std::filesystem::exists("/dev/shm")
                              ? "/dev/shm/secformer-fuzz-XXXXXX"
                              : "/tmp/secformer-fuzz-XXXXXX";
    if (!mkdtemp(pattern.data()))
      std::abort();
    folder = pattern;
    path = (folder / name).string();
  }
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;

  const std::string &write(const uint8_t *data, size_t size) const {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(data), std::streamsize(size));
    return path;
  }

private:
  std::filesystem::path folder;
  std::string path;
};

} // namespace secformer::fuzz

#endif // SECFORMER_TESTS_FUZZ_INPUTFILE_H
