//===- NNToMPC.cpp - from real tensors to shared wires --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Walks the straight-line function once and lowers each operation: public ones
// in the clear, smooth functions by the suite, the rest linearly.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Attributes.h"
#include "passes/NNToMPC/Owners.h"
#include "passes/NNToMPC/Suites.h"
#include "passes/Passes.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

namespace secformer {
#define GEN_PASS_DEF_NNTOMPC
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;

/// numpy's name of an element type.
static FailureOr<StringRef> dtypeOf(Type type, Operation *op) {
  if (type.isF32())
    return StringRef("float32");
  if (type.isInteger(64))
    return StringRef("int64");
  if (type.isInteger(32))
    return StringRef("int32");
  if (type.isInteger(1))
    return StringRef("bool");
  return op->emitError("unexpected element type ") << type;
}

/// Does the value only say which positions count? Then it must be 0 or 1, as
/// the fusion of masks assumed.
static bool isMask(Value value) {
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (auto softmax = dyn_cast<nn::SoftmaxOp>(user)) {
      if (softmax.getMask() == value)
        return true;
    } else if (isa<nn::CastOp, nn::ReshapeOp, nn::BroadcastOp, nn::SliceOp,
                   nn::TransposeOp, nn::MulOp>(user) &&
               isMask(user->getResult(0))) {
      return true;
    }
  }
  return false;
}

/// Which integers the owner of an input may give: positions of the tables that
/// they index directly, or whatever a float64 holds exactly.
static Range rangeOfIntegers(Value value) {
  if (isMask(value) ||
      cast<RankedTensorType>(value.getType()).getElementType().isInteger(1))
    return {0, 1};
  Range range{-0x1p53, 0x1p53};
  auto below = [&](int64_t depth) {
    range = {0, std::min(range.high, double(depth - 1))};
  };
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (auto gather = dyn_cast<nn::GatherOp>(user);
        gather && gather.getIds() == value)
      below(gather.getInput().getType().getShape()[gather.getAxis()]);
    else if (auto look = dyn_cast<nn::EmbeddingOp>(user))
      below(look.getTable().getType().getShape().front());
    else if (isa<nn::CastOp, nn::ReshapeOp, nn::TransposeOp>(user))
      if (Range inner = rangeOfIntegers(user->getResult(0)); inner.low == 0)
        below(int64_t(inner.high) + 1);
  }
  return range;
}

/// Are operands local to more than one owner?
static bool haveSeveralOwners(Operation *op, const Lowering &state) {
  std::optional<unsigned> first;
  for (Value operand : op->getOperands()) {
    std::optional<unsigned> owner = mpc::plainOwner(state.plain(operand));
    if (first && owner && *first != *owner)
      return true;
    first = owner ? owner : first;
  }
  return false;
}

namespace {
/// The suites that a module asks for.
class SuiteSet {
public:
  SuiteSet(StringRef usual, SuiteOptions options)
      : usual(usual), options(options) {}

  /// That of an operation: its own, else the usual one.
  FailureOr<Suite *> of(Operation *op) {
    auto own = op->getAttrOfType<StringAttr>(nn::protocolAttr);
    const StringRef name = own ? own.getValue() : usual;
    std::unique_ptr<Suite> &made = suites[name];
    if (!made) {
      const SuiteInfo *info = findSuite(name);
      if (!info)
        return op->emitError("unknown suite '")
               << name << "': expected " << suiteNames();
      made = info->create(options);
    }
    return made.get();
  }

private:
  const StringRef usual;
  const SuiteOptions options;
  llvm::StringMap<std::unique_ptr<Suite>> suites;
};

struct NNToMPC : secformer::impl::NNToMPCBase<NNToMPC> {
  using NNToMPCBase::NNToMPCBase;

  void runOnOperation() override {
    if (failed(lowerModule()))
      signalPassFailure();
  }

private:
  LogicalResult lowerModule() {
    ModuleOp module = getOperation();
    auto form = geluForm(gelu);
    if (!form)
      return module.emitError("unknown GELU '")
             << gelu.getValue()
             << "': expected fourier-segments or polynomial-segments";
    SuiteSet protocols(suite, {*form, publishedConstants});
    if (failed(protocols.of(module)))
      return failure();
    if (fraction < kFewestFraction || fraction > kMostFraction)
      return module.emitError("expected ")
             << kFewestFraction << " to " << kMostFraction
             << " fraction bits, found " << fraction.getValue();
    auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
    if (functions.size() != 1 || !functions[0].getBody().hasOneBlock())
      return module.emitError("expected one function of one block, found ")
             << functions.size();
    func::FuncOp old = functions[0];
    auto found = ownersOf(
        old, {weightsOf, {inputsOf.begin(), inputsOf.end()}, resultsTo});
    if (failed(found))
      return failure();
    owners = std::move(*found);
    moveAxesLast(old);

    OpBuilder builder(old);
    auto function = func::FuncOp::create(builder, old.getLoc(), "infer",
                                         builder.getFunctionType({}, {}));
    if (owners.results != mpc::kParty1)
      function->setAttr(mpc::kResultsTo,
                        builder.getStringAttr(mpc::ownerName(owners.results)));
    builder.setInsertionPointToStart(function.addEntryBlock());
    Emitter emit(builder, module, fraction, saveRounds);
    Lowering state(emit);
    if (failed(lowerArguments(old, state)))
      return failure();
    for (auto [index, op] :
         llvm::enumerate(old.getBody().front().without_terminator())) {
      emit.location = op.getLoc();
      builder.setInsertionPointToEnd(&function.getBody().front());
      if (failed(lowerOp(&op, protocols, state)) || emit.hasFailed())
        return failure();
      if (probes && !isa<nn::ParamOp>(op))
        probe(index, state.get(op.getResult(0)), emit);
    }
    emit.location = old.getLoc();
    builder.setInsertionPointToEnd(&function.getBody().front());
    if (failed(lowerResults(old, state)) || emit.hasFailed())
      return failure();
    module->setAttr("mpc.fraction_bits", builder.getI32IntegerAttr(fraction));
    old.erase();
    // Weights are named where they are used now.
    for (auto weight :
         llvm::make_early_inc_range(module.getOps<nn::WeightOp>()))
      weight.erase();
    return success();
  }

  static void probe(int64_t index, const Lowered &value, Emitter &emit) {
    // A padding mask that is put off is not shares yet.
    if (!value.secret.wire || value.columns)
      return;
    SmallVector<Value> wires{value.secret.wire};
    for (const Secret &factor : value.factors)
      wires.push_back(factor.wire);
    emit.create<mpc::ProbeOp>(index, wires);
  }

  LogicalResult lowerArguments(func::FuncOp old, Lowering &state) const {
    Emitter &emit = state.emit;
    for (BlockArgument argument : old.getArguments()) {
      unsigned index = argument.getArgNumber();
      auto name = old.getArgAttrOfType<StringAttr>(index, "nn.name");
      if (!name)
        return old.emitError("argument ") << index << " has no nn.name";
      emit.location = NameLoc::get(name, old.getLoc());
      auto type = cast<RankedTensorType>(argument.getType());
      auto dtype = dtypeOf(type.getElementType(), old);
      if (failed(dtype))
        return failure();
      if (old.getArgAttr(index, "nn.public")) {
        auto value = emit.create<mpc::PublicInputOp>(
            type.clone(emit.builder.getF32Type()), name.getValue(), *dtype,
            owners.inputs[index], FloatAttr(), FloatAttr());
        if (isMask(argument)) {
          value.setLowAttr(emit.builder.getF64FloatAttr(0));
          value.setHighAttr(emit.builder.getF64FloatAttr(1));
        }
        state.bindPlain(argument, value.getResult());
        continue;
      }
      if (argument.use_empty())
        continue;
      // Numbers are secrets at once; what indexes and masks are made of stays
      // with its owner until it is one-hot rows or factors.
      const bool isNumber = type.getElementType().isF32() && !isMask(argument);
      Range accepted = rangeOfIntegers(argument);
      if (isNumber) {
        auto range = state.range(argument);
        if (failed(range))
          return failure();
        accepted = *range;
      }
      const unsigned owner = owners.inputs[index];
      auto input = [&](Type result) -> Value {
        return emit.create<mpc::InputOp>(result, name.getValue(), *dtype,
                                         APFloat(accepted.low),
                                         APFloat(accepted.high));
      };
      if (!isNumber) {
        state.bindPlain(argument,
                        input(mpc::LocalType::get(old.getContext(),
                                                  type.getShape(), owner)));
        continue;
      }
      Value owned = input(mpc::OwnedType::get(old.getContext(), type.getShape(),
                                              emit.fraction, 64, owner));
      Value wire = emit.create<mpc::ShareOp>(
          emit.shared(type.getShape(), emit.fraction), owned);
      state.bind(argument, Secret{wire, accepted.bound()});
    }
    return success();
  }

  LogicalResult lowerOp(Operation *op, SuiteSet &protocols,
                        Lowering &state) const {
    Emitter &emit = state.emit;
    if (auto constant = dyn_cast<nn::ConstantOp>(op)) {
      state.bindPlain(constant.getResult(), publicConstant(constant, emit));
      return success();
    }
    if (auto param = dyn_cast<nn::ParamOp>(op))
      return lowerParam(param, state);
    if (llvm::all_of(op->getOperands(), [&](Value operand) {
          return bool(state.plain(operand));
        })) {
      const bool severalOwners = haveSeveralOwners(op, state);
      if (!severalOwners && lowerPlain(op, state))
        return success();
      // What no owner can compute exactly becomes a secret, if it can.
      bool isFloat = cast<RankedTensorType>(op->getResult(0).getType())
                         .getElementType()
                         .isF32();
      if (!isFloat || llvm::all_of(op->getOperands(), [&](Value operand) {
            return state.isPublic(operand);
          }))
        return op->emitError("'")
               << op->getName()
               << (severalOwners
                       ? "' takes integers or truth values of several owners, "
                         "none of whom knows all: give these inputs to one "
                         "(--inputs-of)"
                       : "' on an input is not supported at run time; make it "
                         "a constant of the model");
    }
    if (isComparison(op, state))
      return lowerComparison(op, state);
    if (auto unary = dyn_cast<nn::UnaryOp>(op);
        unary && unary.getKind() == nn::UnaryKind::Neg)
      return lowerLinear(op, state);
    return TypeSwitch<Operation *, LogicalResult>(op)
        .Case<nn::SoftmaxOp, nn::LogSoftmaxOp, nn::LayerNormOp, nn::UnaryOp,
              nn::PowOp>([&](auto smooth) -> LogicalResult {
          auto chosen = protocols.of(op);
          return failed(chosen) ? failure() : (*chosen)->lower(smooth, state);
        })
        .Default([&](Operation *other) { return lowerLinear(other, state); });
  }

  /// Constants of integers become numbers like all public values.
  static Value publicConstant(nn::ConstantOp op, Emitter &emit) {
    auto type =
        cast<RankedTensorType>(op.getType()).clone(emit.builder.getF32Type());
    auto value = cast<DenseElementsAttr>(op.getValue());
    if (auto ints = dyn_cast<DenseIntElementsAttr>(value))
      value = ints.mapValues(type.getElementType(), [&](const APInt &element) {
        bool isBool = element.getBitWidth() == 1;
        return APFloat(isBool ? float(element.getZExtValue())
                              : float(element.getSExtValue()))
            .bitcastToAPInt();
      });
    return emit.create<mpc::ConstantOp>(type, value);
  }

  LogicalResult lowerParam(nn::ParamOp op, Lowering &state) const {
    Emitter &emit = state.emit;
    auto weight = SymbolTable::lookupNearestSymbolFrom<nn::WeightOp>(
        op, op.getWeightAttr());
    auto range = state.range(op.getResult());
    if (failed(range))
      return failure();
    auto shape = cast<RankedTensorType>(op.getType()).getShape();
    const unsigned scale = emit.factorScale(range->bound());
    auto owned =
        mpc::OwnedType::get(op.getContext(), shape, scale, 64, owners.weights);
    Value value = emit.create<mpc::ParamOp>(owned, weight.getSymName(),
                                            weight.getOffset());
    Value wire = emit.create<mpc::ShareOp>(emit.shared(shape, scale), value);
    state.bind(op.getResult(), Secret{wire, range->bound()});
    return success();
  }

  LogicalResult lowerResults(func::FuncOp old, Lowering &state) const {
    Emitter &emit = state.emit;
    Operation *terminator = old.getBody().front().getTerminator();
    for (auto [index, value] : llvm::enumerate(terminator->getOperands())) {
      auto name = old.getResultAttrOfType<StringAttr>(index, "nn.name");
      if (!name)
        return old.emitError("result ") << index << " has no nn.name";
      emit.location = NameLoc::get(name, old.getLoc());
      if (state.isPublic(value))
        return emitError(emit.location) << "output '" << name.getValue()
                                        << "' does not depend on any secret";
      auto x = state.secret(value);
      if (failed(x))
        return failure();
      auto element = cast<RankedTensorType>(value.getType()).getElementType();
      auto dtype = dtypeOf(element, old);
      if (failed(dtype))
        return failure();
      // Integers and decisions are exact as they stand.
      Secret exact = emit.atScale(
          *x, element.isF32() ? emit.factorScale(x->bound) : x->scale());
      auto owned = mpc::OwnedType::get(old.getContext(), exact.shape(),
                                       exact.scale(), 64, owners.results);
      Value revealed =
          emit.create<mpc::RevealOp>(owned, exact.wire, APFloat(exact.bound));
      emit.create<mpc::OutputOp>(name.getValue(), revealed, FloatAttr(),
                                 *dtype);
    }
    func::ReturnOp::create(emit.builder, old.getLoc());
    return success();
  }

  Owners owners;
};
} // namespace
