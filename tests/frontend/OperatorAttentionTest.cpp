//===- OperatorAttentionTest.cpp - attention and Einstein sums
//--------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/OperatorCase.h"

using namespace secformer;
using namespace secformer::frontend;
using nn::bools, nn::floats, nn::ints;

namespace {

constexpr const char *microsoft = "com.microsoft";

//===--- Attention: scores of 0, so that results are means of the values
//---===//

/// One sequence of three positions with two heads of width 1.
const nn::Tensor x = floats({1, 3, 2}, {1, 10, 2, 20, 6, 60});
/// Queries and keys are 0, values are x.
const nn::Tensor w = floats({2, 6}, {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1});
const nn::Tensor b = floats({6}, {0, 0, 0, 0, 0, 0});
const Attributes twoHeads = {{"num_heads", int64_t(2)}};
const Attributes causal = {{"num_heads", int64_t(2)},
                           {"unidirectional", int64_t(1)}};
const std::vector<double> allThree = {3, 30, 3, 30, 3, 30};
const std::vector<double> firstTwo = {1.5, 15, 1.5, 15, 1.5, 15};
const std::vector<int64_t> shape = {1, 3, 2};

/// ln 3: attention to keys 0 and 1 in the ratio of 1 to 3.
const nn::Tensor query = floats({1, 1, 1, 1}, {1.0986123f});
const nn::Tensor keys = floats({1, 1, 2, 1}, {0, 1});
const nn::Tensor values = floats({1, 1, 2, 2}, {4, 8, 0, 16});

const OperatorCase attention[] = {
    {"Fused",
     "Attention",
     1,
     {given(x), known(w), known(b)},
     twoHeads,
     {{shape, allThree}},
     microsoft},
    {"FusedMaskOfKeys",
     "Attention",
     1,
     {given(x), known(w), known(b), given(ints({1, 3}, {1, 1, 0}))},
     twoHeads,
     {{shape, firstTwo}},
     microsoft},
    {"FusedMaskOfLength",
     "Attention",
     1,
     {given(x), known(w), known(b), given(ints({1}, {2}))},
     twoHeads,
     {{shape, firstTwo}},
     microsoft},
    {"FusedMaskOfPairs",
     "Attention",
     1,
     {given(x), known(w), known(b),
      given(ints({1, 3, 3}, {1, 0, 0, 0, 1, 0, 1, 0, 1}))},
     twoHeads,
     {{shape, {1, 10, 2, 20, 3.5, 35}}},
     microsoft},
    {"FusedUnidirectional",
     "Attention",
     1,
     {given(x), known(w), known(b)},
     causal,
     {{shape, {1, 10, 1.5, 15, 3, 30}}},
     microsoft},
    {"FusedUnidirectionalMasked",
     "Attention",
     1,
     {given(x), known(w), known(b), given(ints({1, 3}, {1, 0, 1}))},
     causal,
     {{shape, {1, 10, 1, 10, 3.5, 35}}},
     microsoft},
    {"FusedBias",
     "Attention",
     1,
     {given(x), known(w), known(b), absent(), absent(),
      given(floats({1, 2, 1, 3}, {0, 0, -1e9f, -1e9f, 0, -1e9f}))},
     twoHeads,
     {{shape, {1.5, 20, 1.5, 20, 1.5, 20}}},
     microsoft},
    {"Scores",
     "Attention",
     23,
     {given(query), given(keys), given(values)},
     {},
     {{{1, 1, 1, 2}, {1, 14}}}},
    {"Scale",
     "Attention",
     23,
     {given(query), given(keys), given(values)},
     {{"scale", 2.0f}},
     {{{1, 1, 1, 2}, {0.4, 15.2}}}},
    {"BooleanMask",
     "Attention",
     23,
     {given(query), given(keys), given(values),
      given(bools({1, 2}, {true, false}))},
     {},
     {{{1, 1, 1, 2}, {4, 8}}}},
    {"AddedMask",
     "Attention",
     23,
     {given(query), given(keys), given(values),
      given(floats({1, 2}, {1.0986123f, 0}))},
     {},
     {{{1, 1, 1, 2}, {2, 12}}}},
    {"CausalFromTheFirstKey",
     "Attention",
     23,
     {given(query), given(keys), given(values)},
     {{"is_causal", int64_t(1)}},
     {{{1, 1, 1, 2}, {4, 8}}}},
    {"JoinedHeads",
     "Attention",
     23,
     {given(floats({1, 1, 2}, {0, 0})), given(floats({1, 2, 2}, {1, 2, 3, 4})),
      given(floats({1, 2, 2}, {1, 2, 3, 4}))},
     {{"q_num_heads", int64_t(2)}, {"kv_num_heads", int64_t(2)}},
     {{{1, 1, 2}, {2, 3}}}},
    {"EmbedLayerNormalization",
     "EmbedLayerNormalization",
     1,
     {given(ints({1, 2}, {1, 0})), given(ints({1, 2}, {0, 1})),
      known(floats({2, 2}, {1, 2, 3, 6})),
      known(floats({3, 2}, {0, 1, 0, 2, 9, 9})),
      known(floats({2, 2}, {0, 0, 1, 1})), known(floats({2}, {1, 1})),
      known(floats({2}, {0, 5})), given(ints({1, 2}, {1, 0}))},
     {},
     {{{1, 2, 2}, {-1, 6, -1, 6}}, {{1}, {1}}, {{1, 2, 2}, {3, 7, 2, 5}}},
     microsoft},
};

Attributes equation(const char *text) {
  return {{"equation", std::string(text)}};
}

const nn::Tensor a23 = floats({2, 3}, {1, 2, 3, 4, 5, 6});
const nn::Tensor a22 = floats({2, 2}, {1, 2, 3, 4});

const OperatorCase einsum[] = {
    {"Product",
     "Einsum",
     12,
     {given(a22), given(a23)},
     equation("ij,jk->ik"),
     {{{2, 3}, {9, 12, 15, 19, 26, 33}}}},
    {"Implicit",
     "Einsum",
     12,
     {given(a22), given(a23)},
     equation("ij, jk"),
     {{{2, 3}, {9, 12, 15, 19, 26, 33}}}},
    {"TransposedResult",
     "Einsum",
     12,
     {given(a22), given(a22)},
     equation("ij,kj->ki"),
     {{{2, 2}, {5, 11, 11, 25}}}},
    {"Heads",
     "Einsum",
     12,
     {given(floats({1, 2, 2}, {1, 2, 3, 4})),
      given(floats({1, 2, 2}, {5, 6, 7, 8}))},
     equation("bhi,bhj->bhij"),
     {{{1, 2, 2, 2}, {5, 6, 10, 12, 21, 24, 28, 32}}}},
    {"Outer",
     "Einsum",
     12,
     {given(floats({2}, {1, 2})), given(floats({2}, {3, 4}))},
     equation("i,j->ij"),
     {{{2, 2}, {3, 4, 6, 8}}}},
    {"SumsWhatOneTermHas",
     "Einsum",
     12,
     {given(a22), given(a23)},
     equation("ij,ik->i"),
     {{{2}, {18, 105}}}},
    {"Elementwise",
     "Einsum",
     12,
     {given(a22), given(a22)},
     equation("ij,ij->ji"),
     {{{2, 2}, {1, 9, 4, 16}}}},
    {"OneTerm",
     "Einsum",
     12,
     {given(a23)},
     equation("ij->j"),
     {{{3}, {5, 7, 9}}}},
};

class AttentionTest : public OperatorTest {};

TEST_P(AttentionTest, Computes) { check(); }

INSTANTIATE_TEST_SUITE_P(Attention, AttentionTest, testing::ValuesIn(attention),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(Einsum, AttentionTest, testing::ValuesIn(einsum),
                         nameOf);

class AttentionErrors : public ImportTest {};

TEST_F(AttentionErrors, BadEquations) {
  for (const char *text : {"", "ij", "ii,jk->ik", "ij,jk->iz", "..ij,jk->ik",
                           "ij,ik->jk->i", "ij,kj,jk->i"}) {
    snippet.forgetErrors();
    ModelBuilder model;
    model.input("x", {2, 3});
    model.input("z", {3, 2});
    model.node("Einsum", {"x", "z"}, {"y"}, equation(text));
    model.output("y");
    expectError(import(model), "expected an equation with a term");
  }
}

TEST_F(AttentionErrors, HeadsThatDoNotDivide) {
  ModelBuilder model;
  model.input("x", {1, 3, 2});
  model.initializer("w", w);
  model.node("Attention", {"x", "w"}, {"y"}, {{"num_heads", int64_t(3)}},
             microsoft);
  model.output("y");
  expectError(import(model), "expected [batch, length, heads * width] for 3 "
                             "heads, found [1, 3, 2]");
}

TEST_F(AttentionErrors, HeadsThatDoNotShare) {
  ModelBuilder model(23);
  model.input("x", {1, 3, 4, 2});
  model.input("k", {1, 2, 4, 2});
  model.node("Attention", {"x", "k", "k"}, {"y"});
  model.output("y");
  expectError(import(model), "expected a multiple of 2 query heads, found 3");
}

} // namespace
