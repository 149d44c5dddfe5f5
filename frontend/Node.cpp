//===- Node.cpp - one ONNX node, as its import function sees it -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Node.h"

#include "dialect/NN/Evaluator.h"
#include "frontend/OnnxTensor.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;
using onnx::AttributeProto;

/// What is larger is left to run time rather than computed by the importer.
static constexpr int64_t maxFoldedElements = int64_t(1) << 28;

Node::Node(GraphImporter &importer, const onnx::NodeProto &proto, int index)
    : importer(importer), proto(proto),
      location(locationOf(proto, index, importer.getBuilder().getContext())),
      opsetVersion(importer.getFile().opset(proto.domain())) {}

InFlightDiagnostic Node::error() {
  failed = true;
  return emitError(location) << proto.op_type() << ": ";
}

bool Node::hasOutput(int i) const {
  return i < proto.output_size() && !proto.output(i).empty();
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool Node::hasInput(int i) const {
  return i < proto.input_size() && !proto.input(i).empty();
}

Value Node::input(int i) {
  if (failed || !hasInput(i))
    return {};
  FailureOr<Value> value = importer.lookup(proto.input(i));
  failed = mlir::failed(value);
  if (failed)
    return {};
  if (!*value)
    error() << "cannot use '" << proto.input(i)
            << "': this optional result of its node is not supported";
  return *value;
}

bool Node::isConstant(int i) {
  Value value = input(i);
  return value && importer.constantOf(value);
}

std::optional<nn::Tensor> Node::constantInput(int i, StringRef what) {
  Value value = input(i);
  if (!value)
    return std::nullopt;
  if (const nn::Tensor *tensor = importer.knownOf(value))
    return *tensor;
  error() << "expected " << what << " ('" << proto.input(i)
          << "') that is known when the model is compiled, found one that "
             "depends on the model's inputs";
  return std::nullopt;
}

std::optional<SmallVector<int64_t>> Node::integersInput(int i, StringRef what) {
  auto tensor = constantInput(i, what);
  if (!tensor)
    return std::nullopt;
  if (tensor->getElement() != nn::Element::F32 && tensor->getRank() <= 1)
    return tensor->integers();
  error() << "expected " << what << " as a list of integers, found "
          << nn::elementName(tensor->getElement()) << " of shape "
          << nn::toString(tensor->getShape());
  return std::nullopt;
}

std::optional<double> Node::numberInput(int i, StringRef what) {
  auto tensor = constantInput(i, what);
  if (!tensor)
    return std::nullopt;
  if (tensor->size() == 1)
    return tensor->at(0);
  error() << "expected " << what << " as one number, found shape "
          << nn::toString(tensor->getShape());
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const AttributeProto *Node::attribute(StringRef name) const {
  for (const AttributeProto &attribute : proto.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

const AttributeProto *Node::typed(StringRef name,
                                  AttributeProto::AttributeType type) {
  const AttributeProto *found = attribute(name);
  if (!found || found->type() == type)
    return found;
  error() << "expected the attribute '" << name << "' to be "
          << AttributeProto::AttributeType_Name(type) << ", found "
          << AttributeProto::AttributeType_Name(found->type());
  return nullptr;
}

int64_t Node::integer(StringRef name, int64_t otherwise) {
  auto found = typed(name, AttributeProto::INT);
  return found ? found->i() : otherwise;
}

float Node::number(StringRef name, float otherwise) {
  auto found = typed(name, AttributeProto::FLOAT);
  return found ? found->f() : otherwise;
}

std::string Node::text(StringRef name, StringRef otherwise) {
  auto found = typed(name, AttributeProto::STRING);
  return found ? found->s() : otherwise.str();
}

std::optional<SmallVector<int64_t>> Node::integers(StringRef name) {
  auto found = typed(name, AttributeProto::INTS);
  if (!found)
    return std::nullopt;
  return SmallVector<int64_t>(found->ints().begin(), found->ints().end());
}

SmallVector<float> Node::numbers(StringRef name) {
  auto found = typed(name, AttributeProto::FLOATS);
  return found ? SmallVector<float>(found->floats().begin(),
                                    found->floats().end())
               : SmallVector<float>();
}

std::optional<SmallVector<int64_t>> Node::integersUntil(int64_t opset,
                                                        StringRef name, int i) {
  if (opsetVersion < opset)
    return integers(name);
  return hasInput(i) ? integersInput(i, name) : std::nullopt;
}

int64_t Node::axis(int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  if (!failed)
    error() << "expected an axis from " << -rank << " to " << rank - 1
            << ", found " << axis;
  return 0;
}

SmallVector<int64_t> Node::axes(nn::Extents axes, int64_t rank) {
  return llvm::map_to_vector(axes,
                             [&](int64_t one) { return axis(one, rank); });
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

Value Node::finish(Operation *op) {
  MLIRContext *context = op->getContext();
  std::string message;
  LogicalResult result = success();
  {
    // What the dialect has to say is said of the node.
    ScopedDiagnosticHandler capture(
        context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
    SmallVector<Type> types;
    if (auto inferring = dyn_cast<InferTypeOpInterface>(op)) {
      result = inferring.inferReturnTypes(
          context, location, op->getOperands(), op->getRawDictionaryAttrs(),
          op->getPropertiesStorage(), op->getRegions(), types);
      if (succeeded(result))
        op->getResult(0).setType(types.front());
    }
    if (succeeded(result))
      result = verify(op);
  }
  if (succeeded(result))
    return fold(op);
  error() << message;
  op->erase();
  return {};
}

Value Node::fold(Operation *op) {
  Value result = op->getResult(0);
  SmallVector<nn::Tensor> operands;
  bool secret = false;
  for (Value operand : op->getOperands()) {
    const nn::Tensor *tensor = importer.constantOf(operand);
    if (!tensor)
      return result;
    operands.push_back(*tensor);
    secret |= importer.isSecret(operand);
  }
  if (nn::sizeOf(shapeOf(result)) > maxFoldedElements)
    return result;
  auto tensor = nn::compute(op, operands);
  op->erase();
  if (!tensor) {
    error() << llvm::toString(tensor.takeError());
    return {};
  }
  return importer.constant(std::move(*tensor), secret, location,
                           location.getName());
}

template <class OpTy> Value Node::retype(Value value, RankedTensorType type) {
  if (failed || value.getType() == type)
    return value;
  return finish(OpTy::create(importer.getBuilder(), location, type, value));
}

Value Node::cast(Value value, nn::Element to) {
  auto type = RankedTensorType::get(shapeOf(value),
                                    nn::elementType(to, location.getContext()));
  return retype<nn::CastOp>(value, type);
}

Value Node::reshape(Value value, nn::Extents shape) {
  auto type = RankedTensorType::get(
      shape, nn::elementType(elementOf(value), location.getContext()));
  return retype<nn::ReshapeOp>(value, type);
}

Value Node::broadcast(Value value, nn::Extents shape) {
  auto type = RankedTensorType::get(
      shape, nn::elementType(elementOf(value), location.getContext()));
  return retype<nn::BroadcastOp>(value, type);
}

Value Node::unary(nn::UnaryKind kind, Value value) {
  return build<nn::UnaryOp>(kind, value);
}

Value Node::transpose(Value value, nn::Extents perm) {
  return build<nn::TransposeOp>(value, perm);
}

Value Node::transposeLast(Value value) {
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(value)));
  if (perm.size() >= 2)
    std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return transpose(value, perm);
}

Value Node::slice(Value value, nn::Extents starts, nn::Extents sizes) {
  SmallVector<int64_t> strides(starts.size(), 1);
  return build<nn::SliceOp>(value, starts, sizes, strides);
}

Value Node::constant(nn::Tensor tensor) {
  if (failed)
    return {};
  return importer.constant(std::move(tensor), /*secret=*/false, location,
                           location.getName());
}

Value Node::stored(nn::Tensor tensor) {
  bool secret = isWeight(tensor);
  return importer.constant(std::move(tensor), secret, location,
                           location.getName());
}

Value Node::stored(const onnx::TensorProto &proto) {
  FailureOr<nn::Tensor> tensor =
      readTensor(proto, importer.getFile(), location);
  failed |= mlir::failed(tensor);
  return failed ? Value() : stored(*tensor);
}

Value Node::scalar(double value, Value like) {
  return constant(
      nn::Tensor::of<float>({}, {float(value)}).cast(elementOf(like)));
}
