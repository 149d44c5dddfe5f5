//===- CentreResidualsTest.cpp - sums that have no mean to subtract -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/CentreResiduals.h"
#include "mlir/IR/Verifier.h"
#include "tests/Random.h"
#include "tests/dialect/NN/Snippet.h"

#include <gtest/gtest.h>

using namespace secformer;
using namespace secformer::nn;

namespace {

/// A function with weights @w0: 4x6, @w1: 6x6, @b: 6, @table: 5x6.
class CentreResiduals : public testing::Test {
protected:
  /// Checks that centring `body`, which takes %x: 1x3x4 and %ids: 1x3 and names
  /// its result %r of `type`, keeps what it computes. Returns the RMSNorms
  /// afterwards; `norms` are all.
  int rmsNormsOf(const std::string &body, const std::string &type, int norms) {
    auto module = snippet.parse("");
    auto text =
        snippet.parse("nn.weight @w0 offset 0 : tensor<4x6xf32>\n"
                      "nn.weight @w1 offset 0 : tensor<6x6xf32>\n"
                      "nn.weight @b offset 0 : tensor<6xf32>\n"
                      "nn.weight @table offset 0 : tensor<5x6xf32>\n"
                      "func.func @main(%x: tensor<1x3x4xf32> "
                      "{nn.name = \"x\"}, %ids: tensor<1x3xi64> "
                      "{nn.name = \"ids\"}) -> " +
                      type + " {\n" + body + "\nreturn %r : " + type + "\n}");
    auto function = text->lookupSymbol<mlir::func::FuncOp>("main");
    function->remove();
    module->push_back(function);
    WeightStore weights;
    auto random = seeded(7);
    auto numbers = [&](llvm::ArrayRef<int64_t> shape) {
      return Tensor::build<float>(shape, [&](llvm::MutableArrayRef<float> out) {
        for (float &each : out)
          each = float(random() % 2000) / 1000 - 0.7F;
      });
    };
    for (const auto &[name, shape] :
         {std::pair<const char *, std::vector<int64_t>>("w0", {4, 6}),
          {"w1", {6, 6}},
          {"b", {6}},
          {"table", {5, 6}}})
      weights.add(*module, name, numbers(shape));
    const TensorMap inputs = {{"x", numbers({1, 3, 4})},
                              {"ids", ints({1, 3}, {4, 0, 2})}};
    auto before = evaluateFunction(function, inputs, weights);
    centreResiduals(function, weights);
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*module))) << snippet.errors;
    auto after = evaluateFunction(function, inputs, weights);
    if (mlir::failed(before) || mlir::failed(after)) {
      ADD_FAILURE() << snippet.errors;
      return -1;
    }
    for (int64_t i = 0; i < before->front().size(); ++i)
      EXPECT_NEAR(before->front().at(i), after->front().at(i), 1e-5);
    int rms = 0, all = 0;
    function.walk([&](LayerNormOp norm) {
      ++all;
      rms += norm.getRms();
    });
    EXPECT_EQ(all, norms);
    return rms;
  }

  Snippet snippet;
};

const std::string params = R"(
  %w0 = nn.param @w0 : tensor<4x6xf32>
  %w1 = nn.param @w1 : tensor<6x6xf32>
  %b = nn.param @b : tensor<6xf32>
  %table = nn.param @table : tensor<5x6xf32>
)";
const std::string wide = "tensor<1x3x6xf32>";

/// name = LayerNorm(input).
std::string norm(const std::string &name, const std::string &input) {
  return "%" + name + " = nn.layer_norm %" + input +
         " gamma %b axis 2 eps 1.0e-5 : tensor<1x3x6xf32>, tensor<6xf32>\n";
}
std::string add(const std::string &name, const std::string &a,
                const std::string &b) {
  return "%" + name + " = nn.add %" + a + ", %" + b +
         (b == "b" ? " : tensor<1x3x6xf32>, tensor<6xf32>\n"
                   : " : tensor<1x3x6xf32>, tensor<1x3x6xf32>\n");
}
std::string dense(const std::string &name, const std::string &a) {
  return "%" + name + " = nn.matmul %" + a + ", %w1 : " + wide +
         ", tensor<6x6xf32>\n";
}
const std::string embedding =
    "%e = nn.embedding %table, %ids : tensor<5x6xf32>, tensor<1x3xi64>\n"
    "%p = nn.matmul %x, %w0 : tensor<1x3x4xf32>, tensor<4x6xf32>\n" +
    add("s0", "e", "p") + add("s", "s0", "b");

// BERT: the residual is the result of a LayerNorm, which others read.
TEST_F(CentreResiduals, AfterEachSum) {
  EXPECT_EQ(rmsNormsOf(params + embedding + norm("y", "s") + dense("f", "y") +
                           add("g", "f", "b") + add("h", "g", "y") +
                           norm("r", "h"),
                       wide, 2),
            2);
}

// GPT-2: a stream that LayerNorms alone read.
TEST_F(CentreResiduals, Stream) {
  EXPECT_EQ(rmsNormsOf(params + embedding + norm("y", "s") + dense("f", "y") +
                           add("t", "s", "f") + norm("z", "t") +
                           dense("g", "z") + add("u", "t", "g") +
                           norm("r", "u"),
                       wide, 3),
            3);
}

// The stream is a result of the model: nothing that leads to it changes, but
// the first LayerNorm has a sum of its own.
TEST_F(CentreResiduals, StreamReadElsewhere) {
  EXPECT_EQ(rmsNormsOf(params + embedding + norm("y", "s") + dense("f", "y") +
                           add("t", "s", "f") + norm("z", "t") +
                           dense("g", "z") + add("r", "t", "g"),
                       wide, 2),
            0);
  EXPECT_EQ(rmsNormsOf(params + embedding + norm("y", "s") + dense("f", "y") +
                           add("t", "f", "y") + norm("z", "t") +
                           add("r", "z", "t"),
                       wide, 2),
            1);
}

// What is no sum of products keeps its LayerNorm; so do other functions of it.
TEST_F(CentreResiduals, OtherSummands) {
  EXPECT_EQ(rmsNormsOf(params + embedding +
                           "%v = nn.unary tanh %s : tensor<1x3x6xf32>\n" +
                           norm("r", "v"),
                       wide, 1),
            0);
  EXPECT_EQ(rmsNormsOf(params + embedding +
                           "%v = nn.unary tanh %s : tensor<1x3x6xf32>\n" +
                           dense("f", "v") + add("g", "f", "v") +
                           norm("r", "g"),
                       wide, 1),
            0);
}

// A product by another weight of one row broadcasts; reshapes keep rows.
TEST_F(CentreResiduals, Reshapes) {
  EXPECT_EQ(rmsNormsOf(params + embedding +
                           "%m = nn.reshape %s : tensor<1x3x6xf32> -> "
                           "tensor<3x6xf32>\n"
                           "%r = nn.layer_norm %m axis 1 eps 1.0e-5 : "
                           "tensor<3x6xf32>",
                       "tensor<3x6xf32>", 1),
            1);
}

} // namespace
