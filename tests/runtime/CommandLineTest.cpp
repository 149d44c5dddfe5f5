//===- CommandLineTest.cpp - programMain ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Apart.h"
#include "tests/runtime/Loopback.h"
#include "tests/runtime/MiniProgram.h"

#include "runtime/Samples.h"

#include <future>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace secformer::runtime::test {
namespace {

class CommandLineTest : public ::testing::Test {
protected:
  Ran ran(std::vector<std::string> arguments, const std::string &name = "ran",
          const Program &program = miniProgram()) {
    arguments.insert(arguments.end(), {"--dir", directory / ""});
    return callApart(directory, name, arguments, program);
  }
  MiniDirectory directory;
};

TEST_F(CommandLineTest, RunReportsAndWrites) {
  Ran r = ran(
      {"run", "--input", directory / "x.npz", "--output", directory / "y.npz"});
  ASSERT_EQ(r.status, 0) << r.err;
  EXPECT_TRUE(contains(r.err, {"testing only"}));
  EXPECT_TRUE(contains(
      r.out, {"logits [4, 2]", "setup", "inference", "57 B", "109 B", "146 B"}))
      << r.out;
  TensorMap y = readNpz(directory / "y.npz");
  std::vector<double> expected = miniExpected();
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(y["logits"].at(i), expected[i], 2e-3);
}

TEST_F(CommandLineTest, StatsAreJson) {
  std::vector<double> expected = miniExpected();
  TensorMap reference;
  reference["logits"] = makeTensor({4, 2}, std::span<const double>(expected));
  writeNpz(directory / "reference.npz", reference);
  Ran r = ran({"run", "--input", directory / "x.npz", "--stats", "--reference",
               directory / "reference.npz"});
  ASSERT_EQ(r.status, 0) << r.err;
  auto json = nlohmann::json::parse(r.out);
  EXPECT_EQ(json["inference"]["rounds"], 4);
  EXPECT_EQ(json["inference"]["bytes_dealer_to_p1"], 146);
  EXPECT_LT(json["outputs"]["logits"]["largest_difference"].get<double>(),
            2e-3);
}

TEST_F(CommandLineTest, ThreadsChangeNothing) {
  Ran one = ran({"run", "--input", directory / "x.npz", "--output",
                 directory / "one.npz", "--insecure-test-seed", "0f"});
  Ran several = ran({"run", "--input", directory / "x.npz", "--output",
                     directory / "several.npz", "--insecure-test-seed", "0f",
                     "--threads", "3"});
  ASSERT_EQ(several.status, 0) << several.err;
  EXPECT_EQ(readFile(directory / "one.npz"),
            readFile(directory / "several.npz"));
  Ran none = ran({"run", "--input", directory / "x.npz", "--threads", "0"});
  EXPECT_EQ(none.status, 1);
  EXPECT_TRUE(contains(none.err, {"--threads", "0", "1 to 256"})) << none.err;
}

TEST_F(CommandLineTest, SamplesAreInferencesOfOneSession) {
  TensorMap other = miniInputs();
  const std::vector<float> zeros(12, 0);
  other["x"] = makeTensor({4, 3}, std::span<const float>(zeros));
  writeNpz(directory / "xs.npz", stackSamples({miniInputs(), other}));
  for (const char *command : {"run", "reference"}) {
    Ran r = ran({command, "--input", directory / "xs.npz", "--output",
                 directory / "ys.npz"});
    ASSERT_EQ(r.status, 0) << r.err;
    TensorMap y = readNpz(directory / "ys.npz");
    EXPECT_EQ(y["logits"].shape, (Shape{2, 4, 2}));
    std::vector<double> expected = miniExpected();
    for (size_t i = 0; i < 8; ++i) {
      EXPECT_NEAR(y["logits"].at(i), expected[i], 2e-3);
      // f(0) = 2, under the mask.
      EXPECT_NEAR(y["logits"].at(8 + i),
                  2 * double(miniM[i / 2]) + double(miniB[i % 2]), 2e-3);
    }
  }
  Ran r = ran({"run", "--input", directory / "xs.npz", "--stats"});
  EXPECT_EQ(nlohmann::json::parse(r.out)["inferences"], 2);
  EXPECT_EQ(nlohmann::json::parse(r.out)["inference"]["rounds"], 4);
  other["x"] =
      makeTensor({4, 3}, std::span<const float>(std::vector<float>(12, 9)));
  writeNpz(directory / "xs.npz", stackSamples({miniInputs(), other}));
  r = ran({"run", "--input", directory / "xs.npz"});
  EXPECT_TRUE(contains(r.err, {"xs.npz, sample 1", "'x'", "[-8"})) << r.err;
}

TEST_F(CommandLineTest, ThreeProcessesGiveTheBytesOfOne) {
  writeNpz(directory / "xs.npz", stackSamples({miniInputs(), miniInputs()}));
  const std::string dealer = toString(freePort());
  const std::string peer = toString(freePort());
  const std::string config = directory.file(
      "parties.toml", "timeout = 10\n[party0]\naddress = \"" + peer +
                          "\"\n[dealer]\naddress = \"" + dealer + "\"\n");
  auto apart = [&](const std::string &name,
                   std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--config", config, "--stats"});
    return std::async(std::launch::async,
                      [=, this] { return ran(arguments, name); });
  };
  auto d =
      apart("d", {"dealer", "--insecure-test-seed", "0f", "--inferences", "2"});
  auto p0 = apart("p0", {"party", "0", "--inferences", "2"});
  auto p1 = apart("p1", {"party", "1", "--input", directory / "xs.npz",
                         "--output", directory / "apart.npz"});
  Ran results[] = {d.get(), p0.get(), p1.get()};
  for (const Ran &result : results)
    ASSERT_EQ(result.status, 0) << result.err;
  Ran one =
      ran({"run", "--input", directory / "xs.npz", "--output",
           directory / "one.npz", "--insecure-test-seed", "0f", "--stats"});
  ASSERT_EQ(one.status, 0) << one.err;
  EXPECT_EQ(readFile(directory / "apart.npz"), readFile(directory / "one.npz"));
  auto all = nlohmann::json::parse(one.out);
  for (const Ran &result : results)
    for (const char *phase : {"setup", "inference"}) {
      auto counted = nlohmann::json::parse(result.out)[phase];
      for (const auto &[key, value] : counted.items()) {
        if (key != "seconds") {
          EXPECT_EQ(value, all[phase][key]) << key;
        }
      }
    }
}

TEST_F(CommandLineTest, ReferenceAndInfo) {
  Ran r = ran({"reference", "--input", directory / "x.npz"});
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_EQ(r.err, "");
  EXPECT_TRUE(contains(r.out, {"logits [4, 2]"}));
  r = ran({"info"});
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_TRUE(contains(r.out, {"x float32[4, 3] of party 1", "in [-8, 8]",
                               "2 tensors, 8 numbers"}))
      << r.out;
}

TEST_F(CommandLineTest, ErrorsAreOneLine) {
  const std::string x = directory / "x.npz";
  auto expectError = [](const Ran &r, const std::string &part) {
    EXPECT_EQ(r.status, 1);
    EXPECT_TRUE(contains(r.err, {"program: error: ", part})) << r.err;
  };
  expectError(ran({"run"}), "--input");
  expectError(ran({"run", "--input", directory / "absent.npz"}), "absent.npz");
  expectError(ran({"run", "--input", x}, "other",
                  miniProgram("bbbbbbbbbbbbbbbbbbbbbbbb")),
              "bbbbbbbbbbbb and aaaaaaaaaaaa");
  expectError(ran({"party", "1", "--config", directory / "absent.toml"}),
              "absent.toml");
  const std::string config =
      directory.file("parties.toml", "[party0]\naddress = \"127.0.0.1:1\"\n"
                                     "[dealer]\naddress = \"127.0.0.1:1\"\n");
  expectError(ran({"party", "1", "--config", config, "--input", x,
                   "--inferences", "2"}),
              "holds 1 samples, --inferences says 2");
  directory.file("manifest.json", miniManifest(5));
  expectError(ran({"run", "--input", x}),
              "inference rounds: counted 4, predicted 5: this is a bug");
  EXPECT_EQ(ran({"party", "2", "--config", "c"}).status, 1);
  EXPECT_EQ(ran({}).status, 1);
  EXPECT_EQ(ran({"run", "--insecure-test-seed", "xyz"}).status, 1);
  EXPECT_EQ(ran({"party", "1", "--insecure-test-seed", "00"}).status, 1);
  EXPECT_EQ(callApart(directory, "help", {"--help"}, miniProgram()).status, 0);
}

} // namespace
} // namespace secformer::runtime::test
