//===- FuzzNpz.cpp - any bytes as a numpy archive -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "tests/fuzz/InputFile.h"

#include <string_view>
#include <zlib.h>

using namespace secformer;

/// An archive of the one file x.npy: a check sum in a changed archive is mostly
/// wrong, and then nothing reads the array.
static std::string archiveOf(std::string_view contents) {
  const std::string name = "x.npy";
  std::string archive;
  auto put = [&](uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      archive += i < 8 ? char(value >> 8 * i) : char(0);
  };
  auto describe = [&] {
    constexpr uint64_t version = 20, firstDay = 0x21;
    put(version, 2);
    put(0, 4); // flags, stored as it is
    put(firstDay << 16, 4);
    put(crc32(0, reinterpret_cast<const Bytef *>(contents.data()),
              uInt(contents.size())),
        4);
    put(contents.size(), 4);
    put(contents.size(), 4);
    put(name.size(), 2);
    put(0, 2); // no extra fields
  };
  put(0x04034b50, 4);
  describe();
  archive += name;
  archive += contents;
  size_t directory = archive.size();
  put(0x02014b50, 4);
  put(20, 2);
  describe();
  put(0, 14); // no comment; the first disk; attributes; the first byte
  archive += name;
  size_t size = archive.size() - directory;
  put(0x06054b50, 4);
  put(0, 4);
  put(0x10001, 4); // one entry
  put(size, 4);
  put(directory, 4);
  put(0, 2);
  return archive;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::InputFile file("x.npz");
  std::string bytes(reinterpret_cast<const char *>(data), size);
  if (!bytes.starts_with("PK"))
    bytes = archiveOf(bytes);
  try {
    runtime::readNpz(file.write(reinterpret_cast<const uint8_t *>(bytes.data()),
                                bytes.size()));
  } catch (const runtime::Error &) { // what a user may see
  }
  return 0;
}
