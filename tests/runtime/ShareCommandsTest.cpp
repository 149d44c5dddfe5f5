//===- ShareCommandsTest.cpp - programs of a client and a provider --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Apart.h"
#include "tests/runtime/Loopback.h"
#include "tests/runtime/OutsourcedProgram.h"

#include "runtime/Samples.h"

#include <future>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace secformer::runtime::test {
namespace {

class ShareCommandsTest : public ::testing::Test {
protected:
  ShareCommandsTest() {
    // Where the parties run there are no weights.
    elsewhere.file("manifest.json", outsourcedManifest);
    TensorMap second = miniInputs();
    for (size_t i = 0; i < 12; ++i)
      reinterpret_cast<float *>(second["x"].data.data())[i] /= 2;
    writeNpz(directory / "xs.npz", stackSamples({miniInputs(), second}));
  }
  Ran ran(std::vector<std::string> arguments, const std::string &name = "ran",
          bool withWeights = true) {
    arguments.insert(arguments.end(),
                     {"--dir", withWeights ? directory / "" : elsewhere / ""});
    return callApart(directory, name, arguments, outsourcedProgram());
  }
  std::string in(const char *name) const { return directory / name; }
  void share(const char *npz, const char *to) {
    Ran r = ran({"share", "--input", in(npz), "--output", in(to),
                 "--insecure-test-seed", "0f"});
    ASSERT_EQ(r.status, 0) << r.err;
  }
  void shareWeights(const char *to) {
    Ran r = ran({"share", "--weights", "--output", in(to),
                 "--insecure-test-seed", "0f"});
    ASSERT_EQ(r.status, 0) << r.err;
  }
  /// Dealer and parties; what each printed.
  std::array<Ran, 3> runApart(const char *weights0, const char *weights1,
                              const char *input0, const char *input1,
                              const char *inferences) {
    const std::string config = directory.file(
        "parties.toml",
        "timeout = 10\n[party0]\naddress = \"" + toString(freePort()) +
            "\"\n[dealer]\naddress = \"" + toString(freePort()) + "\"\n");
    auto apart = [&](const char *name, std::vector<std::string> arguments) {
      arguments.insert(arguments.end(), {"--config", config, "--stats"});
      return std::async(std::launch::async,
                        [=, this] { return ran(arguments, name, false); });
    };
    auto party = [&](const char *id, const char *weights, const char *input,
                     const char *output) {
      return apart(output, {"party", id, "--weights", in(weights), "--input",
                            in(input), "--output", in(output)});
    };
    auto dealer = apart("d", {"dealer", "--insecure-test-seed", "0f",
                              "--inferences", inferences});
    auto p0 = party("0", weights0, input0, "y.party0");
    auto p1 = party("1", weights1, input1, "y.party1");
    return {p0.get(), p1.get(), dealer.get()};
  }
  static void expectError(const Ran &r, const std::string &part) {
    EXPECT_EQ(r.status, 1);
    EXPECT_TRUE(contains(r.err, {"program: error: ", part})) << r.err;
  }
  OutsourcedDirectory directory;
  TemporaryDirectory elsewhere;
};

TEST_F(ShareCommandsTest, RunIsRightAndInfoNamesOwners) {
  Ran r = ran({"run", "--input", in("x.npz"), "--output", in("y.npz")});
  ASSERT_EQ(r.status, 0) << r.err;
  EXPECT_TRUE(contains(r.out, {"outside -> P1", "each->outside", "92 B"}))
      << r.out;
  const Tensor y = readNpz(in("y.npz"))["y"];
  for (size_t i = 0; i < 8; ++i)
    EXPECT_NEAR(y.at(i), outsourcedExpected()[i], 1e-2);
  r = ran({"info"});
  EXPECT_TRUE(contains(r.out, {"x float32[4, 3] of the client",
                               "m float32[4, 1] of the client, public",
                               "y float32[4, 2] to the client",
                               "8 numbers, of the provider", "32 B", "40 B"}))
      << r.out;
}

TEST_F(ShareCommandsTest, FiveProcessesGiveTheBytesOfOne) {
  share("xs.npz", "x");
  shareWeights("w");
  EXPECT_EQ(std::filesystem::file_size(in("x.party0")), 120 + 2 * 32U);
  EXPECT_EQ(std::filesystem::file_size(in("x.party1")), 120 + 2 * 92U);
  EXPECT_EQ(std::filesystem::file_size(in("w.party0")), 120U);
  EXPECT_EQ(std::filesystem::file_size(in("w.party1")), 160U);
  const auto results =
      runApart("w.party0", "w.party1", "x.party0", "x.party1", "2");
  for (const Ran &r : results)
    ASSERT_EQ(r.status, 0) << r.err;
  EXPECT_EQ(std::filesystem::file_size(in("y.party0")), 120 + 2 * 40U);
  Ran opened = ran({"open", in("y.party0"), in("y.party1"), "--output",
                    in("apart.npz"), "--reference", in("apart.npz")});
  ASSERT_EQ(opened.status, 0) << opened.err;
  EXPECT_TRUE(contains(opened.out, {"y [2, 4, 2]", "largest difference 0"}))
      << opened.out;
  Ran one = ran({"run", "--input", in("xs.npz"), "--output", in("one.npz"),
                 "--insecure-test-seed", "0f", "--stats"});
  ASSERT_EQ(one.status, 0) << one.err;
  EXPECT_EQ(readFile(in("apart.npz")), readFile(in("one.npz")));
  auto all = nlohmann::json::parse(one.out);
  for (const Ran &r : results)
    for (const char *phase : {"setup", "inference"}) {
      auto counted = nlohmann::json::parse(r.out)[phase];
      for (const auto &[key, value] : counted.items()) {
        if (key != "seconds") {
          EXPECT_EQ(value, all[phase][key]) << key;
        }
      }
    }
  EXPECT_EQ(all["inference"]["bytes_outside_to_p1"], 92);
  EXPECT_EQ(all["setup"]["bytes_outside_to_p1"], 40);
  // Results of the wrong party, twice the same one, or an input in their place.
  expectError(ran({"open", in("y.party1"), in("y.party0")}),
              "is for party 1, expected party 0's shares of results");
  expectError(ran({"open", in("x.party0"), in("y.party1")}),
              "holds inputs, expected party 0's shares of results");
}

TEST_F(ShareCommandsTest, HalvesOfDifferentSharingsStopBothParties) {
  share("x.npz", "x");
  share("x.npz", "z");
  shareWeights("w");
  shareWeights("v");
  auto inputs = runApart("w.party0", "w.party1", "x.party0", "z.party1", "1");
  auto weights = runApart("w.party0", "v.party1", "x.party0", "x.party1", "1");
  for (int party : {0, 1}) {
    expectError(inputs[party], "of the inputs are of different sharings");
    expectError(weights[party], "of the weights are of different sharings");
  }
  EXPECT_FALSE(std::filesystem::exists(in("y.party0")));
}

TEST_F(ShareCommandsTest, ErrorsSayWhatToDo) {
  share("x.npz", "x");
  shareWeights("w");
  const std::string config =
      directory.file("parties.toml", "[party0]\naddress = \"127.0.0.1:1\"\n"
                                     "[dealer]\naddress = \"127.0.0.1:1\"\n");
  auto party = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"party", "0", "--config", config});
    return ran(more);
  };
  const std::string w = in("w.party0"), x = in("x.party0"), y = in("y");
  expectError(party({}), "say where this party's shares of them go with "
                         "--output");
  expectError(party({"--output", y}), "the weights belong to the provider: "
                                      "give this party's shares of them with "
                                      "--weights");
  expectError(party({"--output", y, "--weights", w}),
              "the client owns inputs of the program: give this party's shares "
              "of them with --input");
  expectError(party({"--output", y, "--weights", x, "--input", x}),
              "holds inputs, expected party 0's shares of weights");
  expectError(
      party({"--output", y, "--weights", w, "--input", in("x.npz")}),
      "x.npz is no file of shares: expected party 0's shares of inputs");
  expectError(party({"--output", y, "--weights", in("none"), "--input", x}),
              "cannot open");
  expectError(
      party({"--output", y, "--weights", w, "--input", x, "--input", x}),
      "--input is given twice for shares");
  expectError(
      party({"--output", y, "--weights", w, "--input", x, "--inferences", "2"}),
      "x.party0 holds 1 samples, --inferences says 2");
  expectError(party({"--output", y, "--weights", w, "--input", in("x.party1")}),
              "is for party 1, expected party 0's shares of inputs");
  expectError(ran({"share", "--output", y}),
              "the client owns inputs of the program: give them with --input");
  expectError(ran({"share", "--weights", "--input", x, "--output", y}),
              "--input or --weights, not both");
  expectError(ran({"share", "--weights", "--output", in("absent/y")}),
              "is no folder to write to");
  EXPECT_EQ(ran({"share", "--weights"}).status, 1);
  EXPECT_EQ(ran({"open", x}).status, 1);
}

// A client-server program says who does what instead.
TEST(ShareCommands, ClientServerProgramsHaveNothingToShare) {
  MiniDirectory directory;
  auto expectError = [&](std::vector<std::string> arguments,
                         const std::string &part) {
    arguments.insert(arguments.end(), {"--dir", directory / ""});
    Ran r = callApart(directory, "ran", arguments, miniProgram());
    EXPECT_EQ(r.status, 1);
    EXPECT_TRUE(contains(r.err, {"program: error: ", part})) << r.err;
  };
  const std::string x = directory / "x.npz", y = directory / "y";
  expectError({"share", "--input", x, "--output", y},
              "compile with --inputs-of=client");
  expectError({"share", "--weights", "--output", y},
              "compile with --weights-of=provider");
  expectError({"open", x, x}, "compile with --results-to=client");
  const std::string config =
      directory.file("parties.toml", "[party0]\naddress = \"127.0.0.1:1\"\n"
                                     "[dealer]\naddress = \"127.0.0.1:1\"\n");
  expectError({"party", "0", "--config", config, "--weights", x},
              "nobody shares the weights of this program");
  directory.file("shares", "SFSHARES and so on");
  expectError(
      {"party", "0", "--config", config, "--input", directory / "shares"},
      "nobody shares the inputs of this program");
}

} // namespace
} // namespace secformer::runtime::test
