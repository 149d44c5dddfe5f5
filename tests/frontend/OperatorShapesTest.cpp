//===- OperatorShapesTest.cpp - ONNX operators that rearrange
//---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/OperatorCase.h"

using namespace secformer;
using namespace secformer::frontend;
using nn::bools, nn::floats, nn::ints;

namespace {

using Ints = std::vector<int64_t>;
const nn::Tensor x23 = floats({2, 3}, {1, -2, 3, -4, 5, -6});
const std::vector<double> flat = {1, -2, 3, -4, 5, -6};

const OperatorCase cases[] = {
    {"ConstantInts",
     "Constant",
     13,
     {},
     {{"value_ints", Ints{3, 4}}},
     {{{2}, {3, 4}}}},
    {"ConstantFloat",
     "Constant",
     13,
     {},
     {{"value_float", 0.5f}},
     {{{}, {0.5}}}},
    {"ConstantOfShape",
     "ConstantOfShape",
     9,
     {known(ints({2}, {1, 2}))},
     {},
     {{{1, 2}, {0, 0}}}},
    {"Shape", "Shape", 13, {given(x23)}, {}, {{{2}, {2, 3}}}},
    {"ShapePart",
     "Shape",
     15,
     {given(x23)},
     {{"start", int64_t(-1)}},
     {{{1}, {3}}}},
    {"Size", "Size", 13, {given(x23)}, {}, {{{}, {6}}}},
    {"Range",
     "Range",
     11,
     {known(ints({}, {5})), known(ints({}, {-2})), known(ints({}, {-3}))},
     {},
     {{{3}, {5, 2, -1}}}},
    {"RangeEmpty",
     "Range",
     11,
     {known(ints({}, {5})), known(ints({}, {2})), known(ints({}, {1}))},
     {},
     {{{0}, {}}}},
    {"NonZero",
     "NonZero",
     13,
     {known(bools({2, 2}, {true, false, true, true}))},
     {},
     {{{2, 3}, {0, 1, 1, 0, 0, 1}}}},
    {"OneHot",
     "OneHot",
     11,
     {given(ints({2}, {1, -1})), known(ints({}, {3})),
      known(floats({2}, {-1, 5}))},
     {},
     {{{2, 3}, {-1, 5, -1, -1, -1, 5}}}},
    {"ReshapeZeroAndMinusOne",
     "Reshape",
     13,
     {given(x23), known(ints({3}, {0, 1, -1}))},
     {},
     {{{2, 1, 3}, flat}}},
    {"ReshapeAllowZero",
     "Reshape",
     14,
     {given(floats({0, 3}, {})), known(ints({2}, {3, 0}))},
     {{"allowzero", int64_t(1)}},
     {{{3, 0}, {}}}},
    {"Flatten",
     "Flatten",
     13,
     {given(floats({2, 1, 3}, {1, 2, 3, 4, 5, 6}))},
     {{"axis", int64_t(-1)}},
     {{{2, 3}, {1, 2, 3, 4, 5, 6}}}},
    {"FlattenAll",
     "Flatten",
     13,
     {given(x23)},
     {{"axis", int64_t(2)}},
     {{{6, 1}, flat}}},
    {"SqueezeAttribute",
     "Squeeze",
     11,
     {given(floats({1, 2, 1}, {1, 2}))},
     {{"axes", Ints{-1}}},
     {{{1, 2}, {1, 2}}}},
    {"SqueezeInput",
     "Squeeze",
     13,
     {given(floats({1, 2, 1}, {1, 2})), known(ints({1}, {0}))},
     {},
     {{{2, 1}, {1, 2}}}},
    {"SqueezeAll",
     "Squeeze",
     13,
     {given(floats({1, 2, 1}, {1, 2}))},
     {},
     {{{2}, {1, 2}}}},
    {"UnsqueezeAttribute",
     "Unsqueeze",
     11,
     {given(x23)},
     {{"axes", Ints{0, -1}}},
     {{{1, 2, 3, 1}, flat}}},
    {"UnsqueezeInput",
     "Unsqueeze",
     13,
     {given(x23), known(ints({2}, {3, 1}))},
     {},
     {{{2, 1, 3, 1}, flat}}},
    {"TransposeReverses",
     "Transpose",
     13,
     {given(x23)},
     {},
     {{{3, 2}, {1, -4, -2, 5, 3, -6}}}},
    {"ExpandBothWays",
     "Expand",
     13,
     {given(floats({2, 1}, {1, 2})), known(ints({3}, {2, 1, 2}))},
     {},
     {{{2, 2, 2}, {1, 1, 2, 2, 1, 1, 2, 2}}}},
    {"Tile",
     "Tile",
     13,
     {given(floats({1, 2}, {1, 2})), known(ints({2}, {2, 2}))},
     {},
     {{{2, 4}, {1, 2, 1, 2, 1, 2, 1, 2}}}},
    {"Trilu",
     "Trilu",
     14,
     {given(x23), known(ints({}, {1}))},
     {},
     {{{2, 3}, {0, -2, 3, 0, 0, -6}}}},
    {"Concat",
     "Concat",
     13,
     {given(x23), given(floats({2, 1}, {8, 9}))},
     {{"axis", int64_t(-1)}},
     {{{2, 4}, {1, -2, 3, 8, -4, 5, -6, 9}}}},
    {"SplitAttribute",
     "Split",
     11,
     {given(x23)},
     {{"axis", int64_t(1)}, {"split", Ints{1, 2}}},
     {{{2, 1}, {1, -4}}, {{2, 2}, {-2, 3, 5, -6}}}},
    {"SplitInput",
     "Split",
     13,
     {given(x23), known(ints({2}, {2, 1}))},
     {{"axis", int64_t(-1)}},
     {{{2, 2}, {1, -2, -4, 5}}, {{2, 1}, {3, -6}}}},
    {"SplitUneven",
     "Split",
     18,
     {given(x23)},
     {{"axis", int64_t(1)}, {"num_outputs", int64_t(2)}},
     {{{2, 2}, {1, -2, -4, 5}}, {{2, 1}, {3, -6}}}},
    {"SliceAttributes",
     "Slice",
     9,
     {given(x23)},
     {{"starts", Ints{1}}, {"ends", Ints{9}}, {"axes", Ints{1}}},
     {{{2, 2}, {-2, 3, 5, -6}}}},
    {"SliceNegativeStep",
     "Slice",
     13,
     {given(x23), known(ints({1}, {-1})), known(ints({1}, {INT64_MIN})),
      known(ints({1}, {-1})), known(ints({1}, {-2}))},
     {},
     {{{2, 2}, {3, 1, -6, -4}}}},
    {"SliceEmpty",
     "Slice",
     13,
     {given(x23), known(ints({1}, {2})), known(ints({1}, {1})),
      known(ints({1}, {1}))},
     {},
     {{{2, 0}, {}}}},
    {"SliceToTheEnd",
     "Slice",
     13,
     {given(x23), known(ints({2}, {1, 0})), known(ints({2}, {INT64_MAX, -1}))},
     {},
     {{{1, 2}, {-4, 5}}}},
    {"GatherOne",
     "Gather",
     13,
     {given(x23), known(ints({}, {-1}))},
     {{"axis", int64_t(1)}},
     {{{2}, {3, -6}}}},
    {"GatherMany",
     "Gather",
     13,
     {given(x23), given(ints({1, 2}, {1, 0}))},
     {{"axis", int64_t(-1)}},
     {{{2, 1, 2}, {-2, 1, 5, -4}}}},
    {"GatherEmbedding",
     "Gather",
     13,
     {known(x23), given(ints({2}, {1, 0}))},
     {},
     {{{2, 3}, {-4, 5, -6, 1, -2, 3}}}},
    {"PadAttributes",
     "Pad",
     2,
     {given(floats({1, 1}, {5}))},
     {{"pads", Ints{0, 1, 1, 0}}, {"value", 7.0f}},
     {{{2, 2}, {7, 5, 7, 7}}}},
    {"PadAxes",
     "Pad",
     18,
     {given(floats({1, 1}, {5})), known(ints({2}, {0, 1})),
      known(floats({}, {7})), known(ints({1}, {-1}))},
     {},
     {{{1, 2}, {5, 7}}}},
};

class ShapeOperatorTest : public OperatorTest {};

TEST_P(ShapeOperatorTest, Computes) { check(); }

INSTANTIATE_TEST_SUITE_P(All, ShapeOperatorTest, testing::ValuesIn(cases),
                         nameOf);

class ShapeErrors : public ImportTest {
protected:
  /// One node on a float input of shape [2, 3] and a known list of integers.
  bool importNode(const std::string &type, const std::vector<int64_t> &list,
                  const Attributes &attributes = {}, int outputs = 1) {
    ModelBuilder model;
    model.input("x", {2, 3});
    model.initializer("list", ints({int64_t(list.size())}, list));
    std::vector<std::string> names;
    for (int i = 0; i < outputs; ++i)
      names.push_back(("y" + llvm::Twine(i)).str());
    model.node(type, {"x", "list"}, names, attributes);
    model.output("y0");
    return import(model);
  }
};

TEST_F(ShapeErrors, Reshape) {
  expectError(importNode("Reshape", {4}), "cannot give [2, 3] the shape [4]");
}
TEST_F(ShapeErrors, ReshapeTwoUnknowns) {
  expectError(importNode("Reshape", {-1, -1}),
              "cannot give [2, 3] the shape [-1, -1]");
}
TEST_F(ShapeErrors, Squeeze) {
  expectError(importNode("Squeeze", {1}), "expected extent 1 on axis 1");
}
TEST_F(ShapeErrors, UnsqueezeTwice) {
  expectError(importNode("Unsqueeze", {4, 9}), "expected an axis from -4 to 3");
}
TEST_F(ShapeErrors, Expand) {
  expectError(importNode("Expand", {2}), "cannot expand [2, 3] to [2]");
}
TEST_F(ShapeErrors, Tile) {
  expectError(importNode("Tile", {2}),
              "expected 2 repeats from 0 to 4294967296");
}
TEST_F(ShapeErrors, TensorScatter) {
  ModelBuilder model(24);
  model.input("cache", {2, 4, 3});
  model.input("update", {2, 5, 3});
  model.node("TensorScatter", {"cache", "update"}, {"y"});
  model.output("y");
  expectError(import(model), "expected an update of shape [2, 4, 3] or shorter "
                             "along axis 1, found [2, 5, 3]");
}
TEST_F(ShapeErrors, Split) {
  expectError(importNode("Split", {1, 2}, {}, 2),
              "cannot split extent 2 of axis 0 into 2 outputs of sizes [1, 2]");
}
TEST_F(ShapeErrors, GatherOutOfRange) {
  ModelBuilder model;
  model.initializer("x", ints({2}, {1, 2}));
  model.initializer("id", ints({}, {2}));
  model.node("Gather", {"x", "id"}, {"y"});
  model.output("y");
  expectError(import(model), "index out of range: expected -2 to 1, found 2");
}

} // namespace
