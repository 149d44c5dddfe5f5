//===- LinearTest.cpp - linear operations on every kind -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Harness.h"

#include <cmath>

namespace secformer::runtime::test {
namespace {

/// Runs \p body on inputs "a" (2x3, party 0) and "b" (3, party 1) of a 20-bit
/// ring, shared and masked; it names what it shows. The results of both kinds
/// and of Reference must be \p expected.
template <class Body>
void check(Body body, const Shape &shape, const std::vector<double> &expected) {
  Setting setting;
  setting.inputs0["a"] = integers({1, -2, 3, 40, 50, -60});
  setting.inputs1["b"] = integers({7, 8, -9});
  for (bool masked : {false, true}) {
    auto program = [&](auto &role) {
      Wire a = role.input("a", {{6}, 0, 20}, 0);
      Wire b = role.input("b", {{3}, 0, 20}, 1);
      a = role.reshape(a, {2, 3});
      if (masked) {
        role.beginRound();
        a = role.mask(a);
        b = role.mask(b);
        role.endRound();
      } else {
        a = role.share(a);
        b = role.share(b);
      }
      Wire result = body(role, a, b);
      EXPECT_EQ(role.type(result).shape, shape);
      show(role, "r", masked ? role.unmask(result) : result);
    };
    TensorMap results[] = {run(setting, program).outputs,
                           runReference(setting, program)};
    for (TensorMap &outputs : results) {
      ASSERT_EQ(outputs["r"].size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(outputs["r"].at(i), expected[i]) << i << " " << masked;
    }
  }
}

TEST(Linear, AddSubBroadcast) {
  check([](auto &r, Wire a, Wire b) { return r.add(a, b); }, {2, 3},
        {8, 6, -6, 47, 58, -69});
  check([](auto &r, Wire a, Wire b) { return r.sub(b, a); }, {2, 3},
        {6, 10, -12, -33, -42, 51});
  check([](auto &r, Wire, Wire b) { return r.neg(b); }, {3}, {-7, -8, 9});
  check([](auto &r, Wire, Wire b) { return r.scaleBy(b, -5); }, {3},
        {-35, -40, 45});
}

TEST(Linear, Scales) {
  check([](auto &r, Wire, Wire b) { return r.relabel(b, 1); }, {3},
        {3.5, 4, -4.5});
}

TEST(Linear, Shapes) {
  check([](auto &r, Wire a, Wire) { return r.transpose(a, {1, 0}); }, {3, 2},
        {1, 40, -2, 50, 3, -60});
  check([](auto &r, Wire a, Wire) { return r.reshape(a, {3, 1, 2}); },
        {3, 1, 2}, {1, -2, 3, 40, 50, -60});
  check(
      [](auto &r, Wire a, Wire) { return r.slice(a, {0, 0}, {2, 2}, {1, 2}); },
      {2, 2}, {1, 3, 40, -60});
  check([](auto &r, Wire a,
           Wire) { return r.slice(a, {1, 2}, {2, 2}, {-1, -2}); },
        {2, 2}, {-60, 40, 3, 1});
  check([](auto &r, Wire a, Wire) { return r.take(a, {2, 0, 0, 1}, 1); },
        {2, 4}, {3, 1, 1, -2, -60, 40, 40, 50});
  check([](auto &r, Wire a, Wire) { return r.take(a, {1}, 0); }, {1, 3},
        {40, 50, -60});
  check([](auto &r, Wire a, Wire) { return r.pad(a, {1, 0}, {0, 2}); }, {3, 5},
        {0, 0, 0, 0, 0, 1, -2, 3, 0, 0, 40, 50, -60, 0, 0});
  check([](auto &r, Wire, Wire b) { return r.pad(b, {2}, {1}); }, {6},
        {0, 0, 7, 8, -9, 0});
  check([](auto &r, Wire, Wire b) { return r.broadcast(b, {2, 3}); }, {2, 3},
        {7, 8, -9, 7, 8, -9});
  check([](auto &r, Wire a,
           Wire b) { return r.concat({a, r.reshape(b, {1, 3})}, 0); },
        {3, 3}, {1, -2, 3, 40, 50, -60, 7, 8, -9});
  check([](auto &r, Wire a, Wire) { return r.concat({a, a}, 1); }, {2, 6},
        {1, -2, 3, 1, -2, 3, 40, 50, -60, 40, 50, -60});
  check([](auto &r, Wire a, Wire) { return r.sumLast(a); }, {2, 1}, {2, 30});
}

TEST(Linear, FourDimensions) {
  Setting setting;
  std::vector<int64_t> values(2 * 3 * 4 * 5);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = int64_t(i);
  setting.inputs0["a"] = integers(values);
  Outcome outcome = run(setting, [](auto &role) {
    Wire a = role.input("a", {{2, 3, 4, 5}, 0, 20}, 0);
    show(role, "r", role.share(role.transpose(a, {0, 2, 1, 3})));
  });
  for (size_t a = 0; a < 2; ++a)
    for (size_t b = 0; b < 3; ++b)
      for (size_t c = 0; c < 4; ++c)
        for (size_t d = 0; d < 5; ++d)
          EXPECT_EQ(outcome.outputs["r"].at(((a * 4 + c) * 3 + b) * 5 + d),
                    double(((a * 3 + b) * 4 + c) * 5 + d));
}

TEST(Linear, ReduceDropsHighBits) {
  Setting setting;
  setting.inputs0["x"] = integers({5, 130, -129});
  Outcome outcome = run(setting, [](auto &role) {
    Wire x = role.share(role.input("x", {{3}, 0, 20}, 0));
    show(role, "r", role.reduce(x, 8));
  });
  EXPECT_EQ(outcome.outputs["r"].at(0), 5);
  EXPECT_EQ(outcome.outputs["r"].at(1), -126);
  EXPECT_EQ(outcome.outputs["r"].at(2), 127);
}

TEST(Public, Arithmetic) {
  Setting setting;
  setting.inputs0["x"] = integers({0, 0, 0, 0});
  auto body = [](auto &role) {
    Wire a = role.constant({2, 2}, {1, 2, 3, 0});
    Wire b = role.constant({}, {4});
    Wire x = role.share(role.input("x", {{4}, 10, 40}, 0));
    x = role.reshape(x, {2, 2});
    auto out = [&](const char *name, Wire p) {
      show(role, name, role.addPublic(x, p));
    };
    out("add", role.plain(PlainOp::Add, a, b));
    out("sub", role.plain(PlainOp::Sub, a, b));
    out("mul", role.plain(PlainOp::Mul, a, b));
    out("div", role.plain(PlainOp::Div, a, b));
    out("max", role.plain(PlainOp::Max, a, role.constant({1}, {1.5})));
    out("sum", role.plain(PlainOp::SumLast, a));
    out("notzero", role.plain(PlainOp::NotZero, a));
    out("transposed", role.transpose(a, {1, 0}));
  };
  const std::map<std::string, std::vector<double>> expected = {
      {"add", {5, 6, 7, 4}},     {"sub", {-3, -2, -1, -4}},
      {"mul", {4, 8, 12, 0}},    {"div", {0.25, 0.5, 0.75, 0}},
      {"max", {1.5, 2, 3, 1.5}}, {"sum", {3, 3, 3, 3}},
      {"notzero", {1, 1, 1, 0}}, {"transposed", {1, 3, 2, 0}}};
  TensorMap results[] = {run(setting, body).outputs,
                         runReference(setting, body)};
  for (TensorMap &outputs : results)
    for (const auto &[name, values] : expected)
      for (size_t i = 0; i < 4; ++i)
        EXPECT_EQ(outputs[name].at(i), values[i]) << name << " " << i;
}

TEST(Public, MatrixProducts) {
  Setting setting;
  setting.inputs0["x"] = integers({1, -2, 3, 40, 50, -60});
  auto body = [](auto &role) {
    Wire x = role.share(role.input("x", {{6}, 0, 30}, 0));
    Wire half = role.constant({3, 2}, {1, 0.5, 0, -1, 2, 0});
    show(role, "right", role.matmulPublic(role.reshape(x, {2, 3}), half, 1));
    show(role, "left", role.matmulPublic(half, role.reshape(x, {1, 2, 3}), 4));
  };
  const std::map<std::string, std::vector<double>> expected = {
      {"right", {7, 2.5, -80, -30}},
      {"left", {21, 23, -27, -40, -50, 60, 2, -4, 6}}};
  TensorMap results[] = {run(setting, body).outputs,
                         runReference(setting, body)};
  for (TensorMap &outputs : results)
    for (const auto &[name, values] : expected)
      for (size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(outputs[name].at(i), values[i]) << name << " " << i;
}

TEST(Public, ValuesThatFitNothingAreRefused) {
  Setting setting;
  setting.inputs0["x"] = integers({1});
  auto body = [](double value) {
    return [=](auto &role) {
      Wire x = role.share(role.input("x", {{1}, 4, 20}, 0));
      role.addPublic(x, role.constant({1}, {value}));
    };
  };
  EXPECT_THROW(runReference(setting, body(1e30)), Error);
  EXPECT_THROW(runReference(setting, body(std::nan(""))), Error);
}

} // namespace
} // namespace secformer::runtime::test
