//===- Suites.cpp - the table of protocol suites --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Suites.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace secformer;

llvm::ArrayRef<SuiteInfo> secformer::suites() {
  static const SuiteInfo table[] = {
      {"fast", "one opening per function, no comparison, no retraining", false,
       false, createFastSuite},
      {"secformer", "2Quad softmax, Goldschmidt iterations, GELU in segments",
       true, false, createSecFormerSuite},
      {"puma", "softmax by maximum and clipped exponential, GELU in segments",
       false, false, createPumaSuite},
      {"mpcformer", "2Quad softmax, quadratic GELU, CrypTen's iterations", true,
       true, createMPCFormerSuite},
      {"exact", "CrypTen's softmax by maximum, exponential and iterations",
       false, false, createExactSuite},
  };
  return table;
}

std::optional<GeluForm> secformer::geluForm(llvm::StringRef name) {
  if (name == "fourier-segments")
    return GeluForm::FourierSegments;
  if (name == "polynomial-segments")
    return GeluForm::PolynomialSegments;
  return std::nullopt;
}

const SuiteInfo *secformer::findSuite(llvm::StringRef name) {
  const auto *found = llvm::find_if(
      suites(), [&](const SuiteInfo &suite) { return suite.name == name; });
  return found == suites().end() ? nullptr : found;
}

std::string secformer::suiteNames() {
  return llvm::join(
      llvm::map_range(suites(),
                      [](const SuiteInfo &suite) { return suite.name.str(); }),
      ", ");
}
