//===- Manifest.h - what a program directory says of its program ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// manifest.json is written by the compiler beside the program: names, types and
// owners of inputs and outputs, where the weights are, and the predicted cost.
// weights.bin holds the secret ones, for their owner alone, and public.bin
// those that were declared public, as little-endian float32.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_MANIFEST_H
#define SECFORMER_RUNTIME_MANIFEST_H

#include "runtime/Party.h"
#include "runtime/Tensor.h"

#include <memory>
#include <optional>
#include <utility>

namespace secformer::runtime {

struct InputSpec {
  std::string name;
  Shape shape;
  DType dtype = DType::Float32;
  int owner = party1; ///< Owner, as below
  bool isPublic = false;
  /// Values outside were not planned for: an input that has one is refused.
  std::optional<std::pair<double, double>> range;
};

struct OutputSpec {
  std::string name;
  Shape shape;
  int owner = party1;
  DType dtype = DType::Float32;
  /// Of the wire, where its shares go to the client.
  unsigned scale = 0, ring = 64;
  /// How far the result may be from float32's on inputs like the samples.
  std::optional<double> errorBound;
};

struct WeightSpec {
  uint64_t offset = 0; ///< bytes into the file, a multiple of 4
  Shape shape;
};

struct Manifest {
  std::string name;
  std::string hash; ///< of the program, 64 hexadecimal digits
  std::vector<InputSpec> inputs;
  std::vector<OutputSpec> outputs;
  int weightsOwner = party0;
  std::map<std::string, WeightSpec> weights;       ///< in weights.bin
  std::map<std::string, WeightSpec> publicWeights; ///< in public.bin
  Counters setupCost;
  Counters inferenceCost;
  /// Of one inference, at most: the probability that a truncation fails, and
  /// the statistical distance of what the parties see for two inputs.
  double failureBound = 0, hidingBound = 0;
};

/// "party 0", "the client": who an owner is.
std::string ownerName(int owner);

/// Reads and checks manifest.json; throws Error naming the file and the field.
Manifest readManifest(const std::string &path);
/// The same for its text; \p where is what errors call it.
Manifest parseManifest(std::string_view text, const std::string &where);

/// The public weights and, for who has them, the secret ones of a program
/// directory, mapped into memory; throws Error if a weight lies outside its
/// file.
std::unique_ptr<WeightSource> openWeights(const std::string &directory,
                                          const Manifest &manifest,
                                          bool withSecret);

/// Weights at the places \p specs gives them in one file.
std::unique_ptr<WeightSource>
openWeightFile(const std::string &path,
               const std::map<std::string, WeightSpec> &specs);

/// The tensors of \p given that are inputs of \p owner (of all: -1),
/// checked: every one there, of the right shape and type, finite and in its
/// range. \p file is for errors, which give names and indices, never values.
TensorMap selectInputs(const Manifest &manifest, const TensorMap &given,
                       int owner, const std::string &file);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_MANIFEST_H
