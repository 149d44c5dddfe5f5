//===- Cases.cpp - models of one node with known results ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/operators/Cases.h"

#include "passes/NN/Calibrate.h"

#include <algorithm>
#include <filesystem>

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

std::vector<Case> secformer::frontend::listCases() {
  std::vector<Case> cases;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(
           SECFORMER_OPERATOR_CASES)) {
    std::filesystem::path path = entry.path();
    if (path.extension() != ".onnx")
      continue;
    std::string model = path.string(), name = path.stem().string();
    cases.push_back({name, model, path.replace_extension("npz").string()});
  }
  std::sort(cases.begin(), cases.end(),
            [](const Case &a, const Case &b) { return a.name < b.name; });
  return cases;
}

nn::TensorMap secformer::frontend::arraysOf(const Case &test, char letter,
                                            MLIRContext &context) {
  nn::TensorMap chosen;
  auto all = nn::readArrays(test.arrays, UnknownLoc::get(&context));
  if (succeeded(all))
    for (const auto &[name, tensor] : *all)
      if (name.front() == letter)
        chosen[name] = tensor;
  return chosen;
}

const Operator *secformer::frontend::rowOf(const Case &test,
                                           MLIRContext &context) {
  auto file = readModelFile(test.model, context);
  return succeeded(file) ? findOperator(*file, file->graph().node(0)) : nullptr;
}
