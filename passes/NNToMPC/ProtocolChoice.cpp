//===- ProtocolChoice.cpp - the cheapest suite for every operation --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/ProtocolChoice.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "passes/NN/Attributes.h"
#include "passes/NN/Secrecy.h"
#include "passes/NNToMPC/Suites.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

namespace secformer {
#define GEN_PASS_DEF_CHOOSEPROTOCOLS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;

namespace {
/// The copy of one operation in a module of its own: constants and weights come
/// along, other operands become inputs.
class Extract {
public:
  explicit Extract(Operation *op, const nn::SecrecyAnalysis &secrecy)
      : secrecy(secrecy), builder(op->getContext()),
        module(ModuleOp::create(builder, op->getLoc())) {
    builder.setInsertionPointToEnd(module->getBody());
    function = func::FuncOp::create(builder, op->getLoc(), "main",
                                    builder.getFunctionType({}, {}));
    builder.setInsertionPointToStart(function.addEntryBlock());
    for (Value operand : op->getOperands())
      bring(operand);
    Operation *copy = builder.clone(*op, mapping);
    func::ReturnOp::create(builder, op->getLoc(), copy->getResults());
    auto arguments = function.getBody().front().getArgumentTypes();
    function.setFunctionType(
        builder.getFunctionType(arguments, copy->getResultTypes()));
    for (unsigned i = 0; i < arguments.size(); ++i) {
      function.setArgAttr(i, "nn.name", builder.getStringAttr("x" + Twine(i)));
      for (NamedAttribute attribute : attributes[i])
        function.setArgAttr(i, attribute.getName(), attribute.getValue());
    }
    function.setResultAttr(0, "nn.name", builder.getStringAttr("y"));
  }

  ModuleOp operator*() { return *module; }

private:
  void bring(Value operand) {
    if (mapping.contains(operand))
      return;
    Operation *source = operand.getDefiningOp();
    if (auto param = dyn_cast_or_null<nn::ParamOp>(source)) {
      auto weight = SymbolTable::lookupNearestSymbolFrom<nn::WeightOp>(
          param, param.getWeightAttr());
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(module->getBody());
      if (!SymbolTable::lookupSymbolIn(*module, weight.getSymNameAttr()))
        builder.clone(*weight);
    }
    if (isa_and_nonnull<nn::ParamOp, nn::ConstantOp>(source)) {
      builder.clone(*source, mapping);
      return;
    }
    NamedAttrList given;
    if (Attribute range = rangeOf(operand))
      given.set(nn::rangeAttr, range);
    if (secrecy.of(operand) == nn::Secrecy::Public)
      given.set(nn::publicAttr, builder.getUnitAttr());
    attributes.push_back(given);
    mapping.map(operand, function.getBody().front().addArgument(
                             operand.getType(), operand.getLoc()));
  }

  static Attribute rangeOf(Value value) {
    if (Operation *source = value.getDefiningOp())
      return source->getAttr(nn::rangeAttr);
    auto argument = cast<BlockArgument>(value);
    auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
    return function.getArgAttr(argument.getArgNumber(), nn::rangeAttr);
  }

  const nn::SecrecyAnalysis &secrecy;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  IRMapping mapping;
  SmallVector<NamedAttrList> attributes; ///< of arguments
};
} // namespace

/// What an operation costs amid others: results stay shared, and its inputs
/// are not the client's, who would open them one way.
static mpc::Cost costAmidOthers(Operation *op) {
  mpc::Cost cost = cast<mpc::CostInterface>(op).getCost();
  if (isa<mpc::RevealOp, mpc::PublicInputOp>(op))
    return {};
  if (isa<mpc::MaskOp>(op))
    cost.bytesToParty0 = cost.bytesToParty1 =
        std::max(cost.bytesToParty0, cost.bytesToParty1);
  return cost;
}

static std::string describe(Operation *op) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (auto unary = dyn_cast<nn::UnaryOp>(op))
    out << nn::stringifyUnaryKind(unary.getKind());
  else
    out << op->getName().stripDialect();
  out << " of ";
  llvm::interleave(
      cast<RankedTensorType>(op->getResult(0).getType()).getShape(), out, "x");
  return text;
}

static ProtocolTrial trialOf(Operation *op, const SuiteInfo &suite,
                             const nn::SecrecyAnalysis &secrecy,
                             PipelineOptions options, const Network &network) {
  ProtocolTrial trial;
  trial.suite = suite.name;
  options.suite = suite.name;
  options.publishedConstants = false;
  options.probes = false;
  options.owners = {}; // name inputs of the model, which this one has not
  Extract alone(op, secrecy);
  ScopedDiagnosticHandler keep(op->getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
        trial.refusal.empty())
      trial.refusal = diagnostic.str();
    return success();
  });
  PassManager manager(op->getContext());
  buildMPCPipeline(manager, options);
  buildRoundsPipeline(manager);
  if (failed(manager.run(*alone))) {
    if (trial.refusal.empty())
      trial.refusal = "cannot be lowered";
    return trial;
  }
  trial.cost = inferenceCost(*alone, costAmidOthers);
  trial.seconds = inferenceSeconds(*alone, network, costAmidOthers);
  trial.approximation =
      suite.create({.gelu = *geluForm(options.gelu)})->approximation(op);
  trial.accurate =
      trial.approximation <= std::exp2(-(int(options.fraction) - 1));
  return trial;
}

/// Everything by which trials are compared.
static auto figures(const ProtocolTrial &trial) {
  const mpc::Cost &cost = trial.cost.cost;
  return std::tuple(trial.refusal, trial.cost.rounds, cost.bytesToParty0,
                    cost.bytesToParty1, cost.dealerBytes, trial.approximation);
}

std::vector<ProtocolChoice>
secformer::chooseProtocols(ModuleOp module, const PipelineOptions &options,
                           const Network &network) {
  std::vector<ProtocolChoice> choices;
  for (auto function : module.getOps<func::FuncOp>()) {
    const nn::SecrecyAnalysis secrecy(function);
    function.walk([&](Operation *op) {
      if (!isa<nn::SoftmaxOp, nn::LogSoftmaxOp, nn::LayerNormOp, nn::PowOp,
               nn::UnaryOp>(op) ||
          secrecy.of(op->getResult(0)) == nn::Secrecy::Public)
        return;
      ProtocolChoice choice{describe(op), op->getLoc(), {}, 0};
      for (const SuiteInfo &suite : suites()) {
        ProtocolTrial trial = trialOf(op, suite, secrecy, options, network);
        if (llvm::none_of(choice.trials, [&](const ProtocolTrial &other) {
              return figures(trial) == figures(other);
            }))
          choice.trials.push_back(std::move(trial));
      }
      const ProtocolTrial *best = nullptr;
      for (const ProtocolTrial &trial : choice.trials)
        if (trial.accurate &&
            (!best || trial.seconds.total() < best->seconds.total()))
          best = &trial;
      // No suite can, or all do the same.
      if (!best || choice.trials.size() == 1)
        return;
      choice.chosen = size_t(best - choice.trials.data());
      op->setAttr(nn::protocolAttr,
                  StringAttr::get(op->getContext(), best->suite));
      choices.push_back(std::move(choice));
    });
  }
  return choices;
}

namespace {
struct ChooseProtocols : secformer::impl::ChooseProtocolsBase<ChooseProtocols> {
  using ChooseProtocolsBase::ChooseProtocolsBase;

  void runOnOperation() override {
    const Network *known = knownNetwork(network);
    if (!known) {
      getOperation().emitError("unknown network '")
          << network << "': expected " << networkNames();
      return signalPassFailure();
    }
    PipelineOptions options;
    options.fraction = fraction;
    for (const ProtocolChoice &choice :
         chooseProtocols(getOperation(), options, *known)) {
      auto remark = emitRemark(choice.location, choice.operation) << ":";
      for (const auto &[index, trial] : llvm::enumerate(choice.trials)) {
        remark << (index ? ", '" : " '") << trial.suite << "' ";
        if (!trial.refusal.empty())
          remark << "refused";
        else
          remark << trial.cost.rounds << " rounds "
                 << llvm::formatv("{0:e3} s", trial.seconds.total()).str()
                 << (trial.accurate ? "" : " (inaccurate)")
                 << (index == choice.chosen ? " (chosen)" : "");
      }
    }
  }
};
} // namespace
