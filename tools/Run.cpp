//===- Run.cpp - a model run by the compiler itself -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// In float32 by the nn evaluator, in fixed point and on shares by the
// interpreter: nothing is built.
//
//===----------------------------------------------------------------------===//

#include "backend/Backend.h"
#include "backend/Interpreter.h"
#include "backend/RuntimeValues.h"
#include "passes/NN/Calibrate.h"
#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "runtime/Report.h"
#include "runtime/Samples.h"
#include "tools/Compile.h"
#include "tools/RuntimeView.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include <iostream>

using namespace mlir;
using namespace secformer;

runtime::Manifest Compilation::manifest() {
  std::string name = llvm::sys::path::stem(options.input).str();
  std::string hash = programHash("", manifestOf(*rounds, name, ""));
  return runtime::parseManifest(manifestOf(*rounds, name, hash), "manifest");
}

FailureOr<std::unique_ptr<runtime::WeightSource>>
Compilation::weightSource(const runtime::Manifest &manifest) {
  if (weightTable)
    return std::unique_ptr<runtime::WeightSource>(new StoredWeights(weights));
  if (options.weightFile.empty())
    return error() << "the module names weights but does not hold them: give "
                      "their file with --weights";
  // Public weights, too, stand where the module says.
  std::map<std::string, runtime::WeightSpec> specs = manifest.weights;
  rounds->walk([&](mpc::PublicParamOp param) {
    specs[param.getName().str()] = {uint64_t(param.getOffset()),
                                    shapeOf(param.getResult())};
  });
  return runtime::openWeightFile(options.weightFile, specs);
}

/// What the runtime throws is an error of the compiler's user.
LogicalResult Compilation::guarded(function_ref<LogicalResult()> work) {
  try {
    return work();
  } catch (const runtime::Error &problem) {
    return error() << problem.what();
  }
}

LogicalResult Compilation::interpreted(
    function_ref<LogicalResult(const Interpreter &, const runtime::Manifest &,
                               const runtime::WeightSource &)>
        work) {
  auto interpreter = Interpreter::create(*rounds);
  if (failed(interpreter))
    return failure();
  return guarded([&]() -> LogicalResult {
    const runtime::Manifest about = manifest();
    auto source = weightSource(about);
    if (failed(source))
      return failure();
    return work(*interpreter, about, **source);
  });
}

LogicalResult Compilation::runPlain(const RunOptions &run) {
  auto function = *module->getOps<func::FuncOp>().begin();
  auto samples = nn::readSamples(function, run.input);
  if (failed(samples))
    return failure();
  std::vector<runtime::TensorMap> each;
  for (const nn::Sample &sample : *samples) {
    auto outputs = nn::evaluateFunction(function, sample.inputs, weights);
    if (failed(outputs))
      return failure();
    each.push_back(namedResults(function, *outputs));
  }
  const runtime::TensorMap named =
      samples->front().stacked ? runtime::stackSamples(each) : each.front();
  if (!run.output.empty())
    return guarded([&] {
      runtime::writeNpz(run.output, named);
      return success();
    });
  for (const auto &[name, tensor] : named) {
    llvm::outs() << name << " " << runtime::toString(tensor.shape) << ":";
    size_t shown = std::min<size_t>(tensor.size(), 16);
    for (size_t i = 0; i < shown; ++i)
      llvm::outs() << ' ' << llvm::format("%.6g", tensor.at(i));
    llvm::outs() << (shown < tensor.size() ? " ...\n" : "\n");
  }
  return success();
}

LogicalResult Compilation::runPrivate(const RunOptions &run) {
  return interpreted([&](const Interpreter &interpreter,
                         const runtime::Manifest &about,
                         const runtime::WeightSource &source) {
    runtime::PerOwner<runtime::Inputs> inputs;
    for (auto [owner, own] : llvm::enumerate(inputs)) {
      bool needed = llvm::any_of(about.inputs, [&](const auto &spec) {
        return spec.owner == int(owner);
      });
      own.push_back(needed ? runtime::selectInputs(about,
                                                   runtime::readNpz(run.input),
                                                   int(owner), run.input)
                           : runtime::TensorMap());
    }
    runtime::SessionResult result = runInProcess(
        interpreter.program(about.hash.c_str()), run.seed, source, inputs);
    if (!run.output.empty())
      runtime::writeNpz(run.output, result.inferences.front().outputs);
    runtime::TensorMap reference;
    if (!run.reference.empty())
      reference = runtime::readNpz(run.reference);
    runtime::printReport(std::cout, about, runtime::View::All, result,
                         run.reference.empty() ? nullptr : &reference);
    std::cout.flush();
    runtime::checkCost(about, runtime::View::All, result);
    return success();
  });
}

LogicalResult Compilation::checkRanges(const RunOptions &run) {
  return interpreted([&](const Interpreter &interpreter,
                         const runtime::Manifest &about,
                         const runtime::WeightSource &source) {
    // Inputs outside their range are listed with the rest.
    uint64_t checked = 0, left = 0;
    runtime::Manifest lenient = about;
    for (runtime::InputSpec &spec : lenient.inputs)
      spec.range.reset();
    runtime::TensorMap inputs = runtime::selectInputs(
        lenient, runtime::readNpz(run.input), -1, run.input);
    for (const runtime::InputSpec &spec : about.inputs) {
      if (!spec.range)
        continue;
      ++checked;
      const runtime::Tensor &tensor = inputs.at(spec.name);
      size_t outside = 0;
      for (size_t i = 0; i < tensor.size(); ++i)
        outside += tensor.at(i) < spec.range->first ||
                   tensor.at(i) > spec.range->second;
      left += outside != 0;
      if (outside)
        llvm::outs() << "input '" << spec.name << "': " << outside
                     << " values outside "
                     << llvm::format("[%g, %g]: the program refuses it\n",
                                     spec.range->first, spec.range->second);
    }
    runtime::RangeReport ranges;
    runtime::runReference(interpreter.program(), source, inputs, &ranges);
    for (const runtime::RangeViolation &violation : ranges.violations)
      llvm::outs() << runtime::toString(violation) << '\n';
    checked += ranges.checked;
    left += ranges.violations.size();
    if (left == 0)
      llvm::outs() << "all " << checked << " ranges hold\n";
    else
      llvm::outs() << left << " of " << checked
                   << " ranges do not hold: calibrate with samples like this "
                      "input, or a larger --margin\n";
    return success(left == 0);
  });
}
