//===- Compile.h - what secformer-compile does, phase by phase ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TOOLS_COMPILE_H
#define SECFORMER_TOOLS_COMPILE_H

#include "backend/ErrorBound.h"
#include "dialect/NN/WeightStore.h"
#include "frontend/Import.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/Timing.h"
#include "passes/MPC/Cost.h"
#include "passes/NN/Calibrate.h"
#include "passes/Passes.h"
#include "passes/ProtocolChoice.h"
#include "runtime/Manifest.h"
#include <string>
#include <vector>

namespace secformer {

/// The representations that a model goes through, in order.
enum class Phase { Onnx, NN, MPC, Rounds, EmitC, Cpp, Program };

/// The name of a phase on the command line.
llvm::StringRef phaseName(Phase phase);

struct CompileOptions {
  std::string input, output;
  std::vector<std::string> dims, calibrate, publicInputs, publicWeights;
  /// Inputs for an evaluation in the clear; the model is made for them.
  std::string plainInputs;
  double margin = 0.25;
  PipelineOptions pipeline;
  /// Weight file for a program compiled from a module after the nn phase.
  std::string weightFile;
  bool build = true;
  /// State how far results may be off, if there are samples.
  bool errorBound = true;
  /// The error to stay below; 0: 0.02 standard deviations of each output.
  double maxError = 0;
  /// The user chose the fraction bits.
  bool fractionGiven = false;
  /// What the program is planned for; null if nobody said.
  const Network *network = nullptr;
  /// The user said who owns what.
  bool ownersGiven = false;
};

/// One way to compile a model.
struct Plan {
  bool mixed; ///< every operation by its own suite, not all by one
  PipelineOptions options;
  ProgramCost cost;
  InferenceSeconds seconds; ///< on the network

  std::string name() const {
    return (mixed ? "mixed, " : options.suite + ", ") +
           (options.saveRounds ? "fewest rounds" : "smallest rings");
  }
};

/// The network that --network names, or that --rtt (ms) and --bandwidth (Mb/s)
/// describe; nothing if none is given.
mlir::FailureOr<std::optional<Network>>
chosenNetwork(mlir::MLIRContext &context, llvm::StringRef name,
              std::optional<double> rtt, std::optional<double> bandwidth);

/// A run of the model without a program.
struct RunOptions {
  std::string input;     ///< arrays, an npz file
  std::string output;    ///< where the results go; printed without it
  std::string reference; ///< arrays to compare results with
  std::string seed;      ///< for a private run: of a test
};

/// "sequence=128" and the like; errors name the option.
mlir::FailureOr<ImportOptions> importOptions(llvm::ArrayRef<std::string> dims,
                                             mlir::MLIRContext &context);

/// A model on its way, with what belongs to it.
class Compilation {
public:
  /// What takes time is nested in \p timing.
  Compilation(const CompileOptions &options, mlir::MLIRContext &context,
              mlir::TimingScope &timing)
      : options(options), context(context), timing(timing),
        pipeline(options.pipeline) {}

  /// Reads an ONNX file, or a module in any phase up to EmitC (recognized by
  /// what stands in it).
  mlir::LogicalResult load();
  /// Runs the passes up to a phase.
  mlir::LogicalResult advance(Phase to);
  /// Writes the module, or its C++ if that is the phase, to the output file or
  /// to standard output.
  mlir::LogicalResult print();
  /// Writes (and builds) the program directory and returns its path.
  mlir::FailureOr<std::string> writeProgram(const std::string &runtimePath);
  mlir::ModuleOp scheduled() { return *rounds; }
  /// Prints the plans that were weighed for the network, if one was given.
  void explain(llvm::raw_ostream &out) const;

  /// Evaluates the nn module in float32.
  mlir::LogicalResult runPlain(const RunOptions &run);
  /// Runs both parties and the dealer in this process, on what advance(Rounds)
  /// made.
  mlir::LogicalResult runPrivate(const RunOptions &run);
  /// Runs the fixed-point program in the clear and lists what left its range;
  /// failure if anything did.
  mlir::LogicalResult checkRanges(const RunOptions &run);
  /// Prints errors and ranges node by node; failure if one is off. Needs the
  /// nn module, whatever the phase now is.
  mlir::LogicalResult compareLayers(const RunOptions &run);

private:
  /// What a run without a program needs to know of it.
  runtime::Manifest manifest();
  mlir::FailureOr<std::unique_ptr<runtime::WeightSource>>
  weightSource(const runtime::Manifest &manifest);
  mlir::LogicalResult guarded(llvm::function_ref<mlir::LogicalResult()> work);
  /// Calls \p work with what interprets the scheduled module.
  mlir::LogicalResult interpreted(
      llvm::function_ref<mlir::LogicalResult(const Interpreter &,
                                             const runtime::Manifest &,
                                             const runtime::WeightSource &)>
          work);
  using Bounds = std::map<std::string, double>;

  mlir::LogicalResult declareWeights();
  mlir::LogicalResult prepareNN();
  mlir::LogicalResult readSamples();
  /// Sets the fraction bits that the wanted accuracy takes, and the bounds.
  mlir::LogicalResult chooseFraction();
  /// Evaluates calibration samples until there are \p count of these.
  mlir::LogicalResult expectSamples(size_t count,
                                    std::vector<ErrorSample> &expected);
  mlir::FailureOr<Bounds> boundsWith(unsigned fraction,
                                     std::vector<ErrorSample> &expected);
  /// Compiles a copy of the nn module in every way and keeps the one that takes
  /// the least time on the network.
  mlir::LogicalResult choosePlan();
  mlir::FailureOr<Plan> planOf(mlir::ModuleOp nn, bool mixed, bool saveRounds);
  /// Writes the bounds into the scheduled module.
  void stateBounds();
  mlir::LogicalResult
  runPasses(llvm::function_ref<void(mlir::OpPassManager &)> build);
  mlir::InFlightDiagnostic error() {
    return mlir::emitError(mlir::UnknownLoc::get(&context));
  }

  const CompileOptions &options;
  mlir::MLIRContext &context;
  mlir::TimingScope &timing;
  Phase phase = Phase::Onnx;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// The module as it was when weights were named, and when rounds were made.
  mlir::OwningOpRef<mlir::ModuleOp> weightTable, rounds;
  nn::WeightStore weights;
  PipelineOptions pipeline;
  std::vector<nn::Sample> samples; ///< of calibration
  Bounds bounds;
  std::vector<Plan> plans; ///< the chosen one first
  std::vector<ProtocolChoice> choices;
};

} // namespace secformer

#endif // SECFORMER_TOOLS_COMPILE_H
