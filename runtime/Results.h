//===- Results.h - results that go to the client as shares ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_RESULTS_H
#define SECFORMER_RUNTIME_RESULTS_H

#include "runtime/Shares.h"

namespace secformer::runtime {

/// What a party writes for the client of one inference's results.
std::vector<std::byte>
packResults(const Manifest &manifest,
            const std::map<std::string, ResultShare> &results);
/// The results of both parties' halves, an inference each; throws Error if
/// these are of different runs.
std::vector<TensorMap> openResults(const Manifest &manifest,
                                   const std::array<Shares, 2> &halves);
/// One result of both shares.
Tensor openResult(const ResultShare &first, const ResultShare &second);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_RESULTS_H
