//===- SpellingTest.cpp - one attention, as exporters spell it ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Masks and scales of attention as they are in ONNX files, from import to
// fusion. What they mean at one place is in tests/passes/NN.
//
//===----------------------------------------------------------------------===//

#include "frontend/Node.h"
#include "mlir/Pass/PassManager.h"
#include "passes/NN/Passes.h"
#include "tests/frontend/ModelBuilder.h"

#include <limits>

using namespace mlir;
using namespace secformer;
using nn::bools, nn::floats, nn::ints;

namespace {

constexpr float lowest = std::numeric_limits<float>::lowest();
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr int64_t length = 3;

/// Names every value by itself.
class Graph : public frontend::ModelBuilder {
public:
  using ModelBuilder::ModelBuilder;

  std::string op(const std::string &type,
                 const std::vector<std::string> &inputs,
                 const frontend::Attributes &attributes = {}) {
    std::string name = next();
    node(type, inputs, {name}, attributes);
    return name;
  }
  std::string known(const nn::Tensor &value) {
    std::string name = next();
    initializer(name, value);
    return name;
  }
  std::string number(float value) { return known(floats({}, {value})); }
  /// A constant that the graph makes: \p value in every place.
  std::string full(const std::vector<int64_t> &shape, float value) {
    return op("Expand",
              {number(value), known(ints({int64_t(shape.size())}, shape))});
  }
  std::string cast(const std::string &value, int64_t type) {
    return op("Cast", {value}, {{"to", type}});
  }
  std::string toFloat(const std::string &value) {
    return cast(value, onnx::TensorProto::FLOAT);
  }
  std::string toBool(const std::string &value) {
    return cast(value, onnx::TensorProto::BOOL);
  }
  std::string unsqueeze(const std::string &value,
                        const std::vector<int64_t> &axes) {
    return op("Unsqueeze", {value, known(ints({int64_t(axes.size())}, axes))});
  }
  /// The mask m of keys over [batch, heads, queries, keys].
  std::string keys() { return unsqueeze("m", {1, 2}); }
  /// 1 - keys.
  std::string masked() { return op("Sub", {number(1), toFloat(keys())}); }

private:
  std::string next() { return ("v" + llvm::Twine(count++)).str(); }
  int count = 0;
};

/// Makes the argument of the softmax from scores.
struct Spelling {
  const char *name;
  std::string (*write)(Graph &graph, const std::string &scores);
  bool isMask = true;
};

std::string addMasked(Graph &g, const std::string &s, float low) {
  return g.op("Add", {s, g.op("Mul", {g.masked(), g.number(low)})});
}

const Spelling spellings[] = {
    {"MinusTenThousand",
     [](Graph &g, const std::string &s) { return addMasked(g, s, -10000); }},
    {"MinusBillion",
     [](Graph &g, const std::string &s) { return addMasked(g, s, -1e9f); }},
    {"Lowest",
     [](Graph &g, const std::string &s) { return addMasked(g, s, lowest); }},
    {"LowestWithLimit",
     [](Graph &g, const std::string &s) {
       return g.op("Max", {addMasked(g, s, lowest), g.number(lowest)});
     }},
    {"FilledMask",
     [](Graph &g, const std::string &s) {
       std::string inverse = g.masked();
       return g.op("Add", {s, g.op("Where", {g.toBool(inverse),
                                             g.number(lowest), inverse})});
     }},
    {"WhereEqual",
     [](Graph &g, const std::string &s) {
       std::string none = g.op("Equal", {g.keys(), g.known(ints({}, {0}))});
       none = g.op("Expand", {none, g.op("Shape", {s})});
       return g.op("Where", {none, g.number(-infinity), s});
     }},
    {"ChosenBias",
     [](Graph &g, const std::string &s) {
       return g.op("Add", {s, g.op("Where", {g.toBool(g.keys()), g.number(0),
                                             g.number(-infinity)})});
     }},
    {"Megatron",
     [](Graph &g, const std::string &s) {
       std::string kept = g.op("Mul", {s, g.toFloat(g.keys())});
       return g.op("Sub", {kept, g.op("Mul", {g.masked(), g.number(10000)})});
     }},
    {"Triangle",
     [](Graph &g, const std::string &s) {
       std::string ones = g.full({length, length}, 1);
       std::string lower = g.op("Trilu", {ones}, {{"upper", int64_t(0)}});
       return g.op("Where", {g.toBool(lower), s, g.number(lowest)});
     }},
    {"TriangleOfInfinity",
     [](Graph &g, const std::string &s) {
       std::string low = g.full({length, length}, -infinity);
       return g.op("Add", {s, g.op("Trilu", {low, g.known(ints({}, {1}))})});
     }},
    {"CutTriangle",
     [](Graph &g, const std::string &s) {
       SmallVector<bool> stored;
       for (int i = 0; i < 64; ++i)
         stored.push_back(i % 8 <= i / 8);
       std::string end = g.known(ints({1}, {length}));
       std::string zero = g.known(ints({1}, {0}));
       std::string part = g.known(bools({1, 1, 8, 8}, stored));
       for (int64_t axis : {2, 3})
         part = g.op("Slice", {part, zero, end, g.known(ints({1}, {axis}))});
       return g.op("Where", {part, s, g.number(-10000)});
     }},
    {"ComparedPositions",
     [](Graph &g, const std::string &s) {
       std::string place =
           g.op("Range", {g.known(ints({}, {0})), g.known(ints({}, {length})),
                          g.known(ints({}, {1}))});
       std::string causal = g.op("GreaterOrEqual", {g.unsqueeze(place, {1}),
                                                    g.unsqueeze(place, {0})});
       std::string both = g.op("And", {g.toBool(g.keys()), causal});
       return g.op("Where", {both, s, g.number(-1e9f)});
     }},
    {"TriangleAndKeys",
     [](Graph &g, const std::string &s) {
       std::string low = g.full({length, length}, lowest);
       std::string upper = g.op("Trilu", {low, g.known(ints({}, {1}))});
       return addMasked(g, g.op("Add", {s, upper}), lowest);
     }},
    {"ShiftOfAll",
     [](Graph &g, const std::string &s) {
       return g.op("Add", {s, g.full({1, length}, -10000)});
     },
     /*isMask=*/false},
};

/// How 1/sqrt(4) comes to the scores of queries q and keys k.
struct Scale {
  const char *name;
  std::string (*write)(Graph &graph);
};

std::string product(Graph &g, const std::string &q, const std::string &k) {
  return g.op("MatMul",
              {q, g.op("Transpose", {k},
                       {{"perm", std::vector<int64_t>{0, 1, 3, 2}}})});
}

const Scale scales[] = {
    {"DividedScores",
     [](Graph &g) { return g.op("Div", {product(g, "q", "k"), g.number(2)}); }},
    {"ScaledScores",
     [](Graph &g) {
       return g.op("Mul", {product(g, "q", "k"), g.number(0.5f)});
     }},
    {"ScaledQueries",
     [](Graph &g) {
       return product(g, g.op("Mul", {"q", g.number(0.5f)}), "k");
     }},
    {"RootsOnBoth",
     [](Graph &g) {
       std::string root = g.op("Sqrt", {g.number(0.5f)});
       return product(g, g.op("Mul", {"q", root}), g.op("Mul", {"k", root}));
     }},
    {"ComputedRoot",
     [](Graph &g) {
       std::string width =
           g.op("Gather", {g.op("Shape", {"q"}), g.known(ints({}, {3}))});
       return g.op("Div",
                   {product(g, "q", "k"), g.op("Sqrt", {g.toFloat(width)})});
     }},
};

class SpellingTest
    : public frontend::ImportTest,
      public testing::WithParamInterface<std::tuple<Spelling, Scale>> {};

TEST_P(SpellingTest, BecomesOneSoftmax) {
  auto [spelling, scale] = GetParam();
  Graph graph;
  graph.input("q", {1, 2, length, 4});
  graph.input("k", {1, 2, length, 4});
  graph.input("m", {1, length}, onnx::TensorProto::INT64);
  std::string argument = spelling.write(graph, scale.write(graph));
  std::string result = graph.op("Softmax", {argument});
  // As PyTorch guards rows without a key.
  graph.node("Where", {graph.op("IsNaN", {result}), graph.number(0), result},
             {"y"});
  graph.output("y");
  ASSERT_TRUE(import(graph)) << snippet.errors;

  std::vector<float> samples;
  for (int i = 0; i < 24; ++i)
    samples.push_back(float(i * 7 % 11) / 4 - 1);
  nn::TensorMap inputs = {{"q", floats({1, 2, length, 4}, samples)},
                          {"k", floats({1, 2, length, 4}, samples)},
                          {"m", ints({1, length}, {1, 1, 0})}};
  nn::Tensor before = run(inputs)[0];
  PassManager manager(&snippet.context);
  nn::buildNNPipeline(manager, &weights);
  ASSERT_TRUE(succeeded(manager.run(*module))) << snippet.errors;
  EXPECT_EQ(snippet.errors, "");
  std::vector<double> expected;
  for (int64_t i = 0; i < before.size(); ++i)
    expected.push_back(before.at(i));
  nn::expectNear(run(inputs)[0], expected, 1e-5);

  // Nothing else is left on secrets, and no number that masks are made of.
  int softmaxes = 0;
  main().walk([&](Operation *op) {
    if (auto softmax = dyn_cast<nn::SoftmaxOp>(op)) {
      ++softmaxes;
      EXPECT_EQ(bool(softmax.getMask()), spelling.isMask);
      EXPECT_NEAR(softmax.getScale().convertToDouble(), 0.5, 1e-6);
    }
    bool isFloat = op->getNumResults() == 1 &&
                   frontend::elementOf(op->getResult(0)) == nn::Element::F32;
    bool isKnown = isa<nn::SoftmaxOp, nn::MatmulOp, nn::TransposeOp>(op);
    EXPECT_TRUE(!isFloat || isKnown) << op->getName().getStringRef().str();
  });
  EXPECT_EQ(softmaxes, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Attention, SpellingTest,
    testing::Combine(testing::ValuesIn(spellings), testing::ValuesIn(scales)),
    [](const testing::TestParamInfo<std::tuple<Spelling, Scale>> &info) {
      return std::string(std::get<0>(info.param).name) +
             std::get<1>(info.param).name;
    });

} // namespace
