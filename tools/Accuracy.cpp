//===- Accuracy.cpp - fraction bits that the wanted accuracy takes --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A model is lowered with the default fraction bits and its error is bounded
// on the calibration samples (docs/errors.md). Each bit more halves the error,
// so the bound says how many are missing.
//
//===----------------------------------------------------------------------===//

#include "backend/ErrorBound.h"
#include "mlir/Pass/PassManager.h"
#include "runtime/Threads.h"
#include "tools/Compile.h"
#include "tools/RuntimeView.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Format.h"
#include <cmath>
#include <thread>

using namespace mlir;
using namespace secformer;

/// More samples say little more.
static constexpr size_t kMostSamples = 16;

/// Upwards to two digits: as exact as such a bound is.
static double roundedUp(double bound) {
  if (!(bound > 0))
    return 0;
  const double unit = std::pow(10, std::floor(std::log10(bound)) - 1);
  return std::ceil(bound / unit) * unit;
}

/// Standard deviation over all elements of all samples.
static double deviation(ArrayRef<ErrorSample> samples,
                        const std::string &output) {
  double sum = 0, squares = 0, count = 0;
  for (const ErrorSample &sample : samples) {
    const runtime::Tensor &tensor = sample.expected.at(output);
    for (size_t i = 0; i < tensor.size(); ++i) {
      sum += tensor.at(i);
      squares += tensor.at(i) * tensor.at(i);
      ++count;
    }
  }
  return std::sqrt(std::max(0.0, squares / count - sum * sum / count / count));
}

LogicalResult Compilation::expectSamples(size_t count,
                                         std::vector<ErrorSample> &expected) {
  auto function = *weightTable->getOps<func::FuncOp>().begin();
  const size_t most = std::min(samples.size(), kMostSamples);
  while (expected.size() < count) {
    const nn::Sample &sample = samples[expected.size() * samples.size() / most];
    auto results = nn::evaluateFunction(function, sample.inputs, weights);
    if (failed(results))
      return failure();
    expected.push_back(
        {toRuntime(sample.inputs), namedResults(function, *results)});
  }
  return success();
}

/// Bounds of a copy of the model with these fraction bits; failure if it cannot
/// be compiled so, without a word.
FailureOr<Compilation::Bounds>
Compilation::boundsWith(unsigned fraction, std::vector<ErrorSample> &expected) {
  ScopedDiagnosticHandler quiet(&context,
                                [](Diagnostic &) { return success(); });
  OwningOpRef<ModuleOp> copy(weightTable->clone());
  PassManager manager(&context);
  PipelineOptions trial = pipeline;
  trial.fraction = fraction;
  buildMPCPipeline(manager, trial);
  buildRoundsPipeline(manager);
  if (failed(manager.run(*copy)))
    return failure();
  auto interpreter = Interpreter::create(*copy);
  if (failed(interpreter))
    return failure();
  const ErrorEffort effort =
      errorEffort(*copy, std::min(samples.size(), kMostSamples));
  if (failed(expectSamples(effort.samples, expected)))
    return failure();
  // Nobody else works meanwhile; the numbers are the same on any core.
  const llvm::scope_exit restore(
      [before = runtime::threads()] { runtime::setThreads(before); });
  runtime::setThreads(std::clamp<size_t>(std::thread::hardware_concurrency(), 1,
                                         runtime::maxThreads));
  Bounds bounds =
      errorBounds(*interpreter, StoredWeights(weights),
                  ArrayRef(expected).take_front(effort.samples), effort.runs);
  for (auto &[name, bound] : bounds)
    bound = roundedUp(bound);
  return bounds;
}

LogicalResult Compilation::chooseFraction() {
  if (samples.empty() || !options.errorBound)
    return success();
  TimingScope scope = timing.nest("error bound");
  std::vector<ErrorSample> expected;
  // How many bits the worst output lacks.
  auto missing = [&](const Bounds &bounds) {
    double worst = 0;
    for (const auto &[name, bound] : bounds) {
      const double wanted = options.maxError > 0
                                ? options.maxError
                                : 0.02 * deviation(expected, name);
      worst = std::max(worst, wanted > 0 ? std::log2(bound / wanted) : 0);
    }
    return int(std::ceil(std::max(0.0, worst)));
  };
  return guarded([&]() -> LogicalResult {
    auto found = boundsWith(pipeline.fraction, expected);
    if (failed(found)) // Compiling will say why.
      return success();
    bounds = *found;
    int bits = missing(bounds);
    for (unsigned top = kMostFraction;
         bits && !options.fractionGiven && pipeline.fraction < top;) {
      const unsigned next = std::min(top, pipeline.fraction + bits);
      found = boundsWith(next, expected);
      if (failed(found)) {
        top = next - 1;
        continue;
      }
      bounds = *found;
      pipeline.fraction = next;
      bits = missing(bounds);
    }
    if (bits)
      emitWarning(UnknownLoc::get(&context))
          << "the result may be off by more than "
          << (options.maxError > 0
                  ? "--max-error"
                  : "a 50th of its standard deviation on the samples")
          << " with " << pipeline.fraction << " fraction bits; about " << bits
          << " more would be needed"
          << (options.fractionGiven ? "" : " than this model can have");
    else if (!options.fractionGiven)
      emitRemark(UnknownLoc::get(&context))
          << pipeline.fraction << " fraction bits";
    return success();
  });
}

void Compilation::stateBounds() {
  module->walk([&](mpc::OutputOp output) {
    if (auto bound = bounds.find(output.getName().str()); bound != bounds.end())
      output.setErrorAttr(Builder(&context).getF64FloatAttr(bound->second));
  });
}
