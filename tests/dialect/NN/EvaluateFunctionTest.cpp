//===- EvaluateFunctionTest.cpp - whole functions, errors, inner quantities
//===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/dialect/NN/Snippet.h"

#include <cmath>

using namespace secformer::nn;

namespace {

const Tensor x23 = floats({2, 3}, {1, -2, 3, -4, 5, -6});

TEST(EvaluatorErrors, IdOutOfRange) {
  Snippet snippet;
  EXPECT_TRUE(failed(
      snippet.run("%r = nn.embedding %a, %b : tensor<2x3xf32>, tensor<1xi64>",
                  "tensor<1x3xf32>", {x23, ints({1}, {2})})));
  EXPECT_NE(
      snippet.errors.find("index out of range: expected -2 to 1, found 2"),
      std::string::npos)
      << snippet.errors;
}

TEST(EvaluatorErrors, DivisionByZero) {
  Snippet snippet;
  EXPECT_TRUE(
      failed(snippet.run("%r = nn.div %a, %b : tensor<1xi64>, tensor<1xi64>",
                         "tensor<1xi64>", {ints({1}, {1}), ints({1}, {0})})));
  EXPECT_NE(snippet.errors.find("integer division by 0"), std::string::npos);
}

TEST(EvaluatorErrors, MissingAndMistypedInputs) {
  Snippet snippet;
  auto module = snippet.parse(
      "func.func @main(%x: tensor<2xf32> {nn.name = \"ids\"}) { return }");
  auto function = module->lookupSymbol<mlir::func::FuncOp>("main");
  EXPECT_TRUE(failed(evaluateFunction(function, {}, WeightStore())));
  EXPECT_NE(snippet.errors.find(
                "no value for the input 'ids': expected 'tensor<2xf32>'"),
            std::string::npos)
      << snippet.errors;
  EXPECT_TRUE(failed(
      evaluateFunction(function, {{"ids", ints({2}, {1, 2})}}, WeightStore())));
  EXPECT_NE(snippet.errors.find(
                "input 'ids': expected 'tensor<2xf32>', found 'tensor<2xi64>'"),
            std::string::npos)
      << snippet.errors;
}

TEST(Observer, SeesOperandsAndResultsInOrder) {
  Snippet snippet;
  auto module = snippet.parse(R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %0 = nn.add %x, %x : tensor<2xf32>, tensor<2xf32>
      %1 = nn.mul %0, %x : tensor<2xf32>, tensor<2xf32>
      return %1 : tensor<2xf32>
    })");
  std::vector<std::string> seen;
  auto results =
      evaluateFunction(module->lookupSymbol<mlir::func::FuncOp>("main"),
                       {{"arg0", floats({2}, {1, 3})}}, WeightStore(),
                       [&](mlir::Operation *op, llvm::ArrayRef<Tensor> operands,
                           const Tensor &result) {
                         seen.push_back(op->getName().getStringRef().str());
                         EXPECT_EQ(operands.size(), 2u);
                         EXPECT_EQ(result.at(1), seen.size() == 1 ? 6 : 18);
                       });
  ASSERT_TRUE(succeeded(results)) << snippet.errors;
  EXPECT_EQ(seen, (std::vector<std::string>{"nn.add", "nn.mul"}));
}

TEST(Inner, SoftmaxCountsUnmaskedPositions) {
  Tensor scores = floats({2, 3}, {0, 2, 1000, 5, 5, 5});
  Tensor mask = bools({2, 3}, {true, true, false, false, false, false});
  SoftmaxInner inner =
      softmaxInner(scores, &mask, 0.5, 1, /*secretMask=*/false);
  EXPECT_NEAR(inner.centered.low, -0.5, 1e-6);
  EXPECT_NEAR(inner.centered.high, 0.5, 1e-6);
  EXPECT_NEAR(inner.meanNumerator.low, std::cosh(0.5), 1e-6);
  EXPECT_NEAR(inner.meanNumerator.high, std::cosh(0.5), 1e-6);
}

TEST(Inner, LayerNormVariance) {
  Tensor x = floats({2, 2}, {1, 3, 0, 10});
  Range variance = layerNormInner(x, 1, /*rms=*/false);
  EXPECT_NEAR(variance.low, 1, 1e-6);
  EXPECT_NEAR(variance.high, 25, 1e-6);
  Range squares = layerNormInner(x, 1, /*rms=*/true);
  EXPECT_NEAR(squares.low, 5, 1e-6);
  EXPECT_NEAR(squares.high, 50, 1e-6);
}

} // namespace
