//===- OperatorsTest.cpp - every operator on cases with known results -----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/dialect/NN/Snippet.h"
#include "tests/operators/Cases.h"

#include <set>

using namespace secformer;
using namespace secformer::frontend;

namespace {

class OperatorCases : public testing::TestWithParam<Case> {
protected:
  nn::Snippet snippet;
};

void expectSame(const std::string &name, const nn::Tensor &found,
                const nn::Tensor &expected) {
  ASSERT_EQ(found.getShape(), expected.getShape()) << name;
  ASSERT_EQ(found.getElement(), expected.getElement()) << name;
  for (int64_t i = 0; i < expected.size(); ++i) {
    double x = found.at(i), y = expected.at(i);
    if (std::isnan(y) || std::isinf(y)) {
      EXPECT_TRUE(std::isnan(y) ? std::isnan(x) : x == y)
          << name << "[" << i << "]: " << x << ", expected " << y;
      continue;
    }
    EXPECT_NEAR(x, y, 1e-5 + 1e-5 * std::abs(y)) << name << "[" << i << "]";
  }
}

TEST_P(OperatorCases, InTheClear) {
  const Case &test = GetParam();
  ImportOptions options;
  options.inputs = arraysOf(test, 'x', snippet.context);
  nn::TensorMap expected = arraysOf(test, 'y', snippet.context);
  ASSERT_FALSE(expected.empty()) << snippet.errors;
  nn::WeightStore weights;
  auto module = importOnnx(test.model, options, snippet.context, weights);
  ASSERT_TRUE(succeeded(module)) << snippet.errors;
  auto function = (*module)->lookupSymbol<mlir::func::FuncOp>("main");
  auto results = nn::evaluateFunction(function, options.inputs, weights);
  ASSERT_TRUE(succeeded(results)) << snippet.errors;
  ASSERT_EQ(results->size(), expected.size());
  for (auto [i, result] : llvm::enumerate(*results)) {
    std::string name = nn::resultName(function, unsigned(i));
    ASSERT_TRUE(expected.count(name)) << name;
    expectSame(name, result, expected[name]);
  }
}

std::string testName(const testing::TestParamInfo<Case> &info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, OperatorCases, testing::ValuesIn(listCases()),
                         testName);

TEST(OperatorTable, EveryRowHasACase) {
  nn::Snippet snippet;
  std::set<const Operator *> tested;
  for (const Case &test : listCases())
    tested.insert(rowOf(test, snippet.context));
  for (llvm::ArrayRef<Operator> family : operatorFamilies())
    for (const Operator &row : family)
      EXPECT_TRUE(tested.count(&row))
          << "no case for " << row.domain << " " << row.name << ", opset "
          << row.since << ": add one to tests/operators/case_*.py";
}

} // namespace
