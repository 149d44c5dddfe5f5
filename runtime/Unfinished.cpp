//===- Unfinished.cpp - files that are complete or not there --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Unfinished.h"

#include "runtime/Error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace secformer::runtime {

Unfinished::Unfinished(const std::string &path)
    : path(path), name(path + ".part" + std::to_string(getpid())),
      file(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                S_IRUSR | S_IWUSR)) {
  if (file < 0)
    fail();
}

Unfinished::~Unfinished() {
  if (file >= 0)
    ::close(file);
  if (!name.empty())
    unlink(name.c_str());
}

void Unfinished::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      fail();
    bytes = bytes.subspan(size_t(written));
  }
}

void Unfinished::close() {
  if (::close(std::exchange(file, -1)) != 0)
    fail();
}

void Unfinished::moveIntoPlace() {
  if (rename(name.c_str(), path.c_str()) != 0)
    fail();
  name.clear();
}

void Unfinished::fail() const {
  throw Error("cannot write " + path + ": " + std::strerror(errno));
}

} // namespace secformer::runtime
