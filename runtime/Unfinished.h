//===- Unfinished.h - files that are complete or not there ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_UNFINISHED_H
#define SECFORMER_RUNTIME_UNFINISHED_H

#include <cstddef>
#include <span>
#include <string>

namespace secformer::runtime {

/// A file under another name until it is complete, readable by its owner only.
/// Every method throws Error if the system refuses.
class Unfinished {
public:
  explicit Unfinished(const std::string &path);
  /// Leaves nothing behind if the file was not moved into place.
  ~Unfinished();
  Unfinished(const Unfinished &) = delete;
  Unfinished &operator=(const Unfinished &) = delete;

  void write(std::span<const std::byte> bytes);
  void close();
  void moveIntoPlace();

private:
  [[noreturn]] void fail() const;

  const std::string path;
  std::string name;
  int file;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_UNFINISHED_H
