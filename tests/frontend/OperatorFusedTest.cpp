//===- OperatorFusedTest.cpp - operators that ONNX Runtime fuses ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/OperatorCase.h"

using namespace secformer;
using namespace secformer::frontend;
using nn::bools, nn::floats, nn::ints;

namespace {

OperatorCase fused(const char *name, const char *type,
                   std::vector<Operand> operands, Attributes attributes,
                   decltype(OperatorCase::expected) expected) {
  return {name,
          type,
          1,
          std::move(operands),
          std::move(attributes),
          std::move(expected),
          "com.microsoft"};
}

const int64_t one = 1;
const nn::Tensor row = floats({1, 2}, {1, 2});
const nn::Tensor square = floats({2, 2}, {1, -1, 1, -1});
const nn::Tensor line = floats({1, 1, 3}, {1, 2, 3});
const nn::Tensor unit = floats({1, 1, 1}, {1});
const nn::Tensor threes = floats({1, 1, 3}, {-3, -3, -3});

const OperatorCase products[] = {
    fused("BatchesBehindRows", "FusedMatMul",
          {given(floats({2, 3, 1}, {1, 2, 3, 4, 5, 6})),
           given(floats({3, 1, 1}, {1, 10, 100}))},
          {{"transBatchA", one}}, {{{3, 2, 1}, {1, 4, 20, 50, 300, 600}}}),
    fused("BatchesBehindRowsTransposed", "FusedMatMul",
          {given(floats({1, 3, 2}, {1, 2, 3, 4, 5, 6})),
           given(floats({3, 1, 1}, {1, 10, 100}))},
          {{"transBatchA", one}, {"transA", one}},
          {{{3, 2, 1}, {1, 2, 30, 40, 500, 600}}}),
    fused("TransposeMatMul", "TransposeMatMul", {given(row), given(row)},
          {{"transA", one}, {"alpha", 2.0f}}, {{{2, 2}, {2, 4, 4, 8}}}),
    fused("GemmRelu", "FusedGemm",
          {given(row), given(square), given(floats({2}, {0, 1}))},
          {{"activation", "Relu"}}, {{{1, 2}, {3, 0}}}),
    fused("GemmLeakyRelu", "FusedGemm", {given(row), given(square)},
          {{"activation", "LeakyRelu"}, {"activation_alpha", 0.5f}},
          {{{1, 2}, {3, -1.5}}}),
    fused("GemmFastGelu", "GemmFastGelu",
          {given(row), given(floats({2, 1}, {1, 1})), given(floats({1}, {-2}))},
          {}, {{{1, 1}, {0.841192}}}),
    fused("ConvSum", "FusedConv",
          {given(line), given(unit), absent(), given(threes)}, {},
          {{{1, 1, 3}, {-2, -1, 0}}}),
    fused("ConvLeakyRelu", "FusedConv",
          {given(line), given(unit), absent(), given(threes)},
          {{"activation", "LeakyRelu"},
           {"activation_params", std::vector<float>{0.5f}}},
          {{{1, 1, 3}, {-1, -0.5, 0}}}),
    fused("ConvClip", "FusedConv",
          {given(line), given(unit), given(floats({1}, {10}))},
          {{"activation", "Clip"},
           {"activation_params", std::vector<float>{0, 12}}},
          {{{1, 1, 3}, {11, 12, 12}}}),
};

const nn::Tensor logThree = floats({1, 2}, {1.0986123f, 0});

const OperatorCase sums[] = {
    fused("BiasSoftmax", "BiasSoftmax",
          {given(floats({1, 2}, {0, 0})), given(logThree)},
          {{"axis", one}, {"is_inner_broadcast", int64_t(0)}},
          {{{1, 2}, {0.75, 0.25}}}),
    fused("BiasSoftmaxOfAllAxes", "BiasSoftmax",
          {given(floats({2, 2}, {0, 0, 0, 0})), given(logThree)},
          {{"axis", int64_t(0)}}, {{{2, 2}, {0.375, 0.125, 0.375, 0.125}}}),
    fused("BiasAdd", "BiasAdd", {given(row), given(row), given(row)}, {},
          {{{1, 2}, {3, 6}}}),
    fused("BiasDropout", "BiasDropout", {given(row), given(row)}, {},
          {{{1, 2}, {2, 4}}}),
    fused("BiasDropoutResidual", "BitmaskBiasDropout",
          {given(row), given(row), given(row), known(floats({}, {0.5f})),
           known(bools({}, {false}))},
          {}, {{{1, 2}, {3, 6}}}),
    fused("BitmaskDropout", "BitmaskDropout",
          {given(row), known(floats({}, {0.5f}))}, {}, {{{1, 2}, {1, 2}}}),
};

const OperatorCase quantization[] = {
    fused("Quantize", "QuantizeLinear",
          {given(floats({1, 4}, {-1, 0.25f, 1.5f, 300})),
           known(floats({}, {0.5f}))},
          {}, {{{1, 4}, {0, 0, 3, 255}}}),
    fused("QuantizeColumns", "QuantizeLinear",
          {given(row), known(floats({2}, {0.5f, 0.25f}))}, {{"axis", one}},
          {{{1, 2}, {2, 8}}}),
    fused("Dequantize", "DequantizeLinear",
          {given(ints({1, 2}, {3, 5})), known(floats({}, {0.5f})),
           known(ints({}, {1}))},
          {}, {{{1, 2}, {1, 2}}}),
};

/// One sequence of three positions with two heads of width 1; scores of 0, so
/// that results are means of the values.
const nn::Tensor zeros = floats({1, 3, 2}, {0, 0, 0, 0, 0, 0});
const nn::Tensor values = floats({1, 3, 2}, {1, 10, 2, 20, 6, 60});
const std::vector<int64_t> shape = {1, 3, 2};
const Attributes twoHeads = {{"num_heads", int64_t(2)}};
const Attributes causal = {{"num_heads", int64_t(2)}, {"unidirectional", one}};
/// Keys of 0 and the values 14 and 140.
const nn::Tensor pastKey = floats({1, 2, 1, 1}, {0, 0});
const nn::Tensor pastValue = floats({1, 2, 1, 1}, {14, 140});
const nn::Tensor past = floats({2, 1, 2, 1, 1}, {0, 0, 14, 140});
/// Queries and keys are 0, values are x.
const nn::Tensor weights = floats({2, 6}, {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1});

const OperatorCase attention[] = {
    fused("Heads", "MultiHeadAttention",
          {given(zeros), given(zeros), given(values)}, twoHeads,
          {{shape, {3, 30, 3, 30, 3, 30}}}),
    fused("HeadsMasked", "MultiHeadAttention",
          {given(zeros), given(zeros), given(values), absent(),
           given(ints({1, 3}, {1, 1, 0}))},
          twoHeads, {{shape, {1.5, 15, 1.5, 15, 1.5, 15}}}),
    fused("HeadsOfLength", "MultiHeadAttention",
          {given(zeros), given(zeros), given(values), absent(),
           given(ints({1}, {2}))},
          twoHeads, {{shape, {1.5, 15, 1.5, 15, 1.5, 15}}}),
    fused("HeadsCausal", "MultiHeadAttention",
          {given(zeros), given(zeros), given(values)}, causal,
          {{shape, {1, 10, 1.5, 15, 3, 30}}}),
    fused("HeadsBias", "MultiHeadAttention",
          {given(zeros), given(zeros), given(values),
           known(floats({6}, {0, 0, 0, 0, 1, 2}))},
          twoHeads, {{shape, {4, 32, 4, 32, 4, 32}}}),
    fused("HeadsPast", "MultiHeadAttention",
          {given(zeros), given(zeros), given(values), absent(), absent(),
           absent(), given(pastKey), given(pastValue)},
          causal,
          {{shape, {7.5, 75, 17.0 / 3, 170.0 / 3, 5.75, 57.5}},
           {{1, 2, 4, 1}, {0, 0, 0, 0, 0, 0, 0, 0}},
           {{1, 2, 4, 1}, {14, 1, 2, 6, 140, 10, 20, 60}}}),
    fused("HeadsPacked", "MultiHeadAttention",
          {given(floats({1, 2, 1, 3, 1}, {0, 0, 4, 0, 0, 8}))},
          {{"num_heads", one}}, {{{1, 2, 1}, {6, 6}}}),
    fused("HeadsPackedKeys", "MultiHeadAttention",
          {given(floats({1, 1, 1}, {0})),
           given(floats({1, 2, 1, 2, 1}, {0, 4, 0, 8}))},
          {{"num_heads", one}}, {{{1, 1, 1}, {6}}}),
    fused("HeadsOfAnotherSequence", "MultiHeadAttention",
          {given(floats({1, 1, 2}, {0, 0})), given(pastKey), given(pastValue)},
          twoHeads, {{{1, 1, 2}, {14, 140}}}),
    fused("Past", "Attention",
          {given(values), known(weights), absent(), absent(), given(past)},
          twoHeads,
          {{shape, {5.75, 57.5, 5.75, 57.5, 5.75, 57.5}},
           {{2, 1, 2, 4, 1},
            {0, 0, 0, 0, 0, 0, 0, 0, 14, 1, 2, 6, 140, 10, 20, 60}}}),
    fused("MaskIsSquare", "Attention",
          {given(values), known(weights), absent(),
           given(ints({1, 1, 4, 4},
                      {1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1})),
           given(past)},
          twoHeads, {{shape, {7.5, 75, 2, 20, 5.75, 57.5}}}),
    fused("WidthsDiffer", "Attention",
          {given(values), known(floats({2, 4}, {0, 0, 1, 0, 0, 0, 0, 1}))},
          {{"num_heads", one},
           {"qkv_hidden_sizes", std::vector<int64_t>{1, 1, 2}}},
          {{shape, {3, 30, 3, 30, 3, 30}}}),
};

class FusedTest : public OperatorTest {};

TEST_P(FusedTest, Computes) { check(); }

INSTANTIATE_TEST_SUITE_P(Products, FusedTest, testing::ValuesIn(products),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(Quantization, FusedTest,
                         testing::ValuesIn(quantization), nameOf);
INSTANTIATE_TEST_SUITE_P(Sums, FusedTest, testing::ValuesIn(sums), nameOf);
INSTANTIATE_TEST_SUITE_P(Attention, FusedTest, testing::ValuesIn(attention),
                         nameOf);

class FusedErrors : public ImportTest {
protected:
  void expectError(const std::string &type,
                   const std::vector<std::vector<Dim>> &shapes,
                   const Attributes &attributes, const std::string &text) {
    ModelBuilder model;
    model.import("com.microsoft", 1);
    std::vector<std::string> inputs;
    for (const auto &dims : shapes) {
      inputs.push_back(dims.empty() ? ""
                                    : ("x" + llvm::Twine(inputs.size())).str());
      if (!dims.empty())
        model.input(inputs.back(), dims);
    }
    model.node(type, inputs, {"y"}, attributes, "com.microsoft");
    model.output("y");
    ImportTest::expectError(import(model), text);
  }
};

TEST_F(FusedErrors, UnknownActivation) {
  expectError("FusedGemm", {{1, 2}, {2, 1}}, {{"activation", "Mish"}},
              "or Clip, found 'Mish'");
}

TEST_F(FusedErrors, WidthsThatDoNotAddUp) {
  expectError("Attention", {{1, 3, 2}, {2, 5}}, twoHeads,
              "queries, keys and values of widths [1, 1, 1], found [1, 3, 5]");
}

TEST_F(FusedErrors, PastOfAnotherShape) {
  expectError("Attention", {{1, 3, 2}, {2, 6}, {}, {}, {1, 2, 4, 1}}, twoHeads,
              "past keys and values of shape [2, batch, heads, length, width], "
              "found [1, 2, 4, 1]");
}

TEST_F(FusedErrors, MaskOfAnotherShape) {
  expectError("MultiHeadAttention",
              {{1, 3, 2}, {1, 3, 2}, {1, 3, 2}, {}, {1, 7}}, twoHeads,
              "expected a mask of shape [1], [1, 3], [1, 3, 3] or");
}

TEST_F(FusedErrors, PackedOfAnotherShape) {
  expectError("MultiHeadAttention", {{1, 3, 2}}, twoHeads,
              "[batch, length, heads, 3, width], found [1, 3, 2]");
}

TEST_F(FusedErrors, ScalesOfBlocks) {
  expectError("DequantizeLinear", {{4, 2}, {2, 2}}, {{"block_size", one}},
              "expected block_size 0");
}

TEST_F(FusedErrors, ScalesOfAnotherSize) {
  expectError("DequantizeLinear", {{4, 2}, {4}}, {},
              "one for each of 2 along axis 1, found shape [4]");
}

TEST_F(FusedErrors, RotaryEmbedding) {
  expectError("Attention", {{1, 3, 2}, {2, 6}},
              {{"num_heads", int64_t(2)}, {"do_rotary", one}},
              "do_rotary is not supported");
}

} // namespace
