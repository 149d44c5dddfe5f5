//===- SamplesTest.cpp - several samples in one archive -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/MiniProgram.h"

#include "runtime/Samples.h"

#include <gtest/gtest.h>

namespace secformer::runtime::test {
namespace {

const std::map<std::string, Shape> shapes = {{"x", {4, 3}}, {"m", {4, 1}}};

TEST(Samples, OneIsLeftAsItIs) {
  Samples samples = splitSamples(miniInputs(), shapes, "x.npz");
  ASSERT_EQ(samples.each.size(), 1U);
  EXPECT_FALSE(samples.stacked);
  EXPECT_EQ(samples.each[0]["x"].shape, (Shape{4, 3}));
  EXPECT_EQ(sampleName("x.npz", samples, 0), "x.npz");
}

TEST(Samples, StackedAndSplitAgain) {
  TensorMap first = miniInputs(), second = first;
  const std::vector<float> other = {4, 3, 2, 1};
  second["m"] = makeTensor({4, 1}, std::span<const float>(other));
  TensorMap stacked = stackSamples({first, second});
  EXPECT_EQ(stacked["x"].shape, (Shape{2, 4, 3}));
  Samples samples = splitSamples(stacked, shapes, "x.npz");
  ASSERT_EQ(samples.each.size(), 2U);
  EXPECT_TRUE(samples.stacked);
  EXPECT_EQ(samples.each[0]["m"].data, first["m"].data);
  EXPECT_EQ(samples.each[1]["m"].data, second["m"].data);
  EXPECT_EQ(samples.each[1]["x"].shape, (Shape{4, 3}));
  EXPECT_EQ(sampleName("x.npz", samples, 1), "x.npz, sample 1");
}

TEST(Samples, OneMayBeStackedToo) {
  Samples samples = splitSamples(stackSamples({miniInputs()}), shapes, "x.npz");
  EXPECT_EQ(samples.each.size(), 1U);
  EXPECT_TRUE(samples.stacked);
}

TEST(Samples, NumbersThatDifferAreAnError) {
  TensorMap stacked = stackSamples({miniInputs(), miniInputs()});
  stacked["x"] = stackSamples({miniInputs()})["x"];
  EXPECT_TRUE(contains(errorOf([&] { splitSamples(stacked, shapes, "x.npz"); }),
                       {"x.npz", "'x'", "[1, 4, 3]", "[2, 4, 3]", "'m'"}));
}

TEST(Samples, WrongShapesAreLeftToOthers) {
  TensorMap wrong = {{"x", miniInputs()["m"]}};
  Samples samples = splitSamples(wrong, shapes, "x.npz");
  EXPECT_EQ(samples.each[0]["x"].shape, (Shape{4, 1}));
}

} // namespace
} // namespace secformer::runtime::test
