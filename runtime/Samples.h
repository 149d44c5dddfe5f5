//===- Samples.h - several samples in one archive -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// An archive holds one sample of a model's tensors or, with one more axis in
// front of every tensor, any number of them.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SAMPLES_H
#define SECFORMER_RUNTIME_SAMPLES_H

#include "runtime/Tensor.h"

#include <vector>

namespace secformer::runtime {

struct Samples {
  std::vector<TensorMap> each;
  bool stacked = false; ///< the arrays had the axis of samples
};

/// Splits \p arrays if those named in \p shapes have the axis of samples.
/// Whether the rest of a shape is right is for others to check. Throws Error
/// if the arrays do not hold the same number of samples; \p file is for errors.
Samples splitSamples(const TensorMap &arrays,
                     const std::map<std::string, Shape> &shapes,
                     const std::string &file);

/// "x.npz", or "x.npz, sample 3": what errors call a sample.
std::string sampleName(const std::string &file, const Samples &samples,
                       size_t index);

/// The same tensors of every sample as one, with the axis of samples. There
/// must be a sample.
TensorMap stackSamples(const std::vector<TensorMap> &samples);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SAMPLES_H
