//===- Snippet.h - evaluating a few lines of nn
//-----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_DIALECT_NN_SNIPPET_H
#define SECFORMER_TESTS_DIALECT_NN_SNIPPET_H

#include "dialect/NN/Evaluator.h"
#include "dialect/NN/WeightStore.h"
#include "mlir/Parser/Parser.h"

#include <cmath>
#include <gtest/gtest.h>

namespace secformer::nn {

/// A context that knows the dialects and keeps what is reported.
class Snippet {
public:
  Snippet() {
    context.loadDialect<mlir::func::FuncDialect, NNDialect>();
    context.getDiagEngine().registerHandler([&](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      ++reported;
      return mlir::success();
    });
  }

  mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << errors << text;
    return module;
  }

  /// Runs `body`, which names its result %r of type `result`, with `inputs` as
  /// %a, %b, ...
  mlir::FailureOr<Tensor> run(const std::string &body,
                              const std::string &result,
                              const std::vector<Tensor> &inputs) {
    std::string arguments;
    TensorMap values;
    for (size_t i = 0; i < inputs.size(); ++i) {
      llvm::raw_string_ostream(arguments)
          << (i ? ", %" : "%") << char('a' + i) << ": "
          << inputs[i].getType(&context);
      values["arg" + std::to_string(i)] = inputs[i];
    }
    auto module = parse("func.func @main(" + arguments + ") -> " + result +
                        " {\n" + body + "\nreturn %r : " + result + "\n}");
    if (!module)
      return mlir::failure();
    auto results =
        evaluateFunction(module->lookupSymbol<mlir::func::FuncOp>("main"),
                         values, WeightStore());
    if (failed(results))
      return mlir::failure();
    return results->front();
  }

  void forgetErrors() {
    errors.clear();
    reported = 0;
  }

  mlir::MLIRContext context;
  std::string errors; ///< all that was reported
  int reported = 0;
};

inline Tensor floats(llvm::ArrayRef<int64_t> shape,
                     llvm::ArrayRef<float> values) {
  return Tensor::of<float>(shape, values);
}
inline Tensor ints(llvm::ArrayRef<int64_t> shape,
                   llvm::ArrayRef<int64_t> values) {
  return Tensor::of<int64_t>(shape, values);
}
inline Tensor bools(llvm::ArrayRef<int64_t> shape,
                    llvm::ArrayRef<bool> values) {
  return Tensor::of<bool>(shape, values);
}

/// Element by element, infinities and NaN included.
inline void expectNear(const Tensor &found, const std::vector<double> &expected,
                       double tolerance) {
  ASSERT_EQ(found.size(), int64_t(expected.size()));
  for (int64_t i = 0; i < found.size(); ++i)
    if (std::isfinite(expected[i]))
      EXPECT_NEAR(found.at(i), expected[i], tolerance) << "element " << i;
    else if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(found.at(i))) << "element " << i;
    else
      EXPECT_EQ(found.at(i), expected[i]) << "element " << i;
}

} // namespace secformer::nn

#endif // SECFORMER_TESTS_DIALECT_NN_SNIPPET_H
