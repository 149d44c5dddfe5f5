//===- MutateOnnx.cpp - changes of models that stay models ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"
#include "mutable_onnx.pb.h"

#include <cmath>
#include <limits>
#include <random>

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using namespace secformer::frontend;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

namespace {

/// Numbers at which something changes.
constexpr int64_t integers[] = {0,
                                1,
                                2,
                                3,
                                7,
                                -1,
                                -2,
                                16,
                                33,
                                255,
                                1 << 16,
                                1 << 24,
                                std::numeric_limits<int32_t>::max(),
                                std::numeric_limits<int32_t>::min(),
                                int64_t(1) << 32,
                                int64_t(1) << 62,
                                std::numeric_limits<int64_t>::max(),
                                std::numeric_limits<int64_t>::min()};
constexpr double floats[] = {0,    1,   -1,        0.5,      3,          1e-30,
                             1e30, 255, -INFINITY, INFINITY, 2147483648, NAN};

class Mutator {
  size_t below(size_t count) { return count ? random() % count : 0; }
  template <class List> auto &pick(List &&list) {
    return list[below(std::size(list))];
  }

public:
  Mutator(mutable_onnx::ModelProto &model, unsigned seed)
      : model(model), random(seed) {}

  void run() {
    for (size_t i = below(3) + 1; i > 0; --i)
      switch (below(8)) {
      case 0:
        addNode();
        break;
      case 1:
        rewire();
        break;
      case 2:
        renameOperator();
        break;
      default:
        change(pick(messagesOf(&model)));
      }
  }

  /// Adds a node of another model and the initializers that it names.
  void take(const mutable_onnx::GraphProto &other) {
    if (!other.node_size())
      return;
    auto &graph = *model.mutable_graph();
    auto &node = *graph.add_node();
    node = other.node(int(below(size_t(other.node_size()))));
    for (const std::string &input : node.input())
      for (const auto &tensor : other.initializer())
        if (tensor.name() == input)
          *graph.add_initializer() = tensor;
    connect(node);
  }

private:
  static std::vector<Message *> messagesOf(Message *root) {
    std::vector<Message *> found{root};
    for (size_t i = 0; i < found.size(); ++i) {
      Message *message = found[i];
      const Reflection *reflection = message->GetReflection();
      std::vector<const FieldDescriptor *> fields;
      reflection->ListFields(*message, &fields);
      for (const FieldDescriptor *field : fields) {
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
          continue;
        if (!field->is_repeated())
          found.push_back(reflection->MutableMessage(message, field));
        else
          for (int j = 0; j < reflection->FieldSize(*message, field); ++j)
            found.push_back(
                reflection->MutableRepeatedMessage(message, field, j));
      }
    }
    return found;
  }

  std::vector<std::string> values() const {
    std::vector<std::string> names{""};
    for (const auto &input : model.graph().input())
      names.push_back(input.name());
    for (const auto &tensor : model.graph().initializer())
      names.push_back(tensor.name());
    for (const auto &node : model.graph().node())
      for (const auto &output : node.output())
        names.push_back(output);
    return names;
  }

  /// Changes one field of the message.
  void change(Message *message) {
    const Reflection *reflection = message->GetReflection();
    std::vector<const FieldDescriptor *> fields;
    // Mostly a field that is there.
    if (below(4))
      reflection->ListFields(*message, &fields);
    const auto *type = message->GetDescriptor();
    const FieldDescriptor *field =
        fields.empty() ? type->field(int(below(size_t(type->field_count()))))
                       : pick(fields);
    if (field->is_repeated())
      return changeList(message, field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      below(4) ? void(reflection->MutableMessage(message, field))
               : reflection->ClearField(message, field);
    else if (!below(8))
      reflection->ClearField(message, field);
    else
      set(message, field);
  }

  void changeList(Message *message, const FieldDescriptor *field) {
    const Reflection *reflection = message->GetReflection();
    int size = reflection->FieldSize(*message, field);
    bool isMessage = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    int a = int(below(size_t(size))), b = int(below(size_t(size)));
    switch (below(5)) {
    case 0:
      if (!isMessage)
        return set(message, field);
      if (size) {
        std::unique_ptr<Message> copy(
            reflection->GetRepeatedMessage(*message, field, a).New());
        copy->CopyFrom(reflection->GetRepeatedMessage(*message, field, a));
        reflection->AddMessage(message, field)->CopyFrom(*copy);
      } else {
        reflection->AddMessage(message, field);
      }
      break;
    case 1:
      if (size)
        reflection->RemoveLast(message, field);
      break;
    case 2:
      if (size)
        reflection->SwapElements(message, field, a, b);
      break;
    default:
      if (size && isMessage)
        change(reflection->MutableRepeatedMessage(message, field, a));
      else if (size)
        set(message, field, a);
    }
  }

  int64_t integer(int64_t old) {
    return below(3) ? pick(integers)
                    : int64_t(uint64_t(old) + random() % 5 - 2);
  }

  /// Sets the field, element \p i of a list, or a new element.
  void set(Message *message, const FieldDescriptor *field, int i = -1) {
    const Reflection *reflection = message->GetReflection();
    auto put = [&](auto value, auto single, auto element, auto added) {
      if (!field->is_repeated())
        (reflection->*single)(message, field, value);
      else if (i >= 0)
        (reflection->*element)(message, field, i, value);
      else
        (reflection->*added)(message, field, value);
    };
    switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(int32_t(integer(int64_t(below(20)))), &Reflection::SetInt32,
                 &Reflection::SetRepeatedInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return put(integer(int64_t(below(20))), &Reflection::SetInt64,
                 &Reflection::SetRepeatedInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(uint64_t(integer(int64_t(below(20)))), &Reflection::SetUInt64,
                 &Reflection::SetRepeatedUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(float(pick(floats)), &Reflection::SetFloat,
                 &Reflection::SetRepeatedFloat, &Reflection::AddFloat);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(pick(floats), &Reflection::SetDouble,
                 &Reflection::SetRepeatedDouble, &Reflection::AddDouble);
    case FieldDescriptor::CPPTYPE_ENUM:
      return put(int(below(size_t(field->enum_type()->value_count()) + 2)),
                 &Reflection::SetEnumValue, &Reflection::SetRepeatedEnumValue,
                 &Reflection::AddEnumValue);
    case FieldDescriptor::CPPTYPE_STRING: {
      bool isText = field->type() == FieldDescriptor::TYPE_STRING;
      std::string text = isText && below(4) ? pick(values()) : std::string();
      if (text.empty() && i >= 0)
        text = mutated(reflection->GetRepeatedString(*message, field, i));
      else if (text.empty() && !field->is_repeated())
        text = mutated(reflection->GetString(*message, field));
      return put(text, &Reflection::SetString, &Reflection::SetRepeatedString,
                 &Reflection::AddString);
    }
    default:
      return;
    }
  }

  static std::string mutated(std::string text) {
    size_t size = text.size();
    text.resize(size + 16);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t *>(text.data()), size,
                                 text.size()));
    return text;
  }

  /// Makes the node read values of this model, and another one read its result.
  void connect(mutable_onnx::NodeProto &node) {
    const auto known = values();
    for (std::string &input : *node.mutable_input())
      if (!llvm::is_contained(known, input) || !below(4))
        input = pick(known);
    for (std::string &output : *node.mutable_output())
      output += "_" + std::to_string(random() % 1000);
    if (!node.output_size())
      return;
    auto &outputs = *model.mutable_graph()->mutable_output();
    if (outputs.empty() || !below(4))
      outputs.Add()->set_name(node.output(0));
    else
      outputs[int(below(size_t(outputs.size())))].set_name(node.output(0));
  }

  const Operator &anyOperator() { return pick(pick(operatorFamilies())); }

  void addNode() {
    const Operator &chosen = anyOperator();
    auto &node = *model.mutable_graph()->add_node();
    node.set_op_type(chosen.name);
    node.set_domain(chosen.domain);
    for (int i = 0; i < chosen.operands + int(below(3)); ++i)
      node.add_input();
    for (size_t i = 0; i < 1 + below(3); ++i)
      node.add_output("n" + std::to_string(i));
    connect(node);
  }

  /// Makes an operand another value.
  void rewire() {
    auto &nodes = *model.mutable_graph()->mutable_node();
    if (nodes.empty())
      return addNode();
    auto &inputs = *nodes[int(below(size_t(nodes.size())))].mutable_input();
    const auto known = values();
    if (inputs.empty() || !below(4))
      *inputs.Add() = pick(known);
    else
      inputs[int(below(size_t(inputs.size())))] = pick(known);
  }

  void renameOperator() {
    auto &nodes = *model.mutable_graph()->mutable_node();
    if (nodes.empty())
      return addNode();
    const Operator &chosen = anyOperator();
    auto &node = nodes[int(below(size_t(nodes.size())))];
    node.set_op_type(chosen.name);
    node.set_domain(chosen.domain);
  }

  mutable_onnx::ModelProto &model;
  std::minstd_rand random;
};
} // namespace

/// The model, or the bytes as they were if it has become too large.
static size_t store(const mutable_onnx::ModelProto &model, uint8_t *data,
                    size_t size, size_t most) {
  size_t bytes = model.ByteSizeLong();
  if (bytes > most)
    return size;
  model.SerializePartialToArray(data, int(bytes));
  return bytes;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t most, unsigned seed) {
  constexpr unsigned plain = 32; // one in so many changes is of bytes alone
  mutable_onnx::ModelProto model;
  google::protobuf::LogSilencer silencer;
  if (seed % plain == 0 || !model.ParsePartialFromArray(data, int(size)))
    return LLVMFuzzerMutate(data, size, most);
  Mutator(model, seed).run();
  return store(model, data, size, most);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t sizeA,
                                            const uint8_t *b, size_t sizeB,
                                            uint8_t *out, size_t most,
                                            unsigned seed) {
  mutable_onnx::ModelProto model, other;
  google::protobuf::LogSilencer silencer;
  if (sizeA > most || !model.ParsePartialFromArray(a, int(sizeA)) ||
      !other.ParsePartialFromArray(b, int(sizeB)))
    return 0;
  Mutator(model, seed).take(other.graph());
  return store(model, out, 0, most);
}
