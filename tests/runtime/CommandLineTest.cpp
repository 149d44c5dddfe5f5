//===- CommandLineTest.cpp - programMain ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Loopback.h"
#include "tests/runtime/MiniProgram.h"

#include <future>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace secformer::runtime::test {
namespace {

int call(std::vector<std::string> arguments,
         const Program &program = miniProgram()) {
  arguments.insert(arguments.begin(), "program");
  std::vector<const char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(argument.c_str());
  return programMain(int(argv.size()), argv.data(), program);
}

/// A call in a process of its own: status, stdout and stderr.
struct Ran {
  int status;
  std::string out, err;
};
Ran callApart(const TemporaryDirectory &directory, const std::string &name,
              const std::vector<std::string> &arguments,
              const Program &program = miniProgram()) {
  const std::string out = directory / (name + ".out");
  const std::string err = directory / (name + ".err");
  fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    if (!freopen(out.c_str(), "w", stdout) ||
        !freopen(err.c_str(), "w", stderr))
      _exit(99);
    int status = call(arguments, program);
    fflush(nullptr);
    _exit(status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WEXITSTATUS(status), readFile(out), readFile(err)};
}

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

TEST_F(CommandLineTest, ThreeProcessesGiveTheBytesOfOne) {
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
  auto d = apart("d", {"dealer", "--insecure-test-seed", "0f"});
  auto p0 = apart("p0", {"party", "0"});
  auto p1 = apart("p1", {"party", "1", "--input", directory / "x.npz",
                         "--output", directory / "apart.npz"});
  Ran results[] = {d.get(), p0.get(), p1.get()};
  for (const Ran &result : results)
    ASSERT_EQ(result.status, 0) << result.err;
  Ran one =
      ran({"run", "--input", directory / "x.npz", "--output",
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
  directory.file("manifest.json", miniManifest(5));
  expectError(ran({"run", "--input", x}),
              "inference rounds: counted 4, predicted 5: this is a bug");
  EXPECT_EQ(ran({"party", "2", "--config", "c"}).status, 1);
  EXPECT_EQ(ran({}).status, 1);
  EXPECT_EQ(ran({"run", "--insecure-test-seed", "xyz"}).status, 1);
  EXPECT_EQ(ran({"party", "1", "--insecure-test-seed", "00"}).status, 1);
  EXPECT_EQ(callApart(directory, "help", {"--help"}).status, 0);
}

} // namespace
} // namespace secformer::runtime::test
