//===- RoleTest.cpp - handles, rounds and misuse --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

class RoleTest : public ::testing::Test {
protected:
  RoleTest() {
    inputs["x"] = integers({1, 2});
    role.start(0, &inputs);
  }
  Wire x() { return role.share(role.input("x", {{2}, 4, 20}, 0)); }

  MemoryWeights weights;
  TensorMap inputs;
  Reference role{weights};
};

TEST_F(RoleTest, KeptValuesSurviveFreeAndPhases) {
  Wire a = x();
  Wire alias = role.reshape(a, {1, 2});
  role.keep(3, a);
  role.free(a);
  EXPECT_EQ(role.type(alias).shape, Shape({1, 2}));
  role.start(1, &inputs);
  EXPECT_THROW(role.type(alias), std::logic_error);
  Wire kept = role.kept(3);
  role.free(kept);
  Wire again = role.kept(3);
  EXPECT_EQ(role.type(again).ring, 20U);
  EXPECT_THROW(role.kept(2), std::logic_error);
  EXPECT_THROW(role.kept(4), std::logic_error);
}

TEST_F(RoleTest, FreedAndForeignHandles) {
  Wire a = x();
  role.free(a);
  EXPECT_THROW(role.neg(a), std::logic_error);
  EXPECT_THROW(role.free(a), std::logic_error);
  EXPECT_THROW(role.neg(Wire{}), std::logic_error);
}

TEST_F(RoleTest, Rounds) {
  Wire a = x();
  EXPECT_THROW(role.open(a), std::logic_error);
  EXPECT_THROW(role.endRound(), std::logic_error);
  role.beginRound();
  EXPECT_THROW(role.beginRound(), std::logic_error);
  Wire opened = role.open(a);
  EXPECT_THROW(role.unmask(opened), std::logic_error);
  role.endRound();
  EXPECT_EQ(role.kind(role.unmask(opened)), Kind::Shared);
}

TEST_F(RoleTest, KindsAndTypes) {
  Wire a = x(), p = role.constant({2}, {1});
  Wire wide = role.share(role.input("x", {{2}, 4, 21}, 0));
  Wire scaled = role.relabel(a, 5);
  EXPECT_THROW(role.add(a, p), std::logic_error);
  EXPECT_THROW(role.add(a, wide), std::logic_error);
  EXPECT_THROW(role.add(a, scaled), std::logic_error);
  EXPECT_THROW(role.add(a, role.input("x", {{2}, 4, 20}, 0)), std::logic_error);
  EXPECT_THROW(role.reduce(a, 21), std::logic_error);
  EXPECT_THROW(role.mul(a, a, {{2}, 8, 20}), std::logic_error);
  EXPECT_THROW(role.narrow(a, {{2}, 0, 17}), std::logic_error);
  EXPECT_THROW(role.narrow(a, {{2}, 5, 8}), std::logic_error);
  EXPECT_THROW(role.reshape(a, {3}), std::logic_error);
  EXPECT_THROW(role.transpose(a, {1}), std::logic_error);
  EXPECT_THROW(role.slice(a, {1}, {2}, {1}), std::logic_error);
  EXPECT_THROW(role.concat({a, wide}, 0), std::logic_error);
  EXPECT_THROW(role.broadcast(a, {3}), std::logic_error);
  EXPECT_THROW(role.constant({3}, {1, 2}), std::logic_error);
  EXPECT_THROW(role.plain(PlainOp::Add, p), std::logic_error);
  EXPECT_THROW(role.input("x", {{2}, 4, 65}, 0), std::logic_error);
  EXPECT_THROW(role.mulPublic(a, a, 3), std::logic_error);
}

TEST_F(RoleTest, ErrorsNameThePlace) {
  role.at("/encoder/layer.0/MatMul");
  try {
    role.add(x(), role.constant({2}, {1}));
    FAIL() << "no error";
  } catch (const std::logic_error &error) {
    EXPECT_NE(std::string(error.what()).find("/encoder/layer.0/MatMul"),
              std::string::npos);
  }
}

TEST_F(RoleTest, InputsThatDoNotFit) {
  EXPECT_THROW(role.input("absent", {{2}, 4, 20}, 0), Error);
  EXPECT_THROW(role.input("x", {{3}, 4, 20}, 0), Error);
  EXPECT_THROW(role.input("x", {{2}, 63, 64}, 0), Error);
}

TEST_F(RoleTest, SquareOfOneWire) {
  role.beginRound();
  Wire a = role.open(x());
  role.endRound();
  role.beginRound();
  Wire square = role.reveal(role.mul(a, a, {{2}, 8, 20}), 1);
  role.endRound();
  role.output("y", square);
  EXPECT_EQ(role.outputs().at("y").at(1), 4);
}

} // namespace
} // namespace secformer::runtime::test
