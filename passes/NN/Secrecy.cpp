//===- Secrecy.cpp - who may know a value ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Secrecy.h"
#include "dialect/NN/NNOps.h"
#include "mlir/Analysis/DataFlow/SparseAnalysis.h"
#include "mlir/Analysis/DataFlow/Utils.h"
#include "passes/NN/Attributes.h"

using namespace mlir;
using namespace secformer::nn;

StringRef secformer::nn::stringifySecrecy(Secrecy secrecy) {
  static constexpr StringLiteral names[] = {"public", "client", "model",
                                            "shared"};
  return names[static_cast<size_t>(secrecy)];
}

bool secformer::nn::isPublicWeight(ParamOp param) {
  auto weight = SymbolTable::lookupNearestSymbolFrom<WeightOp>(
      param, param.getWeightAttr());
  return param->hasAttr(publicAttr) || (weight && weight->hasAttr(publicAttr));
}

namespace {
/// Owners, or nothing as long as the analysis has not come by.
struct Owners {
  std::optional<Secrecy> secrecy;

  static Owners join(const Owners &a, const Owners &b) {
    if (!a.secrecy || !b.secrecy)
      return a.secrecy ? a : b;
    return {static_cast<Secrecy>(static_cast<uint8_t>(*a.secrecy) |
                                 static_cast<uint8_t>(*b.secrecy))};
  }
  bool operator==(const Owners &other) const = default;
  void print(raw_ostream &stream) const {
    stream << (secrecy ? stringifySecrecy(*secrecy) : "unknown");
  }
};

struct OwnersLattice : dataflow::Lattice<Owners> {
  using Lattice::Lattice;
};

class OwnersAnalysis
    : public dataflow::SparseForwardDataFlowAnalysis<OwnersLattice> {
public:
  using SparseForwardDataFlowAnalysis::SparseForwardDataFlowAnalysis;

  LogicalResult visitOperation(Operation *op,
                               ArrayRef<const OwnersLattice *> operands,
                               ArrayRef<OwnersLattice *> results) override {
    Owners owners{Secrecy::Public};
    if (auto param = dyn_cast<ParamOp>(op); param && !isPublicWeight(param))
      owners = {Secrecy::Model};
    for (const OwnersLattice *operand : operands)
      owners = Owners::join(owners, operand->getValue());
    for (OwnersLattice *result : results)
      propagateIfChanged(result, result->join(owners));
    return success();
  }

  void setToEntryState(OwnersLattice *lattice) override {
    propagateIfChanged(lattice, lattice->join({entry(lattice->getAnchor())}));
  }

private:
  static Secrecy entry(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    auto function =
        argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp())
                 : nullptr;
    if (!function)
      return Secrecy::Shared;
    return function.getArgAttr(argument.getArgNumber(), publicAttr)
               ? Secrecy::Public
               : Secrecy::Client;
  }
};
} // namespace

SecrecyAnalysis::SecrecyAnalysis(func::FuncOp function)
    : solver(DataFlowConfig().setInterprocedural(false)) {
  dataflow::loadBaselineAnalyses(solver);
  solver.load<OwnersAnalysis>();
  // A failure leaves values unreached, which counts as shared.
  (void)solver.initializeAndRun(function);
}

Secrecy SecrecyAnalysis::of(Value value) const {
  const auto *state = solver.lookupState<OwnersLattice>(value);
  return state ? state->getValue().secrecy.value_or(Secrecy::Shared)
               : Secrecy::Shared;
}
