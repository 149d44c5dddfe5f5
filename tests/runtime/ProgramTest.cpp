//===- ProgramTest.cpp - a small program on all roles ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/MiniProgram.h"

#include "runtime/Session.h"
#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

class ProgramTest : public ::testing::Test {
protected:
  ProgramTest() { weights.weights = {{"w", miniW}, {"b", miniB}}; }

  SessionResult runWith(const Program &program, const Inputs &ofParty1,
                        Phasing phasing = Phasing::Streamed) {
    const Prg prgs[] = {Prg(fixedKey(0)), Prg(fixedKey(1)), Prg(fixedKey(0)),
                        Prg(fixedKey(1))};
    return runAll(program, {&prgs[0], &prgs[1]}, {&prgs[2], &prgs[3]},
                  {&weights, nullptr}, {Inputs(ofParty1.size()), ofParty1},
                  Timeout(2000), {}, {phasing, /*profiled=*/true});
  }
  static void expectRight(const TensorMap &outputs) {
    const std::vector<double> expected = miniExpected();
    const Tensor &logits = outputs.at("logits");
    ASSERT_EQ(logits.shape, Shape({4, 2}));
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(logits.at(i), expected[i], 2e-3) << i;
  }
  MemoryWeights weights;
};

TEST_F(ProgramTest, RightResultAndExactCost) {
  SessionResult result = runWith(miniProgram(), {miniInputs(), miniInputs()});
  ASSERT_EQ(result.inferences.size(), 2U);
  EXPECT_EQ(result.setup.counters, miniSetupCost());
  for (const PhaseResult &inference : result.inferences) {
    expectRight(inference.outputs);
    EXPECT_EQ(inference.counters, miniInferenceCost());
  }
}

TEST_F(ProgramTest, AnOfflinePhaseApartChangesNoBit) {
  const Inputs inputs = {miniInputs(), miniInputs()};
  const SessionResult streamed = runWith(miniProgram(), inputs),
                      apart = runWith(miniProgram(), inputs, Phasing::Apart);
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(streamed.inferences[i].offlineSeconds, 0);
    EXPECT_GT(apart.inferences[i].offlineSeconds, 0);
    EXPECT_EQ(apart.inferences[i].counters, miniInferenceCost());
    const Tensor &one = streamed.inferences[i].outputs.at("logits"),
                 &other = apart.inferences[i].outputs.at("logits");
    for (size_t j = 0; j < one.size(); ++j)
      EXPECT_EQ(one.at(j), other.at(j)) << i << ", " << j;
  }
}

TEST_F(ProgramTest, AProfileHasEveryOperationAndByte) {
  const SessionResult result = runWith(miniProgram(), {miniInputs()});
  for (size_t party : {0, 1}) {
    uint64_t bytes = 0, rounds = 0, products = 0;
    for (const Profile::Slice &slice : result.profiles[party].slices()) {
      EXPECT_LE(slice.waited, slice.length);
      bytes += slice.bytes;
      rounds += std::string(slice.operation) == "round";
      if (std::string(slice.operation) == "matmul") {
        ++products;
        EXPECT_STREQ(slice.place, "/MatMul");
      }
    }
    const Counters cost = miniInferenceCost();
    EXPECT_EQ(bytes, party == 0 ? cost.bytesP0ToP1 : cost.bytesP1ToP0);
    EXPECT_EQ(rounds, cost.rounds);
    EXPECT_EQ(products, 1U);
  }
}

TEST_F(ProgramTest, ReferenceAgrees) {
  Reference reference(weights);
  reference.start(0, nullptr);
  setup(reference);
  TensorMap inputs = miniInputs();
  reference.start(1, &inputs);
  infer(reference);
  expectRight(reference.outputs());
  EXPECT_TRUE(reference.ranges().violations.empty());
}

TEST_F(ProgramTest, TheFirstErrorIsTheOneReported) {
  TensorMap inputs = miniInputs();
  inputs.erase("x");
  EXPECT_EQ(errorOf([&] { runWith(miniProgram(), {inputs}); }),
            "input 'x' is missing");
}

// A dealer that stops early: the parties do not wait for ever.
TEST_F(ProgramTest, AMissingDealerIsAnError) {
  Program program = miniProgram();
  program.infer = [](Role &role) {
    if (!dynamic_cast<Dealer *>(&role))
      infer(role);
  };
  EXPECT_EQ(errorOf([&] { runWith(program, {miniInputs()}); }),
            "the dealer closed the connection");
}

} // namespace
} // namespace secformer::runtime::test
