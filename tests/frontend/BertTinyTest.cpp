//===- BertTinyTest.cpp - a real model gives the logits of its framework
//----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Npz.h"
#include "tests/frontend/ModelBuilder.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

namespace {

nn::Tensor convert(const runtime::Tensor &array) {
  auto as = [&](auto zero) {
    using T = decltype(zero);
    auto values = array.as<T>();
    return nn::Tensor::of<T>(array.shape, {values.data(), values.size()});
  };
  return array.dtype == runtime::DType::Int64 ? as(int64_t()) : as(float());
}

struct Sentence {
  const char *name;
  int64_t tokens;
};

class BertTiny : public ImportTest,
                 public testing::WithParamInterface<std::tuple<int, Sentence>> {
};

TEST_P(BertTiny, Logits) {
  auto [opset, sentence] = GetParam();
  std::string folder = SECFORMER_EXAMPLES "/bert-tiny-sst2/";
  ASSERT_TRUE(import(folder + "model_op" + std::to_string(opset) + ".onnx",
                     {{{"batch", 1}, {"sequence", sentence.tokens}}}))
      << snippet.errors;
  EXPECT_EQ(snippet.errors, "");

  nn::TensorMap inputs;
  for (const auto &[name, array] :
       runtime::readNpz(folder + "sentence_" + sentence.name + ".npz"))
    inputs[name] = convert(array);
  auto results = run(inputs);
  ASSERT_EQ(results.size(), 1u);
  const nn::Tensor &logits = inputs.at("logits");
  EXPECT_EQ(nn::resultName(main(), 0), "logits");
  EXPECT_EQ(results[0].getShape(), logits.getShape());
  expectNear(results[0], {logits.at(0), logits.at(1)}, 1e-4);
}

/// No shape arithmetic is left, and weights pass through a file unharmed.
TEST_P(BertTiny, FoldsShapesAndReloadsWeights) {
  auto [opset, sentence] = GetParam();
  std::string model = SECFORMER_EXAMPLES "/bert-tiny-sst2/model_op" +
                      std::to_string(opset) + ".onnx";
  ASSERT_TRUE(import(model, {{{"batch", 1}, {"sequence", sentence.tokens}}}));
  int matmuls = 0, reshapes = 0;
  main().walk([&](Operation *op) {
    matmuls += isa<nn::MatmulOp>(op);
    reshapes += isa<nn::ReshapeOp>(op);
    EXPECT_FALSE((isa<nn::GatherOp, nn::ConcatOp>(op)));
    EXPECT_TRUE(isa<NameLoc>(op->getLoc()) || isa<func::FuncOp>(op) ||
                isa<func::ReturnOp>(op));
  });
  EXPECT_EQ(matmuls, 2 * 8 + 2);
  EXPECT_EQ(reshapes, 2 * 4 + 3);

  (*module)->setAttr(nn::NNDialect::weightFileAttr,
                     StringAttr::get(&snippet.context, "model.weights"));
  std::string file = folder.str().str() + "/model.weights";
  ASSERT_TRUE(succeeded(weights.write(*module, file))) << snippet.errors;
  nn::WeightStore loaded;
  ASSERT_TRUE(succeeded(loaded.load(*module, folder))) << snippet.errors;
  int compared = 0;
  for (auto weight : module->getOps<nn::WeightOp>()) {
    const nn::Tensor *before = weights.lookup(weight.getSymName());
    const nn::Tensor *after = loaded.lookup(weight.getSymName());
    ASSERT_TRUE(before && after);
    EXPECT_EQ(before->values<float>(), after->values<float>());
    EXPECT_EQ(weight.getOffset() % nn::WeightStore::alignment, 0u);
    ++compared;
  }
  EXPECT_EQ(compared, 2 * 16 + 4);
}

INSTANTIATE_TEST_SUITE_P(Opsets, BertTiny,
                         testing::Combine(testing::Values(11, 13, 17),
                                          testing::Values(Sentence{"a", 21},
                                                          Sentence{"b", 12},
                                                          Sentence{"c", 10})),
                         [](const auto &info) {
                           return "opset" +
                                  std::to_string(std::get<0>(info.param)) +
                                  "_" + std::get<1>(info.param).name;
                         });

} // namespace
