//===- FunctionsTest.cpp - functions that a model defines -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/ModelBuilder.h"

using namespace secformer;
using namespace secformer::frontend;
using nn::floats;

namespace {

class Functions : public ImportTest {
protected:
  Functions() { model.import("mine", 1); }

  onnx::FunctionProto &function(const std::string &name,
                                const std::vector<std::string> &inputs,
                                const std::vector<std::string> &outputs) {
    onnx::FunctionProto &function = *model.proto.add_functions();
    function.set_domain("mine");
    function.set_name(name);
    for (const std::string &input : inputs)
      function.add_input(input);
    for (const std::string &output : outputs)
      function.add_output(output);
    auto *opset = function.add_opset_import();
    opset->set_domain("");
    opset->set_version(17);
    return function;
  }

  static onnx::NodeProto &node(onnx::FunctionProto &function,
                               const std::string &type,
                               const std::vector<std::string> &inputs,
                               const std::string &output,
                               const std::string &domain = "") {
    onnx::NodeProto &node = *function.add_node();
    node.set_op_type(type);
    node.set_domain(domain);
    for (const std::string &input : inputs)
      node.add_input(input);
    node.add_output(output);
    return node;
  }

  /// leaky(x) = LeakyRelu(x) with the slope `alpha` of the call, 0.5 without.
  void addLeaky() {
    onnx::FunctionProto &leaky = function("Leaky", {"a"}, {"b"});
    onnx::AttributeProto &alpha =
        *node(leaky, "LeakyRelu", {"a"}, "b").add_attribute();
    alpha.set_name("alpha");
    alpha.set_ref_attr_name("alpha");
    alpha.set_type(onnx::AttributeProto::FLOAT);
    onnx::AttributeProto &usual = *leaky.add_attribute_proto();
    usual.set_name("alpha");
    usual.set_type(onnx::AttributeProto::FLOAT);
    usual.set_f(0.5f);
  }

  ModelBuilder model;
};

TEST_F(Functions, AttributesOfTheCallAndDefaults) {
  addLeaky();
  model.input("x", {2});
  model.output("y");
  model.node("Leaky", {"x"}, {"b"}, {{"alpha", 0.25f}}, "mine");
  model.node("Leaky", {"b"}, {"y"}, {}, "mine");
  ASSERT_TRUE(import(model)) << snippet.errors;
  auto results = run({{"x", floats({2}, {8, -8})}});
  ASSERT_EQ(results.size(), 1U);
  nn::expectNear(results[0], {8, -1}, 1e-6);
}

TEST_F(Functions, CallsOfFunctionsKeepTheirValuesApart) {
  onnx::FunctionProto &square = function("Square", {"x"}, {"y"});
  node(square, "Identity", {"x"}, "t");
  node(square, "Mul", {"t", "t"}, "y");
  onnx::FunctionProto &quartic = function("Quartic", {"x"}, {"y", "x"});
  node(quartic, "Square", {"x"}, "t", "mine");
  node(quartic, "Square", {"t"}, "y", "mine");
  model.input("t", {1});
  model.output("power");
  model.output("same");
  model.node("Quartic", {"t"}, {"power", "same"}, {}, "mine");
  ASSERT_TRUE(import(model)) << snippet.errors;
  auto results = run({{"t", floats({1}, {3})}});
  ASSERT_EQ(results.size(), 2U);
  nn::expectNear(results[0], {81}, 1e-4);
  nn::expectNear(results[1], {3}, 1e-6);
}

TEST_F(Functions, EndlessNesting) {
  onnx::FunctionProto &endless = function("Endless", {"x"}, {"y"});
  node(endless, "Endless", {"x"}, "y", "mine");
  model.input("x", {1});
  model.output("y");
  model.node("Endless", {"x"}, {"y"}, {}, "mine");
  expectError(import(model), "nest without end");
}

/// Every function calls the one before it twice.
TEST_F(Functions, Doubling) {
  for (int i = 0; i < 40; ++i) {
    onnx::FunctionProto &doubling =
        function(("F" + llvm::Twine(i)).str(), {"x"}, {"y"});
    std::string inner = i ? ("F" + llvm::Twine(i - 1)).str() : "Neg";
    node(doubling, inner, {"x"}, "t", i ? "mine" : "");
    node(doubling, inner, {"t"}, "y", i ? "mine" : "");
  }
  model.input("x", {1});
  model.output("y");
  model.node("F39", {"x"}, {"y"}, {}, "mine");
  expectError(import(model), "calls of functions that the model defines");
}

/// Names grow with each level.
TEST_F(Functions, LongNames) {
  const std::string name(1 << 14, 'f');
  for (int i = 0; i < 12; ++i) {
    onnx::FunctionProto &doubling =
        function(name + std::to_string(i), {"x"}, {"y"});
    std::string inner = i ? name + std::to_string(i - 1) : "Neg";
    node(doubling, inner, {"x"}, "t", i ? "mine" : "");
    node(doubling, inner, {"t"}, "y", i ? "mine" : "");
  }
  model.input("x", {1});
  model.output("y");
  model.node(name + "11", {"x"}, {"y"}, {}, "mine");
  expectError(import(model), "make nodes of more bytes than 67108864");
}

TEST_F(Functions, AnotherOpset) {
  addLeaky();
  model.proto.mutable_functions(0)->mutable_opset_import(0)->set_version(9);
  model.input("x", {1});
  model.output("y");
  model.node("Leaky", {"x"}, {"y"}, {}, "mine");
  expectError(import(model), "written for opset 9 of '', but the model for "
                             "opset 17");
}

} // namespace
