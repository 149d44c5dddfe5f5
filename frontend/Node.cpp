//===- Node.cpp - one ONNX node, as its import function sees it -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Node.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;
using onnx::AttributeProto;

Node::Node(GraphImporter &importer, const onnx::NodeProto &proto, int index)
    : importer(importer), proto(proto),
      location(locationOf(proto, index, importer.getBuilder().getContext())),
      opsetVersion(importer.getFile().opset(proto.domain())) {}

InFlightDiagnostic Node::error() {
  InFlightDiagnostic diagnostic = emitError(location)
                                  << proto.op_type() << ": ";
  if (failed)
    diagnostic.abandon();
  failed = true;
  return diagnostic;
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

int32_t Node::dataType(int i) const {
  return importer.declaredType(proto.input(i));
}

Value Node::requiredInput(int i) {
  Value value = input(i);
  if (!value)
    error() << "expected an operand at position " << i << ", found none";
  return value;
}

bool Node::isConstant(int i) {
  Value value = input(i);
  return value && importer.constantOf(value);
}

std::optional<nn::Tensor> Node::constantInput(int i, StringRef what) {
  Value value = requiredInput(i);
  return value ? known(value, (what + " ('" + proto.input(i) + "')").str())
               : std::nullopt;
}

std::optional<nn::Tensor> Node::known(Value value, StringRef what) {
  if (failed || !value)
    return std::nullopt;
  std::string excess;
  if (const nn::Tensor *tensor = importer.knownOf(value, excess)) {
    // It will be looked through.
    if (!spend({0, uint64_t(tensor->size())}))
      return std::nullopt;
    return *tensor;
  }
  if (!excess.empty())
    error() << excess;
  error() << "expected " << what
          << " that is known when the model is compiled, found one that "
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

std::optional<int64_t> Node::integerInput(int i, StringRef what) {
  auto number = numberInput(i, what);
  return number ? std::optional(nn::toNumber<int64_t>(*number)) : std::nullopt;
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
