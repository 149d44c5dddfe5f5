//===- PlainInputsTest.cpp - models made for given inputs -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/ModelBuilder.h"

using namespace secformer;
using namespace secformer::frontend;
using nn::floats, nn::ints;

namespace {

class PlainInputs : public ImportTest {
protected:
  /// Imports the model for these inputs and evaluates it on them.
  std::vector<nn::Tensor> runOn(const ModelBuilder &model,
                                const nn::TensorMap &inputs) {
    ImportOptions options;
    options.inputs = inputs;
    EXPECT_TRUE(import(model, options)) << snippet.errors;
    return module ? run(inputs) : std::vector<nn::Tensor>();
  }
};

TEST_F(PlainInputs, ShapesComputedFromInputs) {
  ModelBuilder model;
  model.input("x", {6});
  model.input("rows", {1}, onnx::TensorProto::INT64);
  model.initializer("rest", ints({1}, {-1}));
  model.node("Concat", {"rows", "rest"}, {"shape"}, {{"axis", int64_t(0)}});
  model.node("Reshape", {"x", "shape"}, {"y"});
  model.output("y");
  auto results = runOn(model, {{"x", floats({6}, {1, 2, 3, 4, 5, 6})},
                               {"rows", ints({1}, {2})}});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].getShape(), (llvm::ArrayRef<int64_t>{2, 3}));
}

TEST_F(PlainInputs, WithoutThemAShapeMustBeKnown) {
  ModelBuilder model;
  model.input("x", {6});
  model.input("shape", {2}, onnx::TensorProto::INT64);
  model.node("Reshape", {"x", "shape"}, {"y"});
  model.output("y");
  expectError(import(model), "expected shape ('shape') that is known");
}

TEST_F(PlainInputs, DynamicAxesTakeTheirExtents) {
  ModelBuilder model;
  model.input("x", {"batch", ""});
  model.node("Relu", {"x"}, {"y"});
  model.output("y");
  auto results = runOn(model, {{"x", floats({1, 3}, {-1, 2, -3})}});
  ASSERT_EQ(results.size(), 1U);
  nn::expectNear(results[0], {0, 2, 0}, 0);
}

TEST_F(PlainInputs, InitializersAreDefaults) {
  ModelBuilder model;
  model.input("x", {2});
  model.input("w", {2});
  model.initializer("w", floats({2}, {10, 20}));
  model.node("Add", {"x", "w"}, {"y"});
  model.output("y");
  nn::TensorMap inputs{{"x", floats({2}, {1, 2})}};
  nn::expectNear(runOn(model, inputs).at(0), {11, 22}, 0);
  inputs["w"] = floats({2}, {3, 4});
  nn::expectNear(runOn(model, inputs).at(0), {4, 6}, 0);
}

TEST_F(PlainInputs, AnyNamesAndInputsAsOutputs) {
  ModelBuilder model;
  model.input("a/b:0 c", {2});
  model.input("unused", {});
  model.node("Neg", {"a/b:0 c"}, {"/out put/\xc3\xa4"});
  model.output("/out put/\xc3\xa4");
  model.output("a/b:0 c");
  auto results = runOn(
      model, {{"a/b:0 c", floats({2}, {1, -2})}, {"unused", floats({}, {0})}});
  ASSERT_EQ(results.size(), 2U);
  nn::expectNear(results[0], {-1, 2}, 0);
  nn::expectNear(results[1], {1, -2}, 0);
}

TEST_F(PlainInputs, AnInputOfAnotherTypeIsNotUsed) {
  ModelBuilder model;
  model.input("x", {6});
  model.input("shape", {2}, onnx::TensorProto::INT64);
  model.node("Reshape", {"x", "shape"}, {"y"});
  model.output("y");
  ImportOptions options;
  options.inputs["shape"] = floats({2}, {2, 3});
  expectError(import(model, options), "expected shape ('shape')");
}

} // namespace
