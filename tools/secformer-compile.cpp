//===- secformer-compile.cpp - from an ONNX model to a private program ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "passes/MPC/Cost.h"
#include "runtime/Threads.h"
#include "tools/Compile.h"
#include "tools/Register.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace secformer;
namespace cl = llvm::cl;

static cl::OptionCategory category("SecFormer options");

static cl::opt<std::string> input(cl::Positional,
                                  cl::desc("<model.onnx or module.mlir>"),
                                  cl::Required, cl::cat(category));
static cl::opt<std::string> output(
    "o", cl::value_desc("path"),
    cl::desc("Program directory (default: MODEL.mpc), or the file to print to"),
    cl::cat(category));
static cl::opt<Phase> compileTo(
    "compile-to", cl::desc("Stop after a phase and print it:"),
    cl::init(Phase::Program),
    cl::values(clEnumValN(Phase::NN, "nn", "real tensors, fused, with ranges"),
               clEnumValN(Phase::MPC, "mpc",
                          "shares: scales and rings planned"),
               clEnumValN(Phase::Rounds, "rounds", "messages in rounds"),
               clEnumValN(Phase::EmitC, "emitc", "C++ in the EmitC dialect"),
               clEnumValN(Phase::Cpp, "cpp", "C++"),
               clEnumValN(Phase::Program, "program",
                          "the program directory (default)")),
    cl::cat(category));
static cl::list<std::string>
    dims("dim", cl::value_desc("name=size"),
         cl::desc("Size of a dynamic axis, by its name or as INPUT:AXIS"),
         cl::cat(category));
static cl::list<std::string> calibrate(
    "calibrate", cl::value_desc("samples.npz"), cl::CommaSeparated,
    cl::desc("Inputs to measure ranges on: a.npz,b.npz or the option again"),
    cl::cat(category));
static cl::opt<double>
    margin("margin", cl::init(0.25),
           cl::desc("Widen measured ranges by this share (default 0.25)"),
           cl::cat(category));
static cl::list<std::string> publicInputs(
    "public-input", cl::value_desc("name"),
    cl::desc("An input that need not be secret, such as a padding mask"),
    cl::cat(category));
static cl::list<std::string> publicWeights(
    "public-weight", cl::value_desc("pattern"),
    cl::desc("Weights that need not be secret, such as *word_embeddings*: the "
             "client looks up its tokens itself"),
    cl::cat(category));
static cl::opt<std::string> weightsOf(
    "weights-of", cl::init(OwnerOptions().weights),
    cl::value_desc("party0|provider"),
    cl::desc(
        "Who owns the weights: party 0 (default), or a provider who shares "
        "them with both parties"),
    cl::cat(category));
static cl::list<std::string> inputsOf(
    "inputs-of", cl::value_desc("[name=]party1|party0|client"),
    cl::desc("Who owns the inputs, or one: party 1 (default), party 0, or a "
             "client who shares them with both parties"),
    cl::cat(category));
static cl::opt<std::string>
    resultsTo("results-to", cl::value_desc("party0|party1|client"),
              cl::desc("Who gets the results (default: who owns the inputs)"),
              cl::cat(category));
static cl::opt<std::string>
    suite("suite", cl::init(PipelineOptions().suite), cl::value_desc("name"),
          cl::desc("Protocols for softmax, LayerNorm and activations: fast "
                   "(default), secformer, puma, mpcformer or exact"),
          cl::cat(category));
static cl::opt<std::string> truncation(
    "truncation", cl::init(PipelineOptions().truncation),
    cl::value_desc("exact|merged|statistical"),
    cl::desc("How products are truncated: exact (default); merged, with fewer "
             "rounds and more bytes, fails rarely; statistical, the same, "
             "never fails and hides statistically"),
    cl::cat(category));
static cl::opt<unsigned> truncationBits(
    "truncation-bits", cl::init(PipelineOptions().truncationBits),
    cl::desc(
        "With --truncation=merged an inference fails with a probability of "
        "at most 2^-bits; statistical: what is opened for two inputs is at "
        "most 2^-bits apart (default 20). More leave more truncations "
        "exact"),
    cl::cat(category));
static cl::opt<std::string>
    gelu("gelu", cl::init(PipelineOptions().gelu), cl::value_desc("form"),
         cl::desc("GELU of --suite=secformer: fourier-segments (default) or "
                  "polynomial-segments"),
         cl::cat(category));
static cl::opt<bool> publishedConstants(
    "published-constants",
    cl::desc("Deflation factors and iterations of --suite=secformer as "
             "published, not from ranges"),
    cl::cat(category));
static cl::opt<unsigned>
    fraction("fraction-bits", cl::init(PipelineOptions().fraction),
             cl::desc("Fraction bits of activations (8 to 18; default: 12, or "
                      "what --max-error takes)"),
             cl::cat(category));
static cl::opt<double> maxError(
    "max-error", cl::init(0), cl::value_desc("error"),
    cl::desc("Largest error of a result on inputs like the samples (default: "
             "0.02 standard deviations of each output)"),
    cl::cat(category));
static cl::opt<bool> errorBound(
    "error-bound", cl::init(true),
    cl::desc("Bound the error on the samples (default); --error-bound=false "
             "saves the time for large models"),
    cl::cat(category));
static cl::opt<unsigned>
    maxRing("max-ring", cl::init(PipelineOptions().maxRing),
            cl::desc("Widest ring allowed, in bits (default 64)"),
            cl::cat(category));
static cl::opt<bool> cost("cost",
                          cl::desc("Print rounds and bytes; write no program"),
                          cl::cat(category));
static cl::opt<bool> costJson("cost-json", cl::desc("The same as JSON"),
                              cl::cat(category));
static cl::opt<std::string>
    network("network", cl::value_desc("loopback|lan|metro|wan"),
            cl::desc("Choose protocols and rings for this network (default: "
                     "one opening per function, the smallest rings); with "
                     "--cost, estimate the time"),
            cl::cat(category));
static cl::opt<double>
    rtt("rtt", cl::value_desc("ms"),
        cl::desc("Plan for a network of this round trip time, with "
                 "--bandwidth, instead of a named --network"),
        cl::cat(category));
static cl::opt<double> bandwidth("bandwidth", cl::value_desc("Mb/s"),
                                 cl::desc("Bandwidth each way, with --rtt"),
                                 cl::cat(category));
static cl::opt<bool>
    explain("explain",
            cl::desc("Print the plans and protocols that were weighed for the "
                     "network"),
            cl::cat(category));
static cl::opt<bool>
    plain("run-plain",
          cl::desc("Evaluate the model in the clear, float32; needs --input"),
          cl::cat(category));
static cl::opt<bool> privately(
    "run-private",
    cl::desc("Run all roles on shares in this process, without building a "
             "program; needs --input"),
    cl::cat(category));
static cl::opt<bool> checkRanges(
    "check-ranges",
    cl::desc("List what leaves its range on an input; needs --input"),
    cl::cat(category));
static cl::opt<bool> compareLayers(
    "compare-layers",
    cl::desc("Compare float32, fixed point and shares node by node; needs "
             "--input"),
    cl::cat(category));
static cl::opt<std::string> arrays("input", cl::value_desc("x.npz"),
                                   cl::desc("The inputs of a run"),
                                   cl::cat(category));
static cl::opt<std::string>
    results("output", cl::value_desc("y.npz"),
            cl::desc("Where the results of a run go (default: printed)"),
            cl::cat(category));
static cl::opt<std::string>
    reference("reference", cl::value_desc("y.npz"),
              cl::desc("With --run-private: expected results"),
              cl::cat(category));
static cl::opt<std::string> testSeed(
    "insecure-test-seed", cl::value_desc("hex"),
    cl::desc("With --run-private: all randomness from this text; not secret"),
    cl::cat(category));
static cl::opt<unsigned> threadCount(
    "run-threads", cl::value_desc("N"), cl::init(1),
    cl::desc("With --run-private: processor cores to work with, shared by all "
             "roles (default 1)"),
    cl::cat(category));
static cl::opt<bool> noBuild("no-build",
                             cl::desc("Write the program, do not build it"),
                             cl::cat(category));
static cl::opt<std::string> weightFile(
    "weights", cl::value_desc("file"),
    cl::desc("Weight file, for a program from a module after the nn phase"),
    cl::cat(category));
static cl::opt<bool>
    verbose("v", cl::desc("Say what is done, and show the compiler's remarks"),
            cl::cat(category));

static const char kOverview[] =
    "secformer-compile: from an ONNX Transformer to a program that two servers "
    "run\non secret-shared data.\n\n"
    "  secformer-compile model.onnx --dim batch=1 --dim sequence=128 \\\n"
    "      --calibrate samples.npz            makes model.mpc/\n"
    "  model.mpc/program run --input x.npz    runs it, all roles in one "
    "process\n";

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

/// model.onnx: node 'X': error: text
static void printDiagnostic(Diagnostic &diagnostic) {
  auto severity = diagnostic.getSeverity();
  if (severity == DiagnosticSeverity::Remark && !verbose)
    return;
  auto &err = llvm::errs();
  Location location = diagnostic.getLocation();
  if (auto place = dyn_cast<FileLineColLoc>(location))
    // An ONNX file has no lines.
    err << place.getFilename().getValue() << ':'
        << (place.getLine()
                ? llvm::formatv("{0}:{1}: ", place.getLine(), place.getColumn())
                      .str()
                : " ");
  else
    err << "secformer-compile: ";
  switch (severity) {
  case DiagnosticSeverity::Error:
    llvm::WithColor::error(err);
    break;
  case DiagnosticSeverity::Warning:
    llvm::WithColor::warning(err);
    break;
  case DiagnosticSeverity::Note:
    llvm::WithColor::note(err);
    break;
  case DiagnosticSeverity::Remark:
    llvm::WithColor::remark(err);
    break;
  }
  if (StringRef node = mpc::sourceName(location); !node.empty())
    err << "node '" << node << "': ";
  err << diagnostic << '\n';
  // What the IR looks like is for those who read IR.
  for (Diagnostic &note : diagnostic.getNotes())
    if (verbose || !StringRef(note.str()).starts_with("see current operation"))
      err << "  note: " << note << '\n';
}

/// Progress on a terminal, or with -v.
static void say(const Twine &text) {
  if (verbose || llvm::sys::Process::StandardErrIsDisplayed())
    llvm::errs() << text << '\n';
}

/// Where find_package finds the runtime: beside this executable, in the build
/// tree or installed.
static std::string runtimePath(const char *argv0) {
  std::string self = llvm::sys::fs::getMainExecutable(
      argv0, reinterpret_cast<void *>(&runtimePath));
  StringRef prefix =
      llvm::sys::path::parent_path(llvm::sys::path::parent_path(self));
  for (StringRef folder : {SECFORMER_CONFIG_FOLDERS}) {
    SmallString<256> candidate(prefix);
    llvm::sys::path::append(candidate, folder);
    if (llvm::sys::fs::exists(candidate + "/SecFormerRuntimeConfig.cmake"))
      return candidate.str().str();
  }
  return {};
}

static LogicalResult compile(MLIRContext &context, const char *argv0) {
  auto error = [&] { return emitError(UnknownLoc::get(&context)); };
  CompileOptions options;
  options.input = input;
  options.output = output;
  options.dims = dims;
  options.calibrate = calibrate;
  options.publicInputs = publicInputs;
  options.publicWeights = publicWeights;
  if (plain)
    options.plainInputs = arrays;
  options.margin = margin;
  options.pipeline = {.suite = suite,
                      .gelu = gelu,
                      .publishedConstants = publishedConstants,
                      .fraction = fraction,
                      .maxRing = maxRing,
                      .truncation = truncation,
                      .truncationBits = truncationBits,
                      .owners = {weightsOf, inputsOf, resultsTo}};
  options.ownersGiven =
      weightsOf.getNumOccurrences() || !inputsOf.empty() || !resultsTo.empty();
  options.weightFile = weightFile;
  options.build = !noBuild;
  options.errorBound = errorBound;
  options.maxError = maxError;
  options.fractionGiven = fraction.getNumOccurrences() != 0;
  if (!(maxError >= 0))
    return error() << "--max-error " << maxError << ": expected 0 or more";
  if (!(margin >= 0 && margin <= 10))
    return error() << "--margin " << margin << ": expected a share of 0 to 10";
  if (maxRing < 8 || maxRing > 64)
    return error() << "--max-ring " << unsigned(maxRing)
                   << ": expected 8 to 64 bits";
  if (truncation != "exact" && truncation != "merged" &&
      truncation != "statistical")
    return error() << "--truncation " << truncation
                   << ": expected exact, merged or statistical";
  auto given = [](const cl::opt<double> &option) {
    return option.getNumOccurrences() ? std::optional<double>(option)
                                      : std::nullopt;
  };
  auto chosen = chosenNetwork(context, network, given(rtt), given(bandwidth));
  if (failed(chosen))
    return failure();
  if (explain && !*chosen)
    return error() << "--explain needs a --network that plans are made for";
  const bool runs = plain || privately || checkRanges || compareLayers;
  if (!runs && !(arrays.empty() && results.empty() && reference.empty()))
    return error() << "--input, --output and --reference belong to --run-plain "
                      "and --run-private; a program takes its own";

  if (threadCount < 1 || threadCount > runtime::maxThreads)
    return error() << "--run-threads " << unsigned(threadCount)
                   << ": expected 1 to " << runtime::maxThreads;
  if (threadCount > 1 && !privately)
    return error()
           << "--run-threads belongs to --run-private; a program takes its "
              "own";
  runtime::setThreads(threadCount);

  if (runs && arrays.empty())
    return error() << "a run needs --input x.npz";

  options.network = *chosen ? &**chosen : nullptr;
  DefaultTimingManager timingManager;
  applyDefaultTimingManagerCLOptions(timingManager);
  TimingScope timing = timingManager.getRootScope();
  Compilation model(options, context, timing);
  say("reading " + input);
  if (failed(model.load()))
    return failure();
  const RunOptions run{arrays, results, reference, testSeed};
  if (plain)
    return model.runPlain(run);
  if (cost || costJson) {
    if (failed(model.advance(Phase::Rounds)))
      return failure();
    printCost(model.scheduled(), costJson, options.network, llvm::outs());
    if (explain)
      model.explain(costJson ? llvm::errs() : llvm::outs());
    return success();
  }
  say("compiling");
  if (runs) {
    if (failed(model.advance(Phase::Rounds)))
      return failure();
    return privately     ? model.runPrivate(run)
           : checkRanges ? model.checkRanges(run)
                         : model.compareLayers(run);
  }
  if (failed(model.advance(compileTo)))
    return failure();
  if (compileTo != Phase::Program)
    return model.print();
  say(noBuild ? "writing the program" : "building the program");
  std::string runtime = runtimePath(argv0);
  if (runtime.empty() && !noBuild)
    return error() << "the runtime library is not installed beside this "
                      "compiler; use --no-build, or install it";
  auto directory = model.writeProgram(runtime);
  if (failed(directory))
    return failure();
  if (explain)
    model.explain(llvm::outs());
  ProgramCost total = programCost(model.scheduled());
  llvm::outs() << "wrote " << *directory << ": " << total.inference.rounds
               << " rounds, "
               << total.inference.cost.bytesToParty0 +
                      total.inference.cost.bytesToParty1
               << " bytes between the parties, "
               << total.inference.cost.dealerBytes
               << " bytes from the dealer per inference\n";
  printErrorBounds(model.scheduled(), llvm::outs());
  printChances(total, llvm::outs());
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerPassManagerCLOptions();
  registerDefaultTimingManagerCLOptions();
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, kOverview);

  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(verbose);
  context.getDiagEngine().registerHandler(printDiagnostic);
  return failed(compile(context, argv[0]));
}
