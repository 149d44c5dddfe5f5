//===- LimitsTest.cpp - what a model may ask for is bounded ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "tests/frontend/ModelBuilder.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

using namespace secformer;
using namespace secformer::frontend;
using nn::floats;
using nn::Tensor;

namespace {

constexpr int64_t most = std::numeric_limits<int64_t>::max();
constexpr int64_t least = std::numeric_limits<int64_t>::min();

std::string numbered(const char *name, size_t number) {
  return (name + llvm::Twine(number)).str();
}

class Limits : public ImportTest {
protected:
  using Constants = std::vector<Tensor>;

  static Tensor integers(const std::vector<int64_t> &values) {
    return Tensor::of<int64_t>({int64_t(values.size())}, values);
  }

  /// A model of one node, on an input [2, 3] and then the constants.
  static ModelBuilder modelOf(const std::string &type,
                              const Constants &constants,
                              const Attributes &attributes = {},
                              const std::vector<Dim> &shape = {2, 3}) {
    ModelBuilder model(21);
    model.input("x", shape);
    std::vector<std::string> operands{"x"};
    for (const Tensor &constant : constants) {
      operands.push_back(numbered("c", operands.size()));
      model.initializer(operands.back(), constant);
    }
    model.node(type, operands, {"y"}, attributes);
    model.output("y");
    return model;
  }

  /// The same without the input.
  static ModelBuilder folded(const std::string &type,
                             const Constants &constants,
                             const Attributes &attributes = {}) {
    ModelBuilder model = modelOf(type, constants, attributes);
    auto &operands = *model.proto.mutable_graph()->mutable_node(0);
    operands.mutable_input()->DeleteSubrange(0, 1);
    return model;
  }

  void refuse(const ModelBuilder &model, const std::string &text) {
    snippet.forgetErrors();
    expectError(import(model), text);
  }
};

//===--- One value ---===//

TEST_F(Limits, Inputs) {
  for (const std::vector<Dim> &shape : {std::vector<Dim>{int64_t(1) << 40},
                                        {most, most},
                                        {0, most},
                                        std::vector<Dim>(33, int64_t(1))})
    refuse(modelOf("Relu", {}, {}, shape),
           "input 'x': expected a value of rank 32 or less with 4294967296 "
           "elements or less, found shape [");
}

TEST_F(Limits, ShapesThatAModelAsksFor) {
  const std::string limit = "4294967296 elements or less, found shape [";
  refuse(modelOf("Expand", {integers({most, most, 2, 3})}), limit);
  refuse(modelOf("Expand", {integers(std::vector<int64_t>(40, 1))}), limit);
  refuse(modelOf("Tile", {integers({most, 2})}),
         "repeats from 0 to 4294967296");
  refuse(modelOf("Tile", {integers({int64_t(1) << 32, 2})}), limit);
  refuse(folded("ConstantOfShape", {integers({most, most})}), limit);
  refuse(folded("ConstantOfShape", {integers({-1})}), limit);
  refuse(modelOf("Pad", {integers({0, 0, int64_t(1) << 32, 0})}), limit);
  refuse(modelOf("Pad", {integers({0, least, 0, 0})}), "two pads for each");
  refuse(modelOf("Reshape", {integers({int64_t(1) << 62, 4})}),
         "cannot give [2, 3] the shape");
  refuse(modelOf("Unsqueeze", {integers(std::vector<int64_t>(100, 0))}),
         "expected a value of rank 32 at most, found 102");
  refuse(
      folded("OneHot", {integers({1}), integers({most}), floats({2}, {0, 1})}),
      limit);
}

TEST_F(Limits, Initializers) {
  ModelBuilder model = modelOf("Add", {floats({1}, {0})});
  auto &tensor = *model.proto.mutable_graph()->mutable_initializer(0);
  tensor.set_dims(0, int64_t(1) << 62);
  tensor.add_dims(4);
  refuse(model, "tensor 'c1': expected a value of rank 32 or less");
}

//===--- Numbers at the ends of their range ---===//

TEST_F(Limits, Windows) {
  for (const char *name : {"strides", "dilations", "kernel_shape"}) {
    Attributes attributes{{"kernel_shape", std::vector<int64_t>{1}}};
    attributes[name] = std::vector<int64_t>{most};
    for (const char *pool : {"MaxPool", "AveragePool", "LpPool"})
      refuse(modelOf(pool, {}, attributes, {1, 1, 8}),
             "spatial axes, each at most 16777216");
  }
  Attributes pads{{"pads", std::vector<int64_t>{least, least}}};
  refuse(modelOf("Conv", {floats({1, 1, 1}, {1})}, pads, {1, 1, 8}),
         "spatial axes, each at most 16777216");
  refuse(
      modelOf("Conv", {floats({1, 1, 1}, {1})}, {{"group", most}}, {1, 1, 8}),
      "groups does not fit the channels");
  Attributes shape{{"output_shape", std::vector<int64_t>{most}}};
  refuse(modelOf("ConvTranspose", {floats({1, 1, 1}, {1})}, shape, {1, 1, 8}),
         "output_shape of 1 extents from 0 to 4294967296");
}

TEST_F(Limits, LargePoolsDoNotMakeLargeTables) {
  Attributes window{{"kernel_shape", std::vector<int64_t>{1 << 14}}};
  for (const char *pool : {"AveragePool", "MaxPool"})
    refuse(modelOf(pool, {}, window, {1, 1, 1 << 15}),
           "while constants are folded");
}

TEST_F(Limits, Slices) {
  ModelBuilder model = modelOf("Slice", {integers({most}), integers({least}),
                                         integers({1}), integers({least})});
  ASSERT_TRUE(import(model)) << snippet.errors;
  EXPECT_EQ(run({{"x", floats({2, 3}, {1, 2, 3, 4, 5, 6})}})[0].at(0), 3);
  refuse(modelOf("Split", {integers({most, most})}), "cannot split extent 2");
}

TEST_F(Limits, Ranges) {
  Tensor zero = nn::scalarOf(0, nn::Element::F32);
  Tensor tiny = nn::scalarOf(1e-30, nn::Element::F32);
  Tensor nan = nn::scalarOf(std::nan(""), nn::Element::F32);
  Tensor one = nn::scalarOf(1, nn::Element::F32);
  refuse(folded("Range", {zero, one, tiny}), "at most 4294967296 numbers");
  refuse(folded("Range", {zero, nan, one}), "expected a finite range");
  refuse(folded("Range", {zero, one, zero}), "expected a finite range");
}

TEST_F(Limits, Diagonals) {
  for (int64_t k : {most, least})
    EXPECT_TRUE(import(modelOf("Trilu", {integers({k})}))) << snippet.errors;
  EXPECT_TRUE(import(modelOf("EyeLike", {}, {{"k", least}}))) << snippet.errors;
}

TEST_F(Limits, ScalesOfResize) {
  for (float scale : {1e30f, -1.0f, float(std::nan(""))}) {
    Tensor scales = floats({2}, {1, scale});
    for (const char *mode : {"nearest", "linear"})
      refuse(modelOf("Resize", {floats({0}, {}), scales}, {{"mode", mode}}),
             "expected positive finite scales");
  }
  refuse(modelOf("Resize",
                 {floats({0}, {}), floats({0}, {}), integers({most, 1})}),
         "expected positive finite scales");
}

//===--- All values together ---===//

TEST_F(Limits, BytesOfFolding) {
  refuse(folded("ConstantOfShape", {integers({1 << 28})}),
         "expected at most 5368");
}

/// Each value is small, and so is the file.
TEST_F(Limits, ManyFolds) {
  ModelBuilder model = modelOf("Add", {floats({}, {1})});
  model.initializer("shape", integers({1 << 20}));
  model.node("Expand", {"c1", "shape"}, {"e0"});
  for (size_t i = 0; i < 1000; ++i)
    model.node("Neg", {numbered("e", i)}, {numbered("e", i + 1)});
  model.output("e1000");
  refuse(model, "while constants are folded (more for a larger file), found");
}

TEST_F(Limits, OperationsOfFolding) {
  ModelBuilder model(17);
  model.initializer("shape", integers({4096, 4096}));
  model.node("ConstantOfShape", {"shape"}, {"a"});
  model.node("MatMul", {"a", "a"}, {"y"});
  model.output("y");
  refuse(model, "operations on elements while constants are folded");
}

TEST_F(Limits, LargerFilesMayFoldMore) {
  std::vector<float> values(1 << 20);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(i);
  ModelBuilder model(17);
  model.initializer("w", floats({1 << 20}, values));
  model.initializer("repeats", integers({80}));
  model.node("Tile", {"w", "repeats"}, {"y"});
  model.output("y");
  EXPECT_TRUE(import(model)) << snippet.errors;
}

TEST_F(Limits, ConstantsOfOneName) {
  constexpr size_t count = 5000;
  std::vector<float> values(100);
  ModelBuilder model(17);
  model.input("x", {100});
  for (size_t i = 0; i < count; ++i) {
    std::iota(values.begin(), values.end(), float(i));
    model.initializer(numbered("w", i), floats({100}, values));
    model.node("Neg", {numbered("w", i)}, {numbered("n", i)}).set_name("same");
    model.node("Add", {i ? numbered("a", i - 1) : "x", numbered("n", i)},
               {numbered("a", i)});
  }
  model.output(numbered("a", count - 1));
  auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(import(model)) << snippet.errors;
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  // Ten times what it takes, and a tenth of what a search in each would.
  EXPECT_LT(took.count(), 5);
  EXPECT_NE(weights.lookup("same_4999"), nullptr);
}

//===--- Operands ---===//

TEST_F(Limits, AbsentOperands) {
  for (const char *type : {"Max", "Min", "Sum", "Mean", "Concat"}) {
    ModelBuilder model(17);
    model.input("x", {2});
    model.node(type, {"x", "", "x"}, {"y"}, {{"axis", int64_t(0)}});
    model.output("y");
    refuse(model, "expected an operand at position 1, found none");
  }
  refuse(modelOf("TopK", {}), "expected an operand at position 1, found none");
}

TEST_F(Limits, ValuesOfOddRank) {
  ModelBuilder model(17);
  model.import("com.microsoft", 1);
  model.input("x", {3});
  model.node("Attention", {"x", "x"}, {"y"}, {{"num_heads", int64_t(1)}},
             "com.microsoft");
  model.output("y");
  refuse(model, "expected queries, keys and values of widths");
}

//===--- Texts ---===//

TEST_F(Limits, ErrorsAreShortAndPrintable) {
  const std::string name = std::string(1 << 20, 'n') + "\n\x1b[2J";
  ModelBuilder model(17);
  model.input("x", {2});
  model.node("Relu", {name}, {"y"}).set_name("\x1b[2J" + name);
  model.output("y");
  refuse(model, "is 'nnn");
  EXPECT_LT(snippet.errors.size(), 4096u);
  EXPECT_EQ(snippet.errors.find('\x1b'), std::string::npos);
  refuse(modelOf("Reshape", {integers(std::vector<int64_t>(1 << 16, 2))}),
         ", ... 65536 in all");
  EXPECT_LT(snippet.errors.size(), 4096u);
}

} // namespace
