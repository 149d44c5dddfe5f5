//===- ModelErrorsTest.cpp - what is wrong with a model is said clearly
//-----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Node.h"
#include "tests/frontend/ModelBuilder.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

namespace {

using ModelErrors = ImportTest;

/// y = relu(x), x of two dynamic axes.
ModelBuilder reluModel() {
  ModelBuilder model;
  model.input("x", {"batch", ""});
  model.node("Relu", {"x"}, {"y"});
  model.output("y");
  return model;
}

//===--- The file ---===//

TEST_F(ModelErrors, NoFile) {
  expectError(import(std::string(folder) + "/none.onnx"),
              "cannot read the file: No such file");
}

TEST_F(ModelErrors, EmptyFile) {
  expectError(import(write("a.onnx", "")), "found an empty file");
}

TEST_F(ModelErrors, TextFile) {
  expectError(import(write("a.onnx", "this is not a model\n")),
              "expected an ONNX model");
}

TEST_F(ModelErrors, OtherMessage) {
  onnx::TensorProto tensor;
  tensor.add_dims(1);
  expectError(import(write("a.onnx", tensor.SerializeAsString())),
              "expected an ONNX model: the file has no graph");
}

TEST_F(ModelErrors, TruncatedAnywhere) {
  ModelBuilder model = reluModel();
  model.initializer("w", nn::Tensor::of<float>({3}, {1, 2, 3}));
  std::string bytes = model.proto.SerializeAsString();
  bool saysSo = false;
  for (size_t size = 1; size < bytes.size(); ++size) {
    snippet.forgetErrors();
    EXPECT_FALSE(import(write("a.onnx", bytes.substr(0, size)),
                        {{{"batch", 1}, {"x:1", 2}}}))
        << size;
    EXPECT_EQ(errorCount(), 1) << size << "\n" << snippet.errors;
    saysSo |= StringRef(snippet.errors).contains("truncated or damaged");
  }
  EXPECT_TRUE(saysSo);
}

TEST_F(ModelErrors, OldIrVersion) {
  ModelBuilder model = reluModel();
  model.proto.set_ir_version(2);
  expectError(import(model), "expected ONNX IR version 3 or later, found 2");
}

TEST_F(ModelErrors, NewVersionsAreWarnings) {
  ModelBuilder model = reluModel();
  model.proto.set_ir_version(999);
  model.proto.mutable_opset_import(0)->set_version(999);
  EXPECT_TRUE(import(model, {{{"batch", 1}, {"x:1", 2}}}));
  EXPECT_NE(snippet.errors.find("IR version 999 is newer"), std::string::npos);
  EXPECT_NE(snippet.errors.find("opset 999 is newer"), std::string::npos);
}

TEST_F(ModelErrors, NoOpset) {
  ModelBuilder model = reluModel();
  model.proto.clear_opset_import();
  expectError(import(model), "does not say which opset");
}

TEST_F(ModelErrors, SparseInitializers) {
  ModelBuilder model = reluModel();
  model.proto.mutable_graph()->add_sparse_initializer();
  expectError(import(model), "sparse initializers are not supported");
}

//===--- Inputs ---===//

TEST_F(ModelErrors, UnboundAxesAllAtOnce) {
  ModelBuilder model = reluModel();
  model.input("mask", {"batch", "length"});
  expectError(import(model),
              "input 'x' has the dynamic axis 'batch': give it with --dim "
              "batch=N\ninput 'x' has the dynamic axis 'x:1': give it with "
              "--dim x:1=N\ninput 'mask' has the dynamic axis 'length': give "
              "it with --dim length=N");
}

TEST_F(ModelErrors, UnknownAxis) {
  expectError(import(reluModel(), {{{"batch", 1}, {"x:1", 2}, {"seq", 3}}}),
              "the model has no dynamic axis 'seq'; it has batch, x:1");
}

TEST_F(ModelErrors, BadAxisSize) {
  expectError(import(reluModel(), {{{"batch", 0}, {"x:1", 2}}}),
              "expected a positive size for the axis 'batch', found 0");
}

TEST_F(ModelErrors, NamedAxisByAddress) {
  ASSERT_TRUE(import(reluModel(), {{{"x:0", 3}, {"x:1", 2}}}))
      << snippet.errors;
  EXPECT_EQ(cast<RankedTensorType>(main().getArgumentTypes()[0]).getShape(),
            (ArrayRef<int64_t>{3, 2}));
}

TEST_F(ModelErrors, MinusOneIsDynamic) {
  ModelBuilder model;
  model.input("x", {-1});
  model.node("Relu", {"x"}, {"y"});
  model.output("y");
  expectError(import(model), "give it with --dim x:0=N");
  EXPECT_TRUE(import(model, {{{"x:0", 3}}}));
}

TEST_F(ModelErrors, NoShape) {
  ModelBuilder model;
  model.input("x", {});
  model.proto.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->clear_shape();
  model.node("Relu", {"x"}, {"y"});
  model.output("y");
  expectError(import(model), "input 'x' has no shape: give it with --dim "
                             "x:0=N, --dim x:1=N");
  ASSERT_TRUE(import(model, {{{"x:0", 2}, {"x:1", 3}}})) << snippet.errors;
  EXPECT_EQ(shapeOf(main().getArgument(0)), llvm::ArrayRef<int64_t>({2, 3}));
}

TEST_F(ModelErrors, StringsAndSequences) {
  ModelBuilder strings = reluModel();
  strings.input("s", {}, onnx::TensorProto::STRING);
  expectError(import(strings), "input 's' has elements of STRING");
  snippet.forgetErrors();
  ModelBuilder sequences = reluModel();
  auto *input = sequences.proto.mutable_graph()->add_input();
  input->set_name("list");
  input->mutable_type()->mutable_sequence_type();
  expectError(import(sequences), "input 'list' is not a tensor");
}

TEST_F(ModelErrors, UnusedInputsStay) {
  ModelBuilder model = reluModel();
  model.input("unused", {7}, onnx::TensorProto::INT32);
  ASSERT_TRUE(import(model, {{{"batch", 1}, {"x:1", 2}}})) << snippet.errors;
  ASSERT_EQ(main().getNumArguments(), 2u);
  EXPECT_EQ(nn::argumentName(main(), 1), "unused");
}

//===--- The graph ---===//

TEST_F(ModelErrors, UnsupportedOperatorsAllAtOnce) {
  ModelBuilder model(6);
  model.input("x", {2});
  model.node("Foo", {"x"}, {"a"}).set_name("first");
  model.node("Foo", {"a"}, {"b"});
  model.node("Relu", {"b"}, {"c"});
  model.node("Bar", {"c"}, {"d"}, {}, "my.domain");
  model.node("Add", {"d", "d"}, {"y"});
  model.node("Dead", {"x"}, {"unused"});
  model.output("y");
  expectError(import(model),
              "the model uses 3 unsupported operators:\n"
              "  Foo (opset 6), 2 times, first in node \"first\"\n"
              "  my.domain.Bar (opset 0: the model does not import this "
              "domain), 1 time, first in node \"d\"\n"
              "  Add (opset 6, supported from opset 7 on), 1 time, first in "
              "node \"y\"");
}

TEST_F(ModelErrors, Cycle) {
  ModelBuilder model;
  model.input("x", {2});
  model.node("Add", {"x", "b"}, {"a"}).set_name("loop");
  model.node("Relu", {"a"}, {"b"});
  model.output("b");
  expectError(import(model), "depends on its own result");
}

TEST_F(ModelErrors, UndefinedInput) {
  ModelBuilder model;
  model.input("x", {2});
  model.node("Add", {"x", "nothing"}, {"y"});
  model.output("y");
  expectError(import(model), "input 1 is 'nothing', which is not");
}

TEST_F(ModelErrors, DefinedTwice) {
  ModelBuilder model;
  model.input("x", {2});
  model.node("Relu", {"x"}, {"y"});
  model.node("Neg", {"x"}, {"y"});
  model.output("y");
  expectError(import(model), "the value 'y' is defined more than once");
}

TEST_F(ModelErrors, LastConstantCounts) {
  ModelBuilder model;
  model.input("x", {1});
  for (float value : {5.0f, 7.0f})
    model.node("Constant", {}, {"c"}, {{"value_float", value}});
  model.node("Add", {"x", "c"}, {"y"});
  model.output("y");
  ASSERT_TRUE(import(model)) << snippet.errors;
  EXPECT_EQ(snippet.errors,
            "the constant 'c' is defined more than once: the last definition "
            "counts, as it does for ONNX Runtime\n");
  EXPECT_EQ(run({{"x", nn::floats({1}, {1})}})[0].at(0), 8);
}

TEST_F(ModelErrors, HalfPrecision) {
  ModelBuilder model;
  model.input("x", {1}, onnx::TensorProto::FLOAT16);
  model.node("Neg", {"x"}, {"y"});
  model.output("y");
  ASSERT_TRUE(import(model)) << snippet.errors;
  EXPECT_EQ(snippet.errors,
            "the model's FLOAT16 values are computed in float32\n");
}

TEST_F(ModelErrors, Reasons) {
  ModelBuilder model;
  model.import("com.microsoft", 1);
  model.input("x", {1});
  model.node("DropoutGrad", {"x"}, {"a"}, {}, "com.microsoft");
  model.node("MatMulInteger", {"a", "x"}, {"b"});
  model.node("RandomUniformLike", {"b"}, {"y"});
  model.output("y");
  bool imported = import(model);
  for (const char *reason : {"belongs to training", "on quantized integers",
                             "gives other results in every run"})
    EXPECT_NE(snippet.errors.find(reason), std::string::npos) << reason;
  expectError(imported, "3 unsupported operators");
}

TEST_F(ModelErrors, OutputsWithoutNode) {
  ModelBuilder model = reluModel();
  model.output("z");
  expectError(import(model), "no node computes the output 'z'");
  snippet.forgetErrors();
  ModelBuilder none = reluModel();
  none.proto.mutable_graph()->clear_output();
  expectError(import(none), "the model has no outputs");
}

TEST_F(ModelErrors, NodesInAnyOrder) {
  ModelBuilder model;
  model.input("x", {2});
  model.node("Neg", {"b"}, {"y"});
  model.node("Exp", {"a"}, {"b"});
  model.node("Relu", {"x"}, {"a"});
  model.output("y");
  model.output("b");
  ASSERT_TRUE(import(model)) << snippet.errors;
  auto results = run({{"x", nn::Tensor::of<float>({2}, {-1, 0})}});
  ASSERT_EQ(results.size(), 2u);
  expectNear(results[0], {-1, -1}, 1e-6);
  expectNear(results[1], {1, 1}, 1e-6);
  EXPECT_EQ(nn::resultName(main(), 1), "b");
}

//===--- Nodes ---===//

TEST_F(ModelErrors, ShapesThatDoNotFitNameTheOperator) {
  ModelBuilder model;
  model.input("x", {2, 3});
  model.input("z", {2, 2});
  model.node("MatMul", {"x", "z"}, {"y"}).set_name("/layer.0/MatMul");
  model.output("y");
  std::string where;
  ScopedDiagnosticHandler handler(
      &snippet.context, [&](Diagnostic &diagnostic) {
        where = cast<NameLoc>(diagnostic.getLocation()).getName().str();
        return failure();
      });
  expectError(import(model),
              "MatMul: shapes [2, 3] and [2, 2] do not multiply");
  EXPECT_EQ(where, "/layer.0/MatMul");
}

TEST_F(ModelErrors, ShapeFromAnInput) {
  ModelBuilder model;
  model.input("x", {4});
  model.input("s", {2}, onnx::TensorProto::INT64);
  model.node("Reshape", {"x", "s"}, {"y"});
  model.output("y");
  expectError(import(model), "Reshape: expected shape ('s') that is known when "
                             "the model is compiled");
}

TEST_F(ModelErrors, MissingOperand) {
  ModelBuilder model;
  model.input("x", {4});
  model.node("Add", {"x", ""}, {"y"});
  model.output("y");
  expectError(import(model),
              "Add: expected 2 operands or more, found none at position 1");
}

TEST_F(ModelErrors, AttributeOfAnotherType) {
  ModelBuilder model;
  model.input("x", {4});
  model.node("Softmax", {"x"}, {"y"}, {{"axis", 1.0f}});
  model.output("y");
  expectError(import(model),
              "expected the attribute 'axis' to be INT, found FLOAT");
}

TEST_F(ModelErrors, OptionalResultUsed) {
  ModelBuilder model;
  model.input("x", {4});
  model.node("BitmaskDropout", {"x"}, {"a", "mask"}, {}, "com.microsoft");
  model.node("Not", {"mask"}, {"y"});
  model.output("y");
  expectError(import(model), "Not: cannot use 'mask'");
}

} // namespace
