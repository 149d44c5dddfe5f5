//===- FusionTest.cpp - what becomes of many small graphs -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Imports every graph, fuses it, evaluates it before and after, compares with
// ONNX Runtime's outputs (reference.json) and the whole with docs/fusion.md,
// which `secformer-fusion-tests --write` writes.
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluator.h"
#include "frontend/Import.h"
#include "mlir/Pass/PassManager.h"
#include "passes/NN/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

using namespace mlir;
using namespace secformer;

namespace {

//===----------------------------------------------------------------------===//
// Inputs, as make_reference.py makes them
//===----------------------------------------------------------------------===//

uint64_t randomBits(uint64_t index, uint64_t salt) {
  uint64_t z = ((salt << 32) + index + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

nn::Tensor makeInput(StringRef name, RankedTensorType type, uint64_t salt,
                     std::optional<double> fill) {
  nn::Element element = nn::elementOf(type.getElementType());
  bool isMask = element != nn::Element::F32 || name.contains("mask");
  return nn::Tensor::build<float>(
             type.getShape(),
             [&](MutableArrayRef<float> out) {
               for (auto [i, value] : llvm::enumerate(out)) {
                 uint64_t bits = randomBits(i, salt);
                 value = fill     ? *fill
                         : isMask ? bits >> 63
                                  : float(bits >> 40) / (1 << 23) - 1;
               }
             })
      .cast(element);
}

//===----------------------------------------------------------------------===//
// One graph
//===----------------------------------------------------------------------===//

struct Row {
  std::string result; ///< fused, imported or rejected
  std::string detail;
  std::string problems; ///< what is wrong with it; empty if nothing is
};

std::string oneLine(StringRef text) {
  std::string line;
  for (StringRef word : llvm::split(text, '\n'))
    line += (line.empty() ? "" : " ") + word.trim().str();
  return line;
}

/// What an operation is called in the table if a fusion makes it.
std::string fusedName(Operation *op) {
  if (auto softmax = dyn_cast<nn::SoftmaxOp>(op))
    return softmax.getMask() ? "softmax with mask" : "softmax";
  if (auto norm = dyn_cast<nn::LayerNormOp>(op))
    return norm.getRms() ? "rms_norm" : "layer_norm";
  auto unary = dyn_cast<nn::UnaryOp>(op);
  if (!unary)
    return "";
  switch (unary.getKind()) {
  case nn::UnaryKind::Gelu:
  case nn::UnaryKind::GeluTanh:
  case nn::UnaryKind::QuickGelu:
  case nn::UnaryKind::Silu:
    return stringifyUnaryKind(unary.getKind()).str();
  default:
    return "";
  }
}

/// Left by an incomplete fusion: no operator of these is one by itself.
bool isLeftover(Operation *op) {
  auto unary = dyn_cast<nn::UnaryOp>(op);
  return unary &&
         llvm::is_contained({nn::UnaryKind::Erf, nn::UnaryKind::Exp,
                             nn::UnaryKind::Sqrt, nn::UnaryKind::Rsqrt},
                            unary.getKind());
}

std::string operationName(Operation *op) {
  if (auto unary = dyn_cast<nn::UnaryOp>(op))
    return stringifyUnaryKind(unary.getKind()).str();
  return op->getName().stripDialect().str();
}

/// Fills in result and detail from the fused function and the remarks.
void describe(func::FuncOp function, ArrayRef<std::string> remarks, Row &row) {
  std::map<std::string, int> fused;
  std::set<std::string> others;
  function.walk([&](Operation *op) {
    if (std::string name = fusedName(op); !name.empty())
      ++fused[name];
    else if (op->getDialect()->getNamespace() == "nn" &&
             !isa<nn::ConstantOp, nn::ParamOp>(op))
      others.insert(operationName(op));
    if (isLeftover(op) && !fused.empty())
      row.problems += "left over: " + operationName(op) + "\n";
  });
  std::string &text = row.detail;
  row.result = fused.empty() ? "imported" : "fused";
  for (auto &[name, count] : fused)
    text += (text.empty() ? "" : ", ") + name +
            (count > 1 ? " (" + std::to_string(count) + ")" : "");
  if (fused.empty())
    text = others.empty() ? "constants alone" : llvm::join(others, ", ");
  for (const std::string &remark : remarks)
    text += "; " + remark;
}

std::string compare(const nn::Tensor &found, double expected, int64_t index,
                    double tolerance) {
  double value = found.at(index);
  bool equal = std::isnan(expected)
                   ? std::isnan(value)
                   : value == expected ||
                         std::abs(value - expected) <=
                             tolerance * std::max(1.0, std::abs(expected));
  return equal ? ""
               : "element " + std::to_string(index) + ": expected " +
                     std::to_string(expected) + ", found " +
                     std::to_string(value) + "\n";
}

/// Compares with the elements that the reference has.
std::string compare(const nn::Tensor &found, const llvm::json::Object &expected,
                    double tolerance) {
  const llvm::json::Array &shape = *expected.getArray("shape");
  if (!llvm::equal(shape, found.getShape(),
                   [](auto &a, int64_t b) { return a.getAsInteger() == b; }))
    return "another shape than the reference has\n";
  int64_t step = *expected.getInteger("step");
  std::string problems;
  for (auto [i, value] : llvm::enumerate(*expected.getArray("values")))
    problems += compare(found, *value.getAsNumber(), i * step, tolerance);
  return problems;
}

bool rounds(func::FuncOp function) {
  return llvm::any_of(function.getOps<nn::UnaryOp>(), [](nn::UnaryOp op) {
    return op.getKind() == nn::UnaryKind::Round;
  });
}

Row examine(StringRef name, const llvm::json::Object &reference) {
  Row row;
  std::string errors;
  SmallVector<std::string> remarks;
  MLIRContext context;
  context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      errors += (errors.empty() ? "" : "; ") + oneLine(diagnostic.str());
    else
      remarks.push_back(oneLine(diagnostic.str()));
  });
  ImportOptions options;
  for (const auto &[axis, size] : *reference.getObject("dims"))
    options.dims[axis.str()] = size.getAsInteger().value_or(1);
  nn::WeightStore weights;
  std::string path = (SECFORMER_FUSION "/graphs/" + name).str();
  auto module = importOnnx(path, options, context, weights);
  if (failed(module)) {
    auto skipped = reference.getString("skipped");
    if (skipped && skipped->starts_with("onnxruntime"))
      errors += " (ONNX Runtime refuses it too)";
    return {"rejected", errors, ""};
  }

  auto function = (*module)->lookupSymbol<func::FuncOp>("main");
  const llvm::json::Object *fill = reference.getObject("fill");
  nn::TensorMap inputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    std::string argument = nn::argumentName(function, i);
    auto type = cast<RankedTensorType>(function.getArgument(i).getType());
    inputs[argument] = makeInput(
        argument, type, i, fill ? fill->getNumber(argument) : std::nullopt);
  }
  auto before = nn::evaluateFunction(function, inputs, weights);
  PassManager manager(&context);
  nn::buildNNPipeline(manager, &weights);
  if (failed(before) || failed(manager.run(**module))) {
    row.problems = "does not run: " + errors;
    return row;
  }
  describe(function, remarks, row);
  auto after = nn::evaluateFunction(function, inputs, weights);
  if (failed(after)) {
    row.problems += "does not run after fusion: " + errors;
    return row;
  }
  // Half precision has 11 bits, and every operation rounds to them.
  double tolerance = reference.getBoolean("half").value_or(false) ? 5e-3 : 1e-4;
  const llvm::json::Object *outputs = reference.getObject("outputs");
  for (unsigned i = 0; i < before->size(); ++i) {
    std::string output = nn::resultName(function, i);
    std::string changes;
    int64_t changed = 0;
    for (int64_t at = 0; at < (*before)[i].size(); ++at) {
      auto change = compare((*after)[i], (*before)[i].at(at), at, 1e-4);
      changed += !change.empty();
      changes += change;
    }
    // A half may round to the other side, in one of a million places.
    if (!rounds(function) || changed * 1000000 > (*before)[i].size())
      row.problems += changes;
    if (outputs)
      row.problems +=
          compare((*before)[i], *outputs->getObject(output), tolerance);
  }
  return row;
}

//===----------------------------------------------------------------------===//
// All graphs
//===----------------------------------------------------------------------===//

std::string read(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

const llvm::json::Object &references() {
  static const llvm::json::Value value = llvm::cantFail(
      llvm::json::parse(read(SECFORMER_FUSION "/reference.json")));
  return *value.getAsObject();
}

std::vector<std::string> graphNames() {
  std::vector<std::string> names;
  for (const auto &entry : references())
    names.push_back(entry.first.str());
  llvm::sort(names);
  return names;
}

const Row &rowOf(const std::string &name) {
  static std::map<std::string, Row> rows;
  auto [row, isNew] = rows.try_emplace(name);
  if (isNew)
    row->second = examine(name, *references().getObject(name));
  return row->second;
}

std::string table() {
  std::map<std::string, int> counts;
  std::string rows;
  for (const std::string &name : graphNames()) {
    const Row &row = rowOf(name);
    ++counts[row.result];
    rows += "| " + StringRef(name).drop_back(5).str() + " | " + row.result +
            " | " + row.detail + " |\n";
  }
  std::string text;
  llvm::raw_string_ostream(text)
      << "# What becomes of ONNX Runtime's fusion graphs\n\n"
      << "`tests/fusion` holds the graphs that ONNX Runtime tests its own "
         "fusions with. `secformer-fusion-tests\n--write` writes this table; "
         "without the option it checks the table, and that every graph "
         "computes "
         "the same\nbefore and after fusion, and what ONNX Runtime "
         "computes.\n\n"
      << "| result | graphs | meaning |\n|---|---|---|\n"
      << "| fused | " << counts["fused"]
      << " | softmax, its mask, LayerNorm or GELU is one operation |\n"
      << "| imported | " << counts["imported"]
      << " | there is no such pattern: these operations remain |\n"
      << "| rejected | " << counts["rejected"] << " | the error |\n\n"
      << "| graph | result | what |\n|---|---|---|\n"
      << rows;
  return text;
}

class Fusion : public testing::TestWithParam<std::string> {};

TEST_P(Fusion, ComputesTheSame) { EXPECT_EQ(rowOf(GetParam()).problems, ""); }

INSTANTIATE_TEST_SUITE_P(Graphs, Fusion, testing::ValuesIn(graphNames()),
                         [](const testing::TestParamInfo<std::string> &info) {
                           std::string name = info.param;
                           for (char &c : name)
                             if (!llvm::isAlnum(c))
                               c = '_';
                           return name;
                         });

TEST(FusionTable, IsCurrent) {
  EXPECT_EQ(read(SECFORMER_FUSION_TABLE), table())
      << "run secformer-fusion-tests --write";
}

} // namespace

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc == 2 && StringRef(argv[1]) == "--write") {
    std::error_code error;
    llvm::raw_fd_ostream(SECFORMER_FUSION_TABLE, error) << table();
    return bool(error);
  }
  return RUN_ALL_TESTS();
}
