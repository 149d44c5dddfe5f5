//===- OperatorTable.cpp - which operators are supported, and where -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Prints docs/operators.md. That an operator is right on public values is what
// the operator tests show; whether it compiles on secret ones is tried here, on
// the same cases.
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/WeightStore.h"
#include "mlir/Pass/PassManager.h"
#include "passes/NN/Calibrate.h"
#include "passes/NN/Passes.h"
#include "passes/Passes.h"
#include "tests/operators/Cases.h"

#include <cmath>
#include <map>

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

namespace {
/// How the cases of an operator fare when their floats are secret.
struct Trial {
  int compiled = 0, tried = 0;
  std::string reason; ///< why the first one that fails does
};

class Secrets {
public:
  Secrets() {
    context.disableMultithreading();
    context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
      if (message.empty() &&
          diagnostic.getSeverity() == DiagnosticSeverity::Error)
        message = diagnostic.str();
      return success();
    });
  }

  /// Compiles a case to shares; nothing if it has no secret or no finite value.
  void tryOn(const Case &test) {
    const Operator *row = rowOf(test, context);
    nn::TensorMap inputs = arraysOf(test, 'x', context);
    if (!row || !hasFloats(inputs) || !suits(inputs) ||
        !suits(arraysOf(test, 'y', context)))
      return;
    message.clear();
    const bool compiled = succeeded(compile(test, inputs));
    // Shapes and the like.
    if (StringRef(message).contains("does not depend on any secret"))
      return;
    Trial &trial = trials[row];
    ++trial.tried;
    if (compiled)
      ++trial.compiled;
    else if (trial.reason.empty())
      trial.reason = message;
  }

  const Trial &operator[](const Operator &row) { return trials[&row]; }

  MLIRContext context;

private:
  static bool hasFloats(const nn::TensorMap &arrays) {
    return llvm::any_of(arrays, [](const auto &array) {
      return array.second.getElement() == nn::Element::F32;
    });
  }

  /// Is all finite, and no tensor without elements?
  static bool suits(const nn::TensorMap &arrays) {
    for (const auto &[name, tensor] : arrays) {
      if (!tensor.size())
        return false;
      for (int64_t i = 0; i < tensor.size(); ++i)
        if (!std::isfinite(tensor.at(i)))
          return false;
    }
    return true;
  }

  /// To phase mpc; integers and booleans are known, floats are inputs.
  LogicalResult compile(const Case &test, const nn::TensorMap &inputs) {
    ImportOptions options;
    for (const auto &[name, tensor] : inputs)
      if (tensor.getElement() != nn::Element::F32)
        options.inputs[name] = tensor;
    nn::WeightStore weights;
    auto module = importOnnx(test.model, options, context, weights);
    if (failed(module))
      return failure();
    auto function = *(*module)->getOps<func::FuncOp>().begin();
    for (BlockArgument argument : function.getArguments())
      if (options.inputs.count(
              nn::argumentName(function, argument.getArgNumber())))
        function.setArgAttr(argument.getArgNumber(), "nn.public",
                            UnitAttr::get(&context));
    PassManager fuse(&context), finish(&context);
    nn::buildNNPipeline(fuse, &weights);
    if (failed(fuse.run(**module)))
      return failure();
    auto samples = nn::readSamples(function, test.arrays);
    if (failed(samples) || failed(nn::calibrate(function, *samples, weights)))
      return failure();
    finish.addPass(nn::createDefaultRanges(weights));
    buildMPCPipeline(finish, PipelineOptions());
    return finish.run(**module);
  }

  std::map<const Operator *, Trial> trials;
  std::string message;
};
} // namespace

/// The first clause of a message, in one line that a table can hold.
static std::string shorten(StringRef message) {
  message = message.take_until([](char c) { return c == '\n' || c == ';'; });
  // The operator's name, if the message begins with it, says nothing here.
  if (auto [name, rest] = message.split(": "); !name.contains(' '))
    message = rest;
  message = message.split(": ").first.split(" on the calibration sample").first;
  std::string text;
  for (char c : message) {
    if (c == '|')
      text.push_back('\\');
    text.push_back(c);
  }
  return text;
}

static std::string verdict(const Trial &trial) {
  if (!trial.tried)
    return "-";
  if (trial.compiled == trial.tried)
    return "yes";
  return (Twine(trial.compiled ? "partly: " : "no: ") + shorten(trial.reason))
      .str();
}

static constexpr StringLiteral heading =
    R"(# Operators

Written by `docs/generate.sh` from the importer's own tables and the cases of `tests/operators`; see there for what was tried.

| column | what |
|---|---|
| opset | the first opset of the domain whose definition is followed; later changes are, too |
| public | results agree with ONNX Runtime or, where it lacks the operator, with ONNX's reference, on all cases |
| secret | the cases compile with all floats secret; why not, otherwise. `-`: no case has a float that varies |

`partly` is what the first case that does not compile says; the others of the operator do. What must be known when a model is compiled
(a shape, axes ...) may come from an initializer, a constant or anything computed from shapes; with `--run-plain` also from inputs.
Functions that a model defines are replaced by their bodies.

Not supported, each with an error that names it: `If`, `Loop`, `Scan`, sequences, optional values, strings, recurrent layers (`LSTM`, `GRU`,
`RNN`), random numbers, quantized integers, detection (`NonMaxSuppression`, `RoiAlign`), signal processing (`DFT`, `STFT`), `Det`,
`GridSample`, `DeformConv`, `Col2Im`, `MaxUnpool`.

)";

int main() {
  Secrets secrets;
  auto cases = listCases();
  for (const Case &test : cases)
    secrets.tryOn(test);
  auto &out = llvm::outs();
  out << heading << "| operator | domain | opset | public | secret | notes |\n"
      << "|---|---|---|---|---|---|\n";
  for (ArrayRef<Operator> family : operatorFamilies())
    for (const Operator &row : family)
      out << "| " << row.name << " | " << (*row.domain ? row.domain : "ai.onnx")
          << " | " << row.since << " | yes | " << verdict(secrets[row]) << " | "
          << row.note << " |\n";
  return 0;
}
