//===- Compile.cpp - what secformer-compile does, phase by phase ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tools/Compile.h"
#include "backend/Backend.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/NN/Calibrate.h"
#include "passes/NN/CentreResiduals.h"
#include "passes/NN/Passes.h"
#include "passes/NNToMPC/Owners.h"
#include "passes/Suite.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace secformer;
namespace path = llvm::sys::path;

StringRef secformer::phaseName(Phase phase) {
  static const char *const names[] = {"onnx",  "nn",  "mpc",    "rounds",
                                      "emitc", "cpp", "program"};
  return names[static_cast<int>(phase)];
}

FailureOr<ImportOptions> secformer::importOptions(ArrayRef<std::string> dims,
                                                  MLIRContext &context) {
  ImportOptions options;
  for (StringRef dim : dims) {
    auto [name, value] = dim.rsplit('=');
    int64_t size;
    if (name.empty() || value.getAsInteger(10, size) || size < 1) {
      emitError(UnknownLoc::get(&context))
          << "--dim " << dim
          << ": expected NAME=SIZE with a positive size, as in --dim "
             "sequence=128";
      return failure();
    }
    if (!options.dims.try_emplace(name.str(), size).second) {
      emitError(UnknownLoc::get(&context))
          << "--dim " << dim << ": '" << name << "' is given twice";
      return failure();
    }
  }
  return options;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// The phase that a module is in, by its operations.
static Phase phaseOf(ModuleOp module) {
  if (!module.getOps<emitc::FuncOp>().empty())
    return Phase::EmitC;
  Phase phase = Phase::NN;
  module.walk([&](Operation *op) {
    if (isa<mpc::RoundOp>(op))
      phase = Phase::Rounds;
    else if (phase == Phase::NN && isa<mpc::MPCDialect>(op->getDialect()))
      phase = Phase::MPC;
  });
  return phase;
}

LogicalResult Compilation::load() {
  if (!StringRef(options.input).ends_with(".mlir")) {
    auto dims = importOptions(options.dims, context);
    if (failed(dims))
      return failure();
    if (!options.plainInputs.empty()) {
      auto arrays =
          nn::readArrays(options.plainInputs, UnknownLoc::get(&context));
      if (failed(arrays))
        return failure();
      dims->inputs = std::move(*arrays);
    }
    TimingScope scope = timing.nest("import");
    auto imported = importOnnx(options.input, *dims, context, weights);
    if (failed(imported))
      return failure();
    module = std::move(*imported);
    return success();
  }
  module = parseSourceFile<ModuleOp>(options.input, &context);
  if (!module)
    return failure();
  phase = phaseOf(*module);
  if (options.ownersGiven && phase > Phase::NN)
    return error() << "--weights-of, --inputs-of and --results-to belong to "
                      "the phases before mpc; the input says who owns what";
  if (phase == Phase::Rounds)
    rounds = module->clone();
  if (phase != Phase::NN)
    return success();
  weightTable = module->clone();
  // Weights are needed by what evaluates the model and by the program.
  if (module->getOperation()->hasAttr("nn.weight_file") &&
      failed(weights.load(*module, path::parent_path(options.input))))
    return failure();
  return readSamples();
}

//===----------------------------------------------------------------------===//
// Passes
//===----------------------------------------------------------------------===//

LogicalResult
Compilation::runPasses(function_ref<void(OpPassManager &)> build) {
  PassManager manager(&context);
  if (failed(applyPassManagerCLOptions(manager)))
    return failure();
  build(manager);
  TimingScope scope = timing.nest("passes");
  manager.enableTiming(scope);
  return manager.run(*module);
}

/// Marks the weights whose names match a pattern of --public-weight.
LogicalResult Compilation::declareWeights() {
  for (const std::string &pattern : options.publicWeights) {
    auto glob = llvm::GlobPattern::create(pattern);
    if (!glob) {
      return error() << "--public-weight " << pattern << ": "
                     << llvm::toString(glob.takeError());
    }
    bool known = false;
    for (auto weight : module->getOps<nn::WeightOp>())
      if (glob->match(weight.getSymName())) {
        weight->setAttr("nn.public", UnitAttr::get(&context));
        known = true;
      }
    if (!known)
      return error() << "--public-weight " << pattern
                     << ": no weight of the model has such a name; "
                        "--compile-to=nn lists them";
  }
  return success();
}

LogicalResult Compilation::readSamples() {
  auto read = nn::readSamples(*module->getOps<func::FuncOp>().begin(),
                              options.calibrate);
  if (failed(read))
    return failure();
  samples = std::move(*read);
  return success();
}

/// Declares inputs public, fuses, and gives every value its range.
LogicalResult Compilation::prepareNN() {
  if (failed(declareWeights()))
    return failure();
  auto function = *module->getOps<func::FuncOp>().begin();
  for (const std::string &name : options.publicInputs) {
    bool known = false;
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      if (nn::argumentName(function, i) == name) {
        function.setArgAttr(i, "nn.public", UnitAttr::get(&context));
        known = true;
      }
    if (known)
      continue;
    auto diagnostic = error() << "--public-input " << name
                              << ": the model has no such input; it has ";
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      diagnostic << (i ? ", '" : "'") << nn::argumentName(function, i) << "'";
    return failure();
  }
  // Before anything takes time.
  if (failed(ownersOf(function, options.pipeline.owners)))
    return failure();
  const SuiteInfo *suite = findSuite(options.pipeline.suite);
  if (!suite)
    return error() << "--suite " << options.pipeline.suite << ": expected "
                   << suiteNames();
  if (failed(runPasses([&](OpPassManager &manager) {
        nn::buildNNPipeline(manager, &weights);
        if (suite->quadSoftmax || suite->quadGelu)
          manager.addNestedPass<func::FuncOp>(nn::createDistilledForms(
              {.softmax = suite->quadSoftmax, .gelu = suite->quadGelu}));
      })))
    return failure();
  nn::centreResiduals(function, weights);
  weights.compact(*module);
  if (!options.calibrate.empty()) {
    TimingScope scope = timing.nest("calibration");
    nn::CalibrateOptions calibration;
    calibration.margin = options.margin;
    if (failed(readSamples()) ||
        failed(nn::calibrate(function, samples, weights, calibration)))
      return failure();
  }
  if (failed(runPasses([&](OpPassManager &manager) {
        manager.addPass(nn::createDefaultRanges(weights));
      })))
    return failure();
  weightTable = module->clone();
  return success();
}

LogicalResult Compilation::advance(Phase to) {
  if (to < phase)
    return error() << "the input is in phase '" << phaseName(phase)
                   << "' already; '" << phaseName(to) << "' comes before it";
  while (phase < to) {
    switch (phase) {
    case Phase::Onnx:
      if (failed(prepareNN()))
        return failure();
      phase = Phase::NN;
      break;
    case Phase::NN:
      if (failed(chooseFraction()) || failed(choosePlan()) ||
          failed(runPasses([&](OpPassManager &manager) {
            buildMPCPipeline(manager, pipeline);
          })))
        return failure();
      phase = Phase::MPC;
      break;
    case Phase::MPC:
      if (failed(runPasses(buildRoundsPipeline)))
        return failure();
      stateBounds();
      rounds = module->clone();
      phase = Phase::Rounds;
      break;
    case Phase::Rounds:
      if (failed(runPasses([](OpPassManager &manager) {
            manager.addPass(createMPCToEmitC());
          })))
        return failure();
      phase = Phase::EmitC;
      break;
    case Phase::EmitC: // C++ and the program are printed from it.
    case Phase::Cpp:
    case Phase::Program:
      phase = to;
      break;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

LogicalResult Compilation::print() {
  std::string name = options.output.empty() ? "-" : options.output;
  if (phase == Phase::NN && name != "-") {
    // A module that is read again needs its weights.
    SmallString<256> file(name);
    path::replace_extension(file, "weights");
    if (failed(weights.write(*module, file)))
      return failure();
    (*module)->setAttr("nn.weight_file",
                       StringAttr::get(&context, path::filename(file)));
  }
  std::error_code code;
  llvm::ToolOutputFile out(name, code, llvm::sys::fs::OF_Text);
  if (code)
    return error() << "cannot write '" << name << "': " << code.message();
  if (phase == Phase::Cpp) {
    auto text = cppOf(*module);
    if (failed(text))
      return failure();
    out.os() << *text;
  } else {
    // With locations: they name the model's nodes in costs and errors.
    module->print(out.os(), OpPrintingFlags().enableDebugInfo());
    out.os() << '\n';
  }
  out.keep();
  return success();
}

FailureOr<std::string>
Compilation::writeProgram(const std::string &runtimePath) {
  if (!rounds)
    return error() << "a program needs the scheduled module for its manifest: "
                      "compile from phase rounds or before";
  TimingScope scope = timing.nest("program directory");
  auto source = cppOf(*module);
  if (failed(source))
    return failure();
  std::string stem = path::stem(options.input).str();
  ProgramDirectory program;
  program.path = options.output.empty() ? stem + ".mpc" : options.output;
  program.name = stem;
  program.source = std::move(*source);
  program.rounds = *rounds;
  program.build = options.build;
  program.runtimePath = runtimePath;
  program.writeWeights = [&](StringRef file) -> LogicalResult {
    if (options.weightFile.empty() && weightTable)
      return weights.write(*weightTable, file);
    if (options.weightFile.empty())
      return error() << "the module names weights but does not hold them: give "
                        "their file with --weights";
    if (std::error_code code =
            llvm::sys::fs::copy_file(options.weightFile, file))
      return error() << "cannot copy '" << options.weightFile
                     << "': " << code.message();
    return success();
  };
  if (failed(secformer::writeProgram(program, scope)))
    return failure();
  return program.path;
}
