//===- CentreResiduals.cpp - sums that have no mean to subtract -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/CentreResiduals.h"
#include "passes/NN/Match.h"
#include "passes/NN/Secrecy.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::nn;

namespace {

/// What a summand is, by who takes its mean away.
enum class Summand : uint8_t {
  Sum,       ///< its own summands
  Weights,   ///< the weights that make it, or that it is
  Operation, ///< an operation: it is the result of a LayerNorm, or public
  None,
};

/// The weights whose rows a value is made of, or null.
OpOperand *weightsOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, OpOperand *>(op)
      .Case([](MatmulOp matmul) { return &matmul.getRhsMutable(); })
      .Case([](EmbeddingOp embedding) { return &embedding.getTableMutable(); })
      .Case([](GatherOp gather) {
        const int64_t rank = tensorType(gather.getInput()).getRank();
        return int64_t(gather.getAxis()) < rank - 1 ? &gather.getInputMutable()
                                                    : nullptr;
      })
      .Default([](Operation *) { return nullptr; });
}

class Centring {
public:
  Centring(func::FuncOp function, WeightStore &weights)
      : function(function), module(function->getParentOfType<ModuleOp>()),
        weights(weights) {}

  void run() {
    function.walk([&](LayerNormOp op) {
      if (!op.getRms() && int64_t(op.getAxis()) == rankOf(op.getInput()) - 1)
        norms.insert(op);
    });
    while (!norms.empty() && dropOne())
      ;
    for (LayerNormOp norm : norms) {
      OpBuilder builder(norm);
      norm.getInputMutable().assign(centred(norm.getInput()));
      norm.setRms(true);
    }
    eraseDeadOperations(function);
  }

private:
  static int64_t rankOf(Value value) { return tensorType(value).getRank(); }
  static int64_t widthOf(Value value) {
    return rankOf(value) ? tensorType(value).getShape().back() : 1;
  }

  Summand kindOf(Value value, int64_t width) {
    Operation *op = value.getDefiningOp();
    if (!op || widthOf(value) != width)
      return Summand::None;
    if (isa<AddOp>(op) ||
        (isa<ReshapeOp>(op) && widthOf(op->getOperand(0)) == width))
      return Summand::Sum;
    if (isa<LayerNormOp>(op))
      return Summand::Operation;
    OpOperand *made = weightsOf(op);
    auto param =
        made ? made->get().getDefiningOp<ParamOp>() : dyn_cast<ParamOp>(op);
    if (!param || !weights.lookup(param.getWeight()))
      return Summand::None;
    // Who declares a table public may want to find it again.
    return isPublicWeight(param) ? Summand::Operation : Summand::Weights;
  }

  /// All that leads to the value as a sum; failure if something else does.
  /// \p made: is a product or a table among it?
  LogicalResult collect(Value value, int64_t width,
                        llvm::SetVector<Value> &summands, bool &made) {
    const Summand kind = kindOf(value, width);
    if (kind == Summand::None)
      return failure();
    if (kind == Summand::Operation || !summands.insert(value))
      return success();
    Operation *op = value.getDefiningOp();
    made |= kind == Summand::Weights && weightsOf(op);
    if (kind == Summand::Sum)
      for (Value operand : op->getOperands())
        if (failed(collect(operand, width, summands, made)))
          return failure();
    return success();
  }

  /// Drops a LayerNorm of which something else reads a summand, too, or which
  /// normalizes no such sum; false if there is none.
  bool dropOne() {
    using Values = llvm::SetVector<Value>;
    Values all;
    llvm::MapVector<LayerNormOp, Values> summands;
    for (LayerNormOp norm : norms) {
      bool made = false;
      Values &own = summands[norm];
      if (failed(
              collect(norm.getInput(), widthOf(norm.getInput()), own, made)) ||
          !made)
        return norms.remove(norm);
      all.insert_range(own);
    }
    // A parameter is cheap to have twice.
    auto readElsewhere = [&](Value value) {
      return !value.getDefiningOp<ParamOp>() &&
             llvm::any_of(value.getUsers(), [&](Operation *user) {
               auto norm = dyn_cast<LayerNormOp>(user);
               return norm ? !norms.contains(norm)
                           : user->getNumResults() != 1 ||
                                 !all.contains(user->getResult(0));
             });
    };
    for (const auto &[norm, own] : summands)
      if (llvm::any_of(own, readElsewhere))
        return norms.remove(norm);
    return false;
  }

  Value centred(Value value) {
    if (Value known = done.lookup(value))
      return known;
    return done[value] = centre(value);
  }

  Value centre(Value value) {
    Operation *op = value.getDefiningOp();
    OpBuilder builder(op);
    builder.setInsertionPointAfter(op);
    switch (kindOf(value, widthOf(value))) {
    case Summand::Sum: {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(centred(operand));
      Operation *again = builder.clone(*op);
      again->setOperands(operands);
      return again->getResult(0);
    }
    case Summand::Weights: {
      OpOperand *made = weightsOf(op);
      if (!made)
        return centredParam(builder, cast<ParamOp>(op));
      Operation *again = builder.clone(*op);
      OpBuilder before(op);
      again->setOperand(
          made->getOperandNumber(),
          centredParam(before, made->get().getDefiningOp<ParamOp>()));
      return again->getResult(0);
    }
    case Summand::Operation: {
      Value mean = ReduceOp::create(builder, op->getLoc(), ReduceKind::Mean,
                                    value, ArrayRef<int64_t>{rankOf(value) - 1},
                                    /*keepdims=*/true);
      return SubOp::create(builder, op->getLoc(), value, mean);
    }
    case Summand::None:
      break;
    }
    llvm_unreachable("not a summand");
  }

  /// A weight less the mean of its last axis, made once.
  Value centredParam(OpBuilder &builder, ParamOp param) {
    WeightOp &weight = lessMean[param.getWeight()];
    if (!weight) {
      const Tensor &given = *weights.lookup(param.getWeight());
      const int64_t width = given.getShape().back();
      Tensor made = Tensor::build<float>(
          given.getShape(), [&](MutableArrayRef<float> out) {
            ArrayRef<float> in = given.values<float>();
            for (int64_t row = 0; row < int64_t(in.size()); row += width) {
              double sum = 0;
              for (float element : in.slice(row, width))
                sum += element;
              for (int64_t i = row; i < row + width; ++i)
                out[i] = float(in[i] - sum / double(width));
            }
          });
      auto from = SymbolTable::lookupNearestSymbolFrom<WeightOp>(
          param, param.getWeightAttr());
      weights.setAside(param.getWeight());
      weight =
          weights.add(module, (param.getWeight() + ".centred").str(), made);
      weight->setDiscardableAttrs(from->getDiscardableAttrDictionary());
    }
    return ParamOp::create(builder, param.getLoc(), param.getType(),
                           weight.getSymName());
  }

  func::FuncOp function;
  ModuleOp module;
  WeightStore &weights;
  llvm::SetVector<LayerNormOp> norms;
  DenseMap<Value, Value> done;
  llvm::StringMap<WeightOp> lessMean;
};

} // namespace

void secformer::nn::centreResiduals(func::FuncOp function,
                                    WeightStore &weights) {
  Centring(function, weights).run();
}
