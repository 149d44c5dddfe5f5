//===- Weights.cpp - the weight file of a program -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Error.h"
#include "runtime/Manifest.h"
#include "runtime/ShapeMath.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace secformer::runtime {
namespace {

/// One file.
class MappedWeights final : public WeightSource {
public:
  MappedWeights(const std::string &path,
                const std::map<std::string, WeightSpec> &specs)
      : path(path), specs(specs) {
    int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) {
      int code = errno;
      if (file >= 0)
        ::close(file);
      throw Error("cannot open " + path + ": " + std::strerror(code));
    }
    size = size_t(status.st_size);
    if (size != 0)
      memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    int code = errno;
    ::close(file);
    if (memory == MAP_FAILED)
      throw Error("cannot map " + path + ": " + std::strerror(code));
  }
  ~MappedWeights() override {
    if (memory)
      munmap(memory, size);
  }
  MappedWeights(const MappedWeights &) = delete;
  MappedWeights &operator=(const MappedWeights &) = delete;

  void check() const {
    for (const auto &[name, spec] : specs) {
      size_t bytes = elementCount(spec.shape) * sizeof(float);
      if (spec.offset > size || bytes > size - spec.offset)
        throw Error(path + " is too short for the weight '" + name +
                    "': it is not the file of this program, or damaged");
    }
  }

  std::span<const float> slice(const std::string &name,
                               const Shape &shape) const override {
    auto found = specs.find(name);
    if (found == specs.end())
      throw Error("the manifest has no weight '" + name + "' in " + path);
    size_t count = elementCount(shape);
    if (elementCount(found->second.shape) != count)
      throw Error("the weight '" + name + "' has shape " +
                  toString(found->second.shape) + ", expected " +
                  toString(shape));
    return {reinterpret_cast<const float *>(static_cast<const char *>(memory) +
                                            found->second.offset),
            count};
  }

private:
  const std::string path;
  const std::map<std::string, WeightSpec> specs;
  void *memory = nullptr;
  size_t size = 0;
};

class DirectoryWeights final : public WeightSource {
public:
  DirectoryWeights(const std::string &directory, const Manifest &manifest,
                   bool withSecret)
      : publicNames(manifest.publicWeights) {
    if (withSecret)
      secret.emplace(directory + "/weights.bin", manifest.weights).check();
    if (!publicNames.empty())
      open.emplace(directory + "/public.bin", publicNames).check();
  }

  std::span<const float> slice(const std::string &name,
                               const Shape &shape) const override {
    if (open && publicNames.count(name))
      return open->slice(name, shape);
    if (!secret)
      throw Error("the weight '" + name + "' is secret to this party");
    return secret->slice(name, shape);
  }

private:
  const std::map<std::string, WeightSpec> publicNames;
  std::optional<MappedWeights> secret, open;
};

} // namespace

std::unique_ptr<WeightSource>
openWeightFile(const std::string &path,
               const std::map<std::string, WeightSpec> &specs) {
  auto weights = std::make_unique<MappedWeights>(path, specs);
  weights->check();
  return weights;
}

std::unique_ptr<WeightSource> openWeights(const std::string &directory,
                                          const Manifest &manifest,
                                          bool withSecret) {
  return std::make_unique<DirectoryWeights>(directory, manifest, withSecret);
}

} // namespace secformer::runtime
