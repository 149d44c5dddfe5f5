//===- GraphImporter.cpp - a graph becomes a function ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/GraphImporter.h"

#include "frontend/GraphOrder.h"
#include "frontend/Node.h"
#include "frontend/OnnxTensor.h"
#include "frontend/Operators.h"
#include "frontend/ReadableErrors.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/SetVector.h"

#include <set>

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

/// Marks weights that anybody may know.
static constexpr StringLiteral publicAttr = "nn.public";

/// Scores below this are as good as minus infinity: a mask, not a weight.
static constexpr float maskedScore = -1000;

GraphImporter::GraphImporter(const ModelFile &file,
                             const ImportOptions &options,
                             nn::WeightStore &weights)
    : file(file), options(options), weights(weights),
      module(ModuleOp::create(file.location)),
      builder(module->getBodyRegion()) {
  for (const onnx::TensorProto &tensor : file.graph().initializer())
    initializers[tensor.name()] = &tensor;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const nn::Tensor *GraphImporter::constantOf(Value value) const {
  auto found = constants.find(value);
  return found == constants.end() ? nullptr : &found->second;
}

/// The operations that a value is computed by and the constants do not know, in
/// program order, and the arguments that they read.
static SmallVector<Operation *>
computationOf(Value value, llvm::SmallPtrSetImpl<Value> &arguments,
              function_ref<bool(Value)> isKnown) {
  llvm::SetVector<Operation *> found;
  SmallVector<Value> pending{value};
  while (!pending.empty()) {
    Value next = pending.pop_back_val();
    if (isKnown(next))
      continue;
    Operation *op = next.getDefiningOp();
    if (!op)
      arguments.insert(next);
    else if (found.insert(op))
      llvm::append_range(pending, op->getOperands());
  }
  SmallVector<Operation *> order = found.takeVector();
  llvm::sort(order,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return order;
}

const nn::Tensor *GraphImporter::knownOf(Value value, std::string &excess) {
  if (options.inputs.empty())
    return constantOf(value);
  llvm::SmallPtrSet<Value, 4> arguments;
  auto computation = computationOf(value, arguments, [&](Value operand) {
    return constants.contains(operand);
  });
  for (Value argument : arguments) {
    auto block = cast<BlockArgument>(argument);
    auto given = options.inputs.find(
        nn::argumentName(cast<func::FuncOp>(block.getOwner()->getParentOp()),
                         block.getArgNumber()));
    if (given == options.inputs.end() ||
        given->second.getType(argument.getContext()) != argument.getType())
      return nullptr;
    constants[argument] = given->second;
  }
  for (Operation *op : computation) {
    SmallVector<nn::Tensor> operands;
    for (Value operand : op->getOperands())
      operands.push_back(constants.lookup(operand));
    excess = file.budget->spend(costOf(op));
    if (!excess.empty())
      return nullptr;
    auto result = nn::compute(op, operands);
    if (!result) {
      llvm::consumeError(result.takeError());
      return nullptr;
    }
    constants[op->getResult(0)] = std::move(*result);
  }
  return constantOf(value);
}

int32_t GraphImporter::declaredType(const std::string &name) {
  if (!declaredTypes) {
    declaredTypes.emplace();
    const onnx::GraphProto &graph = file.graph();
    for (const onnx::TensorProto &tensor : graph.initializer())
      declaredTypes->try_emplace(tensor.name(), tensor.data_type());
    for (const auto *list : {&graph.input(), &graph.value_info()})
      for (const onnx::ValueInfoProto &value : *list)
        declaredTypes->try_emplace(value.name(),
                                   value.type().tensor_type().elem_type());
    for (const onnx::NodeProto &node : graph.node())
      if (node.op_type() == "Constant" && node.output_size() &&
          node.attribute_size())
        declaredTypes->try_emplace(node.output(0),
                                   node.attribute(0).t().data_type());
  }
  return declaredTypes->lookup(name);
}

bool GraphImporter::isSecret(Value value) const {
  auto param = value.getDefiningOp<nn::ParamOp>();
  return param && !param->hasAttr(publicAttr);
}

Value GraphImporter::constant(nn::Tensor tensor, bool secret, Location location,
                              StringRef name) {
  Value value;
  // Only floats can be weights; integers and booleans are public.
  secret &= tensor.getElement() == nn::Element::F32;
  if (!secret && nn::fitsConstant(tensor)) {
    value = nn::ConstantOp::create(builder, location,
                                   tensor.toAttribute(builder.getContext()));
  } else {
    auto weight = weights.add(*module, name, tensor);
    auto param = nn::ParamOp::create(builder, location, weight.getType(),
                                     weight.getSymName());
    if (!secret) {
      weight->setAttr(publicAttr, builder.getUnitAttr());
      param->setAttr(publicAttr, builder.getUnitAttr());
    }
    value = param;
  }
  constants[value] = std::move(tensor);
  return value;
}

bool secformer::frontend::isWeight(const nn::Tensor &tensor) {
  if (tensor.getElement() != nn::Element::F32 || tensor.size() <= 1)
    return false;
  auto values = tensor.values<float>();
  float least = *llvm::min_element(values);
  return least > maskedScore || !llvm::all_of(values, [&](float value) {
           return value == 0 || value == least;
         });
}

FailureOr<Value>
GraphImporter::importInitializer(const onnx::TensorProto &proto) {
  auto location =
      NameLoc::get(StringAttr::get(builder.getContext(), proto.name()));
  FailureOr<nn::Tensor> tensor = readTensor(proto, file, location);
  if (failed(tensor))
    return failure();
  return constant(*tensor, isWeight(*tensor), location, proto.name());
}

FailureOr<Value> GraphImporter::lookup(const std::string &name) {
  auto initializer = initializers.find(name);
  if (values.contains(name) || initializer == initializers.end())
    return values.lookup(name);
  FailureOr<Value> value = importInitializer(*initializer->second);
  if (succeeded(value))
    values[name] = *value;
  return value;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importNode(const onnx::NodeProto &proto,
                                        int index) {
  Node node(*this, proto, index);
  const Operator *row = findOperator(file, proto);
  assert(row && "unsupported operators are reported before");
  for (int i = 0; i < row->operands; ++i)
    if (!node.input(i) && !node.hasFailed())
      node.error() << "expected " << row->operands
                   << " operands or more, found none at position " << i;
  if (node.hasFailed())
    return failure();
  Results results = row->import(node);
  if (node.hasFailed())
    return failure();
  for (auto [i, name] : llvm::enumerate(proto.output())) {
    if (name.empty())
      continue;
    values[name] = i < results.size() ? results[i] : Value();
  }
  return success();
}

/// Removes what no result needs; inputs stay.
static void removeUnused(func::FuncOp function) {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (!isa<func::ReturnOp>(op) && op.use_empty())
      op.erase();
}

LogicalResult GraphImporter::finish(func::FuncOp function) {
  SmallVector<Value> results;
  SmallVector<Type> types;
  for (const onnx::ValueInfoProto &output : file.graph().output()) {
    FailureOr<Value> value = lookup(output.name());
    if (failed(value))
      return failure();
    if (!*value)
      return emitError(file.location, "the output '")
             << output.name()
             << "' is an optional result of its node that is not supported";
    results.push_back(*value);
    types.push_back(value->getType());
  }
  func::ReturnOp::create(builder, file.location, results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
  for (auto [i, output] : llvm::enumerate(file.graph().output()))
    function.setResultAttr(i, nn::NNDialect::nameAttr,
                           builder.getStringAttr(output.name()));
  removeUnused(function);
  weights.compact(*module);
  return verify(*module);
}

FailureOr<OwningOpRef<ModuleOp>>
GraphImporter::run(ArrayRef<InputSignature> inputs, ArrayRef<int> order) {
  SmallVector<Type> types;
  for (const InputSignature &input : inputs)
    types.push_back(input.type);
  auto function = func::FuncOp::create(builder, file.location, "main",
                                       builder.getFunctionType(types, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  for (auto [i, input] : llvm::enumerate(inputs)) {
    function.setArgAttr(i, nn::NNDialect::nameAttr,
                        builder.getStringAttr(input.name));
    values[input.name] = function.getArgument(i);
  }
  for (int index : order)
    if (failed(importNode(file.graph().node(index), index)))
      return failure();
  if (failed(finish(function)))
    return failure();
  return std::move(module);
}

/// Says which other floating point types are computed in float32.
static void remarkOnFloats(const ModelFile &file) {
  // Any number may stand there, also those that hash tables keep for
  // themselves.
  std::set<int32_t> types;
  for (const onnx::ValueInfoProto &input : file.graph().input())
    types.insert(input.type().tensor_type().elem_type());
  for (const onnx::TensorProto &tensor : file.graph().initializer())
    types.insert(tensor.data_type());
  for (int32_t type : types)
    if (type != onnx::TensorProto::FLOAT &&
        elementOfOnnx(type) == nn::Element::F32)
      emitRemark(file.location, "the model's ")
          << dataTypeName(type) << " values are computed in float32";
}

FailureOr<OwningOpRef<ModuleOp>>
secformer::importOnnx(StringRef file, const ImportOptions &options,
                      MLIRContext &context, nn::WeightStore &weights) {
  context.loadDialect<func::FuncDialect, nn::NNDialect>();
  ReadableErrors readable(&context);
  FailureOr<ModelFile> model = readModelFile(file, context);
  if (failed(model))
    return failure();
  FailureOr<std::vector<int>> order = orderNodes(*model);
  if (failed(order) || failed(reportUnsupported(*model, *order)))
    return failure();
  FailureOr<std::vector<InputSignature>> inputs = bindInputs(*model, options);
  if (failed(inputs))
    return failure();
  remarkOnFloats(*model);
  return GraphImporter(*model, options, weights).run(*inputs, *order);
}
