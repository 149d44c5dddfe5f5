//===- Suite.h - which protocol suites there are --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_SUITE_H
#define SECFORMER_PASSES_SUITE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <optional>
#include <string>

namespace secformer {

class Suite;

/// GELU of the suite `secformer`: as in the second or the first version of the
/// paper.
enum class GeluForm : uint8_t { FourierSegments, PolynomialSegments };

/// "fourier-segments" or "polynomial-segments"; nothing for other names.
std::optional<GeluForm> geluForm(llvm::StringRef name);

struct SuiteOptions {
  GeluForm gelu = GeluForm::FourierSegments;
  /// Deflation factors and numbers of iterations as published, instead of those
  /// that follow from ranges.
  bool publishedConstants = false;
};

/// One row of the table of suites, in Suites.cpp.
struct SuiteInfo {
  llvm::StringLiteral name, summary;
  /// The functions that its models are distilled for: 2Quad in place of
  /// softmax, a quadratic in place of GELU.
  bool quadSoftmax, quadGelu;
  std::unique_ptr<Suite> (*create)(const SuiteOptions &options);
};

llvm::ArrayRef<SuiteInfo> suites();
/// Null if there is none of this name.
const SuiteInfo *findSuite(llvm::StringRef name);
/// "fast, secformer, ...", for help texts and errors.
std::string suiteNames();

} // namespace secformer

#endif // SECFORMER_PASSES_SUITE_H
