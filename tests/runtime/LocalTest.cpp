//===- LocalTest.cpp - what one party computes alone ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Error.h"
#include "tests/runtime/Harness.h"

namespace secformer::runtime::test {
namespace {

/// Party 1 alone knows the result; it arrives by way of a wire of its own.
template <class R> void showLocal(R &role, const char *name, Wire local) {
  ASSERT_EQ(role.kind(local), Kind::Local);
  show(role, name,
       role.share(role.encode(local, {role.type(local).shape, 8, 40}, 1)));
}

TEST(Local, ArithmeticInAllRoles) {
  Setting setting;
  setting.inputs1["x"] = integers({-3, 2, 0, 5});
  auto body = [](auto &role) {
    Wire x = role.reshape(role.localInput("x", {4}, 1), {2, 2});
    Wire p = role.constant({2}, {2, 0});
    auto out = [&](const char *name, Wire value) {
      showLocal(role, name, value);
    };
    out("add", role.plain(PlainOp::Add, x, p));
    out("min", role.plain(PlainOp::Min, x, p));
    out("equal", role.plain(PlainOp::Equal, p, x));
    out("less", role.plain(PlainOp::Less, x, p));
    out("less equal", role.plain(PlainOp::LessEqual, x, p));
    out("not", role.plain(PlainOp::Not, x));
    out("abs", role.plain(PlainOp::Abs, x));
    Wire half = role.plain(PlainOp::Div, x, role.constant({}, {2}));
    out("floor", role.plain(PlainOp::Floor, half));
    out("ceil", role.plain(PlainOp::Ceil, half));
    out("round", role.plain(PlainOp::Round, half));
    out("trunc", role.plain(PlainOp::Trunc, half));
    out("running", role.plain(PlainOp::CumsumLast, x));
    out("most", role.broadcast(role.plain(PlainOp::MaxLast, x), {2, 2}));
    out("select", role.plainSelect(p, x, role.constant({}, {9})));
    out("rows", role.gather(x, role.constant({2}, {1, -2})));
    out("concat", role.concat({role.reshape(x, {4}), p}, 0));
    out("root", role.plain(PlainOp::Sqrt, role.plain(PlainOp::Mul, x, x)));
  };
  const std::map<std::string, std::vector<double>> expected = {
      {"add", {-1, 2, 2, 5}},       {"min", {-3, 0, 0, 0}},
      {"equal", {0, 0, 0, 0}},      {"less", {1, 0, 1, 0}},
      {"less equal", {1, 0, 1, 0}}, {"not", {0, 0, 1, 0}},
      {"abs", {3, 2, 0, 5}},        {"floor", {-2, 1, 0, 2}},
      {"ceil", {-1, 1, 0, 3}},      {"round", {-2, 1, 0, 2}},
      {"trunc", {-1, 1, 0, 2}},     {"running", {-3, -1, 0, 5}},
      {"most", {2, 2, 5, 5}},       {"select", {-3, 9, 0, 9}},
      {"rows", {0, 5, -3, 2}},      {"concat", {-3, 2, 0, 5, 2, 0}},
      {"root", {3, 2, 0, 5}}};
  Outcome outcome = run(setting, body);
  TensorMap results[] = {outcome.outputs, runReference(setting, body)};
  for (TensorMap &outputs : results)
    for (const auto &[name, values] : expected) {
      ASSERT_EQ(outputs[name].size(), values.size()) << name;
      for (size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(outputs[name].at(i), values[i]) << name << " " << i;
    }
  // Party 0 had nothing to say but its zero shares.
  EXPECT_EQ(outcome.dealerBytes, 0u);
}

/// A look-up as programs do it: one-hot rows, masked once, times a masked
/// table.
TEST(Local, OneHotRowsTimesATable) {
  Setting setting;
  setting.inputs1["ids"] = integers({2, 0, -1});
  setting.weights.weights["table"] = {1, 2, 3, 4, 5, 6, 7, 8};
  auto body = [](auto &role) {
    Wire ids = role.localInput("ids", {3}, 1);
    role.beginRound();
    Wire hot = role.mask(role.encode(role.oneHot(ids, 4), {{3, 4}, 0, 16}, 1));
    Wire table = role.mask(role.param("table", {{4, 2}, 4, 16}, 0));
    role.endRound();
    show(role, "rows", role.matmul(hot, table, {{3, 2}, 4, 16}));
  };
  Outcome outcome = run(setting, body);
  const double expected[] = {5, 6, 1, 2, 7, 8};
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(outcome.outputs["rows"].at(i), expected[i]);
  // 12 masked words of 16 bits, and 6 shares of the result the other way.
  EXPECT_EQ(outcome.counters[0].bytesP1ToP0, 24u);
  EXPECT_EQ(outcome.counters[0].bytesP0ToP1, 16u + 12u);
  TensorMap reference = runReference(setting, body);
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(reference["rows"].at(i), expected[i]);
}

/// In a small ring, over all masks: what party 0 receives does not depend on
/// the index.
TEST(Local, OneHotMessagesDoNotDependOnTheIndex) {
  Histogram received;
  for (int64_t id = 0; id < 2; ++id)
    for (uint64_t masks = 0; masks < 16; ++masks) {
      Setting setting;
      setting.inputs1["ids"] = integers({id});
      TableRandomness of1(
          [&](Purpose, uint32_t, uint64_t i) { return masks >> (2 * i); });
      setting.randomness1 = &of1;
      Outcome outcome = run(setting, [](auto &role) {
        Wire ids = role.localInput("ids", {1}, 1);
        role.beginRound();
        role.mask(role.encode(role.oneHot(ids, 2), {{1, 2}, 0, 2}, 1));
        role.endRound();
      });
      auto words = unpackWords(outcome.fromPeer[0], 0, 2, 2);
      ++received[uint64_t(id)][words[0] | words[1] << 2];
    }
  EXPECT_TRUE(sameForAll(received));
  EXPECT_EQ(received[0].size(), 16u);
}

TEST(Local, AnIndexOutOfRangeStopsItsOwnerWithoutTellingIt) {
  Setting setting;
  TensorMap inputs;
  inputs["ids"] = integers({1, 77});
  Reference reference(setting.weights);
  reference.start(1, &inputs);
  reference.at("embeddings/Gather");
  Wire ids = reference.localInput("ids", {2}, 1);
  try {
    reference.oneHot(ids, 4);
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "at 'embeddings/Gather': the index at position "
                               "1 is not a whole number below 4");
  }
}

TEST(Local, ValuesOfDifferentPartiesDoNotMix) {
  Setting setting;
  TensorMap inputs;
  inputs["x"] = integers({1});
  Reference reference(setting.weights);
  reference.start(1, &inputs);
  Wire mine = reference.localInput("x", {1}, 1);
  Wire other = reference.localInput("x", {1}, 0);
  EXPECT_THROW(reference.plain(PlainOp::Add, mine, other), std::logic_error);
  EXPECT_THROW(reference.encode(mine, {{1}, 0, 8}, 0), std::logic_error);
}

} // namespace
} // namespace secformer::runtime::test
