//===- TensorFormatTest.cpp - all ways to store a tensor
//--------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/ModelBuilder.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;
using onnx::TensorProto;

namespace {

class TensorFormat : public ImportTest {
protected:
  /// y = identity of an initializer that \p fill describes.
  bool importTensor(function_ref<void(TensorProto &)> fill) {
    ModelBuilder model;
    auto &tensor = *model.proto.mutable_graph()->add_initializer();
    tensor.set_name("w");
    fill(tensor);
    model.node("Identity", {"w"}, {"y"});
    model.output("y");
    return import(model);
  }

  void expectValues(TensorProto::DataType type, nn::Element element,
                    const std::vector<double> &expected,
                    function_ref<void(TensorProto &)> fill) {
    ASSERT_TRUE(importTensor([&](TensorProto &tensor) {
      tensor.set_data_type(type);
      tensor.add_dims(expected.size());
      fill(tensor);
    })) << snippet.errors;
    auto results = run({});
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0].getElement(), element);
    expectNear(results[0], expected, 0);
  }

  /// Both as raw bytes of Stored and in the field for such elements.
  template <class Stored>
  void expectBoth(TensorProto::DataType type, nn::Element element,
                  const std::vector<Stored> &stored,
                  const std::vector<double> &expected,
                  function_ref<void(TensorProto &, Stored)> add) {
    expectValues(type, element, expected, [&](TensorProto &tensor) {
      tensor.set_raw_data(stored.data(), stored.size() * sizeof(Stored));
    });
    expectValues(type, element, expected, [&](TensorProto &tensor) {
      for (Stored value : stored)
        add(tensor, value);
    });
  }
};

TEST_F(TensorFormat, Floats) {
  expectBoth<float>(
      TensorProto::FLOAT, nn::Element::F32, {1.5f, -2}, {1.5, -2},
      [](TensorProto &tensor, float value) { tensor.add_float_data(value); });
  expectBoth<double>(
      TensorProto::DOUBLE, nn::Element::F32, {1.5, -2}, {1.5, -2},
      [](TensorProto &tensor, double value) { tensor.add_double_data(value); });
  auto addHalf = [](TensorProto &tensor, uint16_t bits) {
    tensor.add_int32_data(bits);
  };
  expectBoth<uint16_t>(TensorProto::FLOAT16, nn::Element::F32,
                       {0x3c00, 0xc100, 0x7c00}, {1, -2.5, HUGE_VAL}, addHalf);
  expectBoth<uint16_t>(TensorProto::BFLOAT16, nn::Element::F32,
                       {0x3f80, 0xc020}, {1, -2.5}, addHalf);
}

TEST_F(TensorFormat, Integers) {
  auto add32 = [](TensorProto &tensor, auto value) {
    tensor.add_int32_data(value);
  };
  auto add64 = [](TensorProto &tensor, auto value) {
    tensor.add_uint64_data(value);
  };
  expectBoth<int64_t>(
      TensorProto::INT64, nn::Element::I64, {1, -2}, {1, -2},
      [](TensorProto &tensor, int64_t value) { tensor.add_int64_data(value); });
  expectBoth<uint64_t>(TensorProto::UINT64, nn::Element::I64, {1, 2}, {1, 2},
                       add64);
  expectBoth<uint32_t>(TensorProto::UINT32, nn::Element::I64, {1, 4000000000u},
                       {1, 4e9}, add64);
  expectBoth<int32_t>(TensorProto::INT32, nn::Element::I32, {1, -2}, {1, -2},
                      add32);
  expectBoth<int16_t>(TensorProto::INT16, nn::Element::I32, {1, -2}, {1, -2},
                      add32);
  expectBoth<int8_t>(TensorProto::INT8, nn::Element::I32, {1, -2}, {1, -2},
                     add32);
  expectBoth<uint16_t>(TensorProto::UINT16, nn::Element::I32, {1, 60000},
                       {1, 60000}, add32);
  expectBoth<uint8_t>(TensorProto::UINT8, nn::Element::I32, {1, 200}, {1, 200},
                      add32);
  expectBoth<uint8_t>(TensorProto::BOOL, nn::Element::I1, {1, 0}, {1, 0},
                      add32);
}

TEST_F(TensorFormat, WrongSize) {
  expectError(importTensor([](TensorProto &tensor) {
                tensor.set_data_type(TensorProto::FLOAT);
                tensor.add_dims(3);
                tensor.set_raw_data("12345678");
              }),
              "tensor 'w' of shape [3]: expected 12 bytes, found 8");
  snippet.forgetErrors();
  expectError(importTensor([](TensorProto &tensor) {
                tensor.set_data_type(TensorProto::INT64);
                tensor.add_dims(3);
                tensor.add_int64_data(1);
              }),
              "tensor 'w' of shape [3]: expected 3 elements, found 1");
}

TEST_F(TensorFormat, BadShape) {
  for (std::vector<int64_t> dims :
       {std::vector<int64_t>{-1}, {int64_t(1) << 40, int64_t(1) << 40}}) {
    snippet.forgetErrors();
    expectError(importTensor([&](TensorProto &tensor) {
                  tensor.set_data_type(TensorProto::FLOAT);
                  for (int64_t extent : dims)
                    tensor.add_dims(extent);
                }),
                "tensor 'w': expected a value of rank 32 or less with "
                "4294967296 elements or less, found shape [");
  }
}

TEST_F(TensorFormat, UnsupportedElements) {
  expectError(importTensor([](TensorProto &tensor) {
                tensor.set_data_type(TensorProto::STRING);
              }),
              "tensor 'w' has elements of STRING, which are not supported");
}

/// Trained weights are secret; numbers, integers and masks are not.
TEST_F(TensorFormat, WeightsAreKeptApart) {
  auto isConstant = [&](const nn::Tensor &tensor) {
    ModelBuilder model;
    model.initializer("w", tensor);
    model.node("Identity", {"w"}, {"y"});
    model.output("y");
    EXPECT_TRUE(import(model)) << snippet.errors;
    return isa<nn::ConstantOp>(main().getBody().front().front());
  };
  EXPECT_FALSE(isConstant(nn::floats({2}, {1, 1})));
  EXPECT_FALSE(isConstant(nn::floats({2}, {0, -2})));
  EXPECT_TRUE(isConstant(nn::floats({}, {0.125f})));
  EXPECT_TRUE(isConstant(nn::floats({2}, {0, -10000})));
  EXPECT_TRUE(isConstant(nn::ints({2}, {3, 4})));
}

/// What is computed from weights is a weight; from public values it is public.
TEST_F(TensorFormat, FoldedValues) {
  ModelBuilder model;
  model.initializer("w", nn::floats({2}, {1, 2}));
  model.initializer("n", nn::floats({}, {100}));
  model.initializer("one", nn::floats({}, {1}));
  model.node("Range", {"one", "n", "one"}, {"positions"});
  model.node("Neg", {"w"}, {"a"});
  model.node("Sqrt", {"positions"}, {"b"});
  model.output("a");
  model.output("b");
  ASSERT_TRUE(import(model)) << snippet.errors;
  ASSERT_EQ(countOps(), 2u);
  auto params = llvm::to_vector(main().getOps<nn::ParamOp>());
  ASSERT_EQ(params.size(), 2u);
  EXPECT_FALSE(params[0]->hasAttr("nn.public"));
  EXPECT_TRUE(params[1]->hasAttr("nn.public"));
  auto results = run({});
  expectNear(results[0], {-1, -2}, 0);
  EXPECT_NEAR(results[1].at(98), std::sqrt(99.0), 1e-5);
  EXPECT_EQ(weights.lookup("w"), nullptr) << "unused weights are dropped";
}

} // namespace
