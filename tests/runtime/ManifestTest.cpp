//===- ManifestTest.cpp - manifest.json, weights.bin, inputs --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/MiniProgram.h"

#include "runtime/Manifest.h"
#include "runtime/Report.h"

#include <gtest/gtest.h>
#include <limits>
#include <sstream>

namespace secformer::runtime::test {
namespace {

std::string replaced(std::string text, const std::string &from,
                     const std::string &to) {
  size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Manifest, Fields) {
  MiniDirectory directory;
  Manifest manifest = readManifest(directory / "manifest.json");
  EXPECT_EQ(manifest.name, "mini");
  EXPECT_EQ(manifest.inputs.size(), 2U);
  EXPECT_EQ(manifest.inputs[0].range->second, 8);
  EXPECT_TRUE(manifest.inputs[1].isPublic);
  EXPECT_EQ(manifest.weights["b"].offset, 24U);
  EXPECT_EQ(manifest.inferenceCost, miniInferenceCost());
  EXPECT_EQ(manifest.failureBound, 0);
  EXPECT_EQ(manifest.hidingBound, 0);
  auto weights = openWeights(directory / ".", manifest, true);
  EXPECT_EQ(weights->slice("b", {2})[1], -20);
  EXPECT_TRUE(contains(errorOf([&] { weights->slice("c", {2}); }), {"'c'"}));
  EXPECT_TRUE(contains(errorOf([&] { weights->slice("b", {3}); }),
                       {"'b'", "[2]", "[3]"}));
}

TEST(Manifest, Chances) {
  const Manifest manifest = parseManifest(
      replaced(miniManifest(), "\"cost\"",
               R"("failure_bound": 0.125, "hiding_bound": 0.001, "cost")"),
      "manifest");
  EXPECT_EQ(manifest.failureBound, 0.125);
  EXPECT_EQ(manifest.hidingBound, 0.001);
  std::ostringstream out;
  printInfo(out, manifest);
  EXPECT_TRUE(contains(out.str(), {"fails with probability at most 2^-3.0 per",
                                   "at most 2^-9.9 apart"}))
      << out.str();
}

TEST(Manifest, ErrorsNameTheField) {
  TemporaryDirectory directory;
  const std::string good = miniManifest();
  std::string ones;
  for (int i = 0; i < 32; ++i)
    ones += ", 1";
  for (const auto &[from, to, part] :
       std::initializer_list<std::array<std::string, 3>>{
           {"\"format\": 1", "\"format\": 2", ".format"},
           {"\"name\": \"mini\",", "", "no field 'name'"},
           {miniHash, "xyz", ".hash: expected 64"},
           {"\"float32\"", "\"float16\"", ".inputs[0].dtype"},
           {"\"owner\": 1", "\"owner\": 3",
            ".inputs[0].owner: expected 0 or 1 for a party, 2 for the client"},
           {"4, 2], \"owner\": 1", "4, 2], \"owner\": 2",
            ".outputs[0]: no field 'scale'"},
           {"4, 2], \"owner\": 1",
            R"(4, 2], "scale": 64, "ring": 40, "owner": 2)",
            ".outputs[0].scale: expected at most 63"},
           {"4, 2], \"owner\": 1",
            R"(4, 2], "scale": 4, "ring": 0, "owner": 2)",
            ".outputs[0].ring: expected 1 to 64"},
           {"\"weights\":", "\"weights_owner\": 1, \"weights\":",
            ".weights_owner: expected 0 for party 0 or 3"},
           {"[4, 3]", "[4, -3]", ".inputs[0].shape[1]"},
           {"[4, 3]", "[4, 0]", ".inputs[0].shape[1]"},
           {"[4, 3]", "[4000000000, 4000000000]", ".inputs[0].shape[1]"},
           {"[4, 3]", "[1" + ones + "]", ".shape: expected a list of at most"},
           {"[-8, 8]", "[-8]", ".inputs[0].range: expected two numbers"},
           {"[-8, 8]", "[8, -8]", ".range: expected the smaller number first"},
           {"\"name\": \"m\"", "\"name\": \"x\"",
            ".inputs[1].name: expected another name"},
           {"\"public\": true", "\"public\": 1", ".inputs[1].public"},
           {"\"offset\": 24", "\"offset\": 23", ".weights[1].offset"},
           {"\"name\": \"b\"", "\"name\": \"w\"", "taken"},
           {"\"rounds\": 1,", "\"rounds\": -1,", ".cost.setup.rounds"},
           {"\"cost\"", "\"failure_bound\": 1.5, \"cost\"",
            ".failure_bound: expected a number from 0 to 1"},
           {"\"format\"", "format", "not valid JSON"}}) {
    std::string path =
        directory.file("manifest.json", replaced(good, from, to));
    std::string error = errorOf([&] { readManifest(path); });
    EXPECT_TRUE(contains(error, {part, "manifest.json"})) << error;
  }
  EXPECT_TRUE(contains(errorOf([&] { readManifest(directory / "absent"); }),
                       {"cannot open", "--dir"}));
  std::string large =
      directory.file("large.json", std::string((16 << 20) + 1, ' '));
  EXPECT_TRUE(contains(errorOf([&] { readManifest(large); }),
                       {"large.json is too large for a manifest"}));
}

TEST(Manifest, WeightsOutsideTheFile) {
  MiniDirectory directory;
  Manifest manifest = readManifest(directory / "manifest.json");
  auto errorFor = [&](const Manifest &m) {
    return errorOf([&] { openWeights(directory / ".", m, true); });
  };
  manifest.weights["b"].offset = 28;
  EXPECT_TRUE(contains(errorFor(manifest), {"too short", "'b'"}));
  manifest.weights["b"].offset = ~uint64_t(0) - 3;
  EXPECT_TRUE(contains(errorFor(manifest), {"too short", "'b'"}));
  EXPECT_TRUE(contains(
      errorOf([&] { openWeights(directory / "absent", manifest, true); }),
      {"absent", "No such file"}));
}

TEST(Manifest, InputsAreChecked) {
  MiniDirectory directory;
  const Manifest manifest = readManifest(directory / "manifest.json");
  TensorMap good = miniInputs();
  EXPECT_EQ(selectInputs(manifest, good, 1, "f").size(), 2U);
  EXPECT_EQ(selectInputs(manifest, good, 0, "f").size(), 0U);
  auto errorFor = [&](const TensorMap &inputs) {
    return errorOf([&] { selectInputs(manifest, inputs, 1, "in.npz"); });
  };
  auto withX = [&](size_t index, float value) {
    std::vector<float> x = miniX;
    x[index] = value;
    TensorMap inputs = good;
    inputs["x"] = makeTensor({4, 3}, std::span<const float>(x));
    return inputs;
  };
  TensorMap absent = good;
  absent.erase("x");
  EXPECT_EQ(errorFor(absent), "in.npz: no array 'x', found m");
  TensorMap shape = good;
  shape["x"].shape = {3, 4};
  EXPECT_EQ(errorFor(shape), "in.npz: 'x' has shape [3, 4], expected [4, 3]");
  TensorMap type = good;
  std::vector<double> doubles(12, 1.0);
  type["x"] = makeTensor({4, 3}, std::span<const double>(doubles));
  EXPECT_EQ(errorFor(type), "in.npz: 'x' has type float64, expected float32");
  EXPECT_EQ(errorFor(withX(7, std::nanf(""))),
            "in.npz: 'x' at index 7 is not finite");
  EXPECT_EQ(errorFor(withX(2, std::numeric_limits<float>::infinity())),
            "in.npz: 'x' at index 2 is not finite");
  std::string range = errorFor(withX(5, 1234.5F));
  EXPECT_TRUE(contains(range, {"'x' at index 5", "outside the range"}));
  EXPECT_FALSE(contains(range, {"1234"})) << "the value stays secret";
}

} // namespace
} // namespace secformer::runtime::test
