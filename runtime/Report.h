//===- Report.h - what a program says when it is done ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_REPORT_H
#define SECFORMER_RUNTIME_REPORT_H

#include "runtime/Manifest.h"
#include "runtime/Session.h"

#include <iosfwd>

namespace secformer::runtime {

/// Which roles' counters a result holds: party 0 does not see what the dealer
/// sends party 1, the dealer sees nothing else.
enum class View : uint8_t { Party0, Party1, Dealer, All };

/// Inputs, outputs and predicted cost in words.
void printInfo(std::ostream &out, const Manifest &manifest);

/// All inferences as one: outputs with the axis of samples if the inputs had
/// it, the counters of one, the mean of the seconds.
PhaseResult summary(const SessionResult &result);

/// Outputs (small ones in full; beside those of \p reference, if given), then
/// rounds, bytes and seconds of both phases.
void printReport(std::ostream &out, const Manifest &manifest, View view,
                 const SessionResult &result, const TensorMap *reference);

/// "truncate at '/MatMul': 3 values outside [-64, 64], from -70 to 81: 7 bits,
/// planned are 6".
std::string toString(const RangeViolation &violation);

/// Only the outputs.
void printOutputs(std::ostream &out, const char *title,
                  const TensorMap &outputs, const TensorMap *reference);

/// The report as one JSON object.
void printStats(std::ostream &out, const Manifest &manifest, View view,
                const SessionResult &result, const TensorMap *reference);

/// Throws Error if what was counted is not what the compiler predicted.
void checkCost(const Manifest &manifest, View view,
               const SessionResult &result);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_REPORT_H
