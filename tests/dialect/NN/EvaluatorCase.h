//===- EvaluatorCase.h - one evaluation with a known result ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_DIALECT_NN_EVALUATORCASE_H
#define SECFORMER_TESTS_DIALECT_NN_EVALUATORCASE_H

#include "tests/dialect/NN/Snippet.h"

#include <cmath>

namespace secformer::nn {

/// See Snippet::run.
struct EvaluatorCase {
  const char *name;
  const char *body;
  const char *result;
  std::vector<Tensor> inputs;
  std::vector<double> expected;
};

inline void check(const EvaluatorCase &test) {
  Snippet snippet;
  auto result = snippet.run(test.body, test.result, test.inputs);
  ASSERT_TRUE(succeeded(result)) << snippet.errors;
  expectNear(*result, test.expected, 1e-5);
}

inline std::string nameOf(const testing::TestParamInfo<EvaluatorCase> &info) {
  return info.param.name;
}

} // namespace secformer::nn

#endif // SECFORMER_TESTS_DIALECT_NN_EVALUATORCASE_H
