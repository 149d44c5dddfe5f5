//===- OperatorCase.h - one ONNX node with a known result
//-------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_FRONTEND_OPERATORCASE_H
#define SECFORMER_TESTS_FRONTEND_OPERATORCASE_H

#include "tests/frontend/ModelBuilder.h"

namespace secformer::frontend {

/// An operand: known when the model is compiled, or given when it runs; or
/// left out.
struct Operand {
  enum Kind { Given, Known, Absent } kind;
  nn::Tensor value;
};

inline Operand given(nn::Tensor value) {
  return {Operand::Given, std::move(value)};
}
inline Operand known(nn::Tensor value) {
  return {Operand::Known, std::move(value)};
}
inline Operand absent() { return {Operand::Absent, {}}; }

struct OperatorCase {
  const char *name;
  const char *type;
  int64_t opset;
  std::vector<Operand> operands;
  Attributes attributes;
  /// Shape and elements of every output.
  std::vector<std::pair<std::vector<int64_t>, std::vector<double>>> expected;
  const char *domain = "";
};

inline std::string nameOf(const testing::TestParamInfo<OperatorCase> &info) {
  return info.param.name;
}

class OperatorTest : public ImportTest,
                     public testing::WithParamInterface<OperatorCase> {
protected:
  void check() {
    const OperatorCase &test = GetParam();
    bool isStandard = !*test.domain;
    ModelBuilder model(isStandard ? test.opset : 17);
    if (!isStandard)
      model.import(test.domain, test.opset);
    std::vector<std::string> inputs, outputs;
    nn::TensorMap values;
    for (const Operand &operand : test.operands) {
      std::string name = ("x" + llvm::Twine(inputs.size())).str();
      inputs.push_back(operand.kind == Operand::Absent ? "" : name);
      if (operand.kind == Operand::Known) {
        model.initializer(name, operand.value);
      } else if (operand.kind == Operand::Given) {
        std::vector<Dim> dims(operand.value.getShape().begin(),
                              operand.value.getShape().end());
        model.input(name, dims,
                    ModelBuilder::onnxType(operand.value.getElement()));
        values[name] = operand.value;
      }
    }
    for (size_t i = 0; i < test.expected.size(); ++i) {
      outputs.push_back(("y" + llvm::Twine(i)).str());
      model.output(outputs.back());
    }
    model.node(test.type, inputs, outputs, test.attributes, test.domain);
    ASSERT_TRUE(import(model)) << snippet.errors;
    auto results = run(values);
    ASSERT_EQ(results.size(), test.expected.size());
    for (auto [result, expected] : llvm::zip(results, test.expected)) {
      EXPECT_EQ(result.getShape(), llvm::ArrayRef(expected.first));
      expectNear(result, expected.second, 1e-5);
    }
  }
};

} // namespace secformer::frontend

#endif // SECFORMER_TESTS_FRONTEND_OPERATORCASE_H
