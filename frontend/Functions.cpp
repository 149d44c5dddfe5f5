//===- Functions.cpp - functions that a model defines ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Functions.h"

#include "frontend/ModelFile.h"
#include "llvm/ADT/StringMap.h"

#include <map>

using namespace mlir;
using namespace secformer::frontend;

/// Bodies that call each other could grow without bound.
static constexpr int maxNodes = 1 << 18;
static constexpr int maxDepth = 64;
/// Bytes of their nodes, and more for each byte of the model.
static constexpr size_t maxBytes = size_t(64) << 20;
static constexpr size_t maxGrowth = 16;

namespace {
/// What the names in a body stand for, one call of a function.
struct Call {
  const onnx::NodeProto *node = nullptr;
  const onnx::FunctionProto *function = nullptr;
  std::string prefix;
  llvm::StringMap<std::string> values;
};

class Inliner {
public:
  Inliner(onnx::ModelProto &model, Location location)
      : model(model), location(location),
        room(maxBytes + maxGrowth * model.ByteSizeLong()) {}

  LogicalResult run() {
    for (const onnx::FunctionProto &function : model.functions()) {
      functions[keyOf(function.domain(), function.name(),
                      function.overload())] = &function;
      if (failed(importOpsets(function)))
        return failure();
    }
    onnx::GraphProto &graph = *model.mutable_graph();
    auto nodes = std::move(*graph.mutable_node());
    graph.clear_node();
    for (const onnx::NodeProto &node : nodes)
      if (failed(expand(node, 0)))
        return failure();
    model.clear_functions();
    return success();
  }

private:
  using Key = std::tuple<std::string, std::string, std::string>;

  static Key keyOf(StringRef domain, const std::string &name,
                   const std::string &overload) {
    return {canonicalDomain(domain).str(), name, overload};
  }

  /// A body is read by the versions of operators that the model imports.
  LogicalResult importOpsets(const onnx::FunctionProto &function) {
    for (const onnx::OperatorSetIdProto &import : function.opset_import()) {
      bool known = false;
      for (const onnx::OperatorSetIdProto &own : model.opset_import()) {
        if (canonicalDomain(own.domain()) != canonicalDomain(import.domain()))
          continue;
        known = true;
        if (own.version() != import.version())
          return emitError(location, "the function '")
                 << function.name() << "' is written for opset "
                 << import.version() << " of '" << import.domain()
                 << "', but the model for opset " << own.version()
                 << ": convert the model to one opset";
      }
      if (!known)
        *model.add_opset_import() = import;
    }
    return success();
  }

  /// Adds the node to the graph or, if it is a call, the body of the function.
  LogicalResult expand(const onnx::NodeProto &node, int depth) {
    auto found =
        functions.find(keyOf(node.domain(), node.op_type(), node.overload()));
    if (depth > maxDepth || ++expanded > maxNodes)
      return emitError(location, "calls of functions that the model defines "
                                 "nest without end, or hold more than ")
             << maxNodes << " nodes";
    size_t bytes = node.ByteSizeLong();
    if (bytes > room)
      return emitError(location, "calls of functions that the model defines "
                                 "make nodes of more bytes than ")
             << maxBytes << " and " << maxGrowth
             << " times the model: export the model without functions";
    room -= bytes;
    if (found == functions.end()) {
      *model.mutable_graph()->add_node() = node;
      return success();
    }
    Call call = begin(node, *found->second);
    for (const onnx::NodeProto &inner : call.function->node())
      if (failed(expand(rename(inner, call), depth + 1)))
        return failure();
    return success();
  }

  Call begin(const onnx::NodeProto &node, const onnx::FunctionProto &function) {
    Call call{&node, &function, "", {}};
    const std::string &name =
        node.name().empty() ? node.op_type() : node.name();
    call.prefix = name;
    // Two calls may have the same name.
    if (int earlier = names[name]++) {
      call.prefix += '#';
      call.prefix += std::to_string(earlier + 1);
    }
    call.prefix += '/';
    for (int i = 0; i < function.input_size(); ++i)
      call.values[function.input(i)] =
          i < node.input_size() ? node.input(i) : "";
    for (int i = 0; i < function.output_size() && i < node.output_size(); ++i) {
      const std::string &formal = function.output(i), &actual = node.output(i);
      if (actual.empty())
        continue;
      auto taken = call.values.find(formal);
      if (taken == call.values.end()) {
        call.values[formal] = actual;
        continue;
      }
      // An argument, or the same result again.
      onnx::NodeProto &copy = *model.mutable_graph()->add_node();
      copy.set_op_type("Identity");
      copy.set_name(call.prefix + actual);
      copy.add_input(taken->second);
      copy.add_output(actual);
    }
    return call;
  }

  onnx::NodeProto rename(const onnx::NodeProto &inner, Call &call) {
    onnx::NodeProto node = inner;
    auto actual = [&](std::string *name) {
      if (!name->empty())
        *name =
            call.values.try_emplace(*name, call.prefix + *name).first->second;
    };
    for (std::string &name : *node.mutable_input())
      actual(&name);
    for (std::string &name : *node.mutable_output())
      actual(&name);
    node.set_name(call.prefix +
                  (inner.name().empty() ? inner.op_type() : inner.name()));
    node.clear_attribute();
    for (const onnx::AttributeProto &attribute : inner.attribute())
      if (const onnx::AttributeProto *value = valueOf(attribute, call)) {
        onnx::AttributeProto &own = *node.add_attribute();
        own = *value;
        own.set_name(attribute.name());
      }
    return node;
  }

  /// What an attribute of a body is in a call: it may be the call's, or the
  /// function's default. Null if nobody gives it.
  static const onnx::AttributeProto *
  valueOf(const onnx::AttributeProto &attribute, const Call &call) {
    if (attribute.ref_attr_name().empty())
      return &attribute;
    for (const onnx::AttributeProto &given : call.node->attribute())
      if (given.name() == attribute.ref_attr_name())
        return &given;
    for (const onnx::AttributeProto &usual : call.function->attribute_proto())
      if (usual.name() == attribute.ref_attr_name())
        return &usual;
    return nullptr;
  }

  onnx::ModelProto &model;
  Location location;
  std::map<Key, const onnx::FunctionProto *> functions;
  llvm::StringMap<int> names;
  int expanded = 0; ///< nodes and calls so far
  size_t room;      ///< bytes that nodes and calls may still have
};
} // namespace

LogicalResult secformer::frontend::inlineFunctions(onnx::ModelProto &model,
                                                   Location location) {
  if (!model.functions_size())
    return success();
  return Inliner(model, location).run();
}
