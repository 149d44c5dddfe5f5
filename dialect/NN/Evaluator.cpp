//===- Evaluator.cpp - the nn dialect in plain float32 --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluator.h"

#include "dialect/NN/Evaluate.h"
#include "dialect/NN/WeightStore.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer::nn;

Evaluated secformer::nn::compute(Operation *op, Operands operands) {
  return llvm::TypeSwitch<Operation *, Evaluated>(op)
      .Case<AddOp, SubOp, MulOp, DivOp, PowOp, MaxOp, MinOp, ModOp, CompareOp,
            LogicalOp, NotOp, SelectOp, UnaryOp, CastOp, ReduceOp, ArgmaxOp,
            CumsumOp, LogSoftmaxOp, SoftmaxOp, LayerNormOp, MatmulOp, ConvOp,
            ConstantOp, TransposeOp, ReshapeOp, BroadcastOp, ConcatOp, SliceOp,
            PadOp, GatherOp, ScatterOp, TopIdsOp, EmbeddingOp, OneHotOp,
            TriluOp>(
          [&](auto concrete) { return evaluate(concrete, operands); })
      .Default([](Operation *) {
        return evaluationError("expected an operation of the nn dialect");
      });
}

FailureOr<Tensor> secformer::nn::evaluateOp(Operation *op, Operands operands) {
  Evaluated result = compute(op, operands);
  if (!result) {
    op->emitError("cannot evaluate '")
        << op->getName() << "': " << llvm::toString(result.takeError());
    return failure();
  }
  assert(result->getType(op->getContext()) == op->getResult(0).getType() &&
         "evaluator and type inference differ");
  return std::move(*result);
}

static std::string nameOr(StringAttr name, const char *prefix, unsigned index) {
  return name ? name.str() : (prefix + Twine(index)).str();
}

std::string secformer::nn::argumentName(func::FuncOp function, unsigned index) {
  return nameOr(
      function.getArgAttrOfType<StringAttr>(index, NNDialect::nameAttr), "arg",
      index);
}

std::string secformer::nn::resultName(func::FuncOp function, unsigned index) {
  return nameOr(
      function.getResultAttrOfType<StringAttr>(index, NNDialect::nameAttr),
      "result", index);
}

namespace {
/// Values that are still needed, each with the number of uses to come.
class Environment {
public:
  void define(Value value, Tensor tensor) {
    int64_t uses = std::distance(value.use_begin(), value.use_end());
    if (uses)
      values[value] = {std::move(tensor), uses};
  }

  Tensor use(Value value) {
    auto entry = values.find(value);
    assert(entry != values.end() && "value used before its definition");
    Tensor tensor = entry->second.first;
    if (--entry->second.second == 0)
      values.erase(entry);
    return tensor;
  }

private:
  llvm::DenseMap<Value, std::pair<Tensor, int64_t>> values;
};
} // namespace

static LogicalResult bindArguments(func::FuncOp function,
                                   const TensorMap &inputs,
                                   Environment &environment) {
  for (BlockArgument argument : function.getArguments()) {
    std::string name = argumentName(function, argument.getArgNumber());
    auto given = inputs.find(name);
    if (given == inputs.end())
      return function.emitError("no value for the input '")
             << name << "': expected " << argument.getType();
    Type found = given->second.getType(function.getContext());
    if (found != argument.getType())
      return function.emitError("input '")
             << name << "': expected " << argument.getType() << ", found "
             << found;
    environment.define(argument, given->second);
  }
  return success();
}

static FailureOr<Tensor> lookupParam(ParamOp param,
                                     const WeightStore &weights) {
  const Tensor *tensor = weights.lookup(param.getWeight());
  if (!tensor || tensor->getType(param.getContext()) != param.getType())
    return param.emitError("no values of type ")
           << param.getType() << " for the weight @" << param.getWeight()
           << ": load the weight file";
  return *tensor;
}

FailureOr<std::vector<Tensor>>
secformer::nn::evaluateFunction(func::FuncOp function, const TensorMap &inputs,
                                const WeightStore &weights, Observer observer) {
  if (!function.getBody().hasOneBlock())
    return function.emitError("expected a function of one block");
  Environment environment;
  if (failed(bindArguments(function, inputs, environment)))
    return failure();
  for (Operation &op : function.getBody().front()) {
    SmallVector<Tensor> operands;
    for (Value operand : op.getOperands())
      operands.push_back(environment.use(operand));
    if (isa<func::ReturnOp>(op))
      return std::vector<Tensor>(operands.begin(), operands.end());
    auto param = dyn_cast<ParamOp>(op);
    FailureOr<Tensor> result =
        param ? lookupParam(param, weights) : evaluateOp(&op, operands);
    if (failed(result))
      return failure();
    if (observer)
      observer(&op, operands, *result);
    environment.define(op.getResult(0), std::move(*result));
  }
  return function.emitError("expected a return");
}
