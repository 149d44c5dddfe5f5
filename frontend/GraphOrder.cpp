//===- GraphOrder.cpp - the nodes of a graph in an order to run them ------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/GraphOrder.h"

#include "llvm/ADT/StringMap.h"

#include <functional>
#include <queue>

using namespace mlir;
using namespace secformer::frontend;

namespace {
/// Which node defines a value; given by the caller or the file.
constexpr int givenValue = -1;

class Orderer {
public:
  explicit Orderer(const ModelFile &file)
      : file(file), graph(file.graph()), needed(graph.node_size(), false) {}

  LogicalResult define() {
    for (const onnx::TensorProto &tensor : graph.initializer())
      definitions[tensor.name()] = givenValue;
    for (const onnx::ValueInfoProto &input : graph.input())
      definitions[input.name()] = givenValue;
    SmallVector<StringRef> again;
    for (int i = 0; i < graph.node_size(); ++i)
      for (const std::string &output : graph.node(i).output()) {
        if (output.empty())
          continue;
        auto [known, isNew] = definitions.try_emplace(output, i);
        if (isNew)
          continue;
        if (!isConstant(known->second) || !isConstant(i))
          return emitError(locate(i), "the value '")
                 << output << "' is defined more than once";
        known->second = i;
        again.push_back(output);
      }
    if (!again.empty())
      emitWarning(file.location, "the constant '")
          << again.front() << "' "
          << (again.size() > 1
                  ? "and " + std::to_string(again.size() - 1) + " more are "
                  : "is ")
          << "defined more than once: the last definition counts, as it does "
             "for ONNX Runtime";
    return success();
  }

  LogicalResult check() {
    for (int i = 0; i < graph.node_size(); ++i)
      for (auto [at, input] : llvm::enumerate(graph.node(i).input()))
        if (!input.empty() && !definitions.contains(input))
          return emitError(locate(i), "input ")
                 << at << " is '" << input
                 << "', which is not an input of the model, an initializer or "
                    "the output of a node";
    if (!graph.output_size())
      return emitError(file.location, "the model has no outputs");
    for (const onnx::ValueInfoProto &output : graph.output())
      if (!definitions.contains(output.name()))
        return emitError(file.location, "no node computes the output '")
               << output.name() << "'";
    return success();
  }

  void findNeeded() {
    std::vector<int> pending;
    auto need = [&](const std::string &value) {
      int node = value.empty() ? givenValue : definitions.lookup(value);
      if (node == givenValue || needed[node])
        return;
      needed[node] = true;
      pending.push_back(node);
    };
    for (const onnx::ValueInfoProto &output : graph.output())
      need(output.name());
    while (!pending.empty()) {
      int node = pending.back();
      pending.pop_back();
      for (const std::string &input : graph.node(node).input())
        need(input);
    }
  }

  FailureOr<std::vector<int>> sort() {
    std::vector<int> waits(graph.node_size(), 0);
    std::vector<std::vector<int>> users(graph.node_size());
    std::priority_queue<int, std::vector<int>, std::greater<int>> ready;
    for (int i = 0; i < graph.node_size(); ++i) {
      if (!needed[i])
        continue;
      for (const std::string &input : graph.node(i).input()) {
        int node = input.empty() ? givenValue : definitions.lookup(input);
        if (node == givenValue)
          continue;
        users[node].push_back(i);
        ++waits[i];
      }
      if (!waits[i])
        ready.push(i);
    }
    std::vector<int> order;
    while (!ready.empty()) {
      order.push_back(ready.top());
      ready.pop();
      for (int user : users[order.back()])
        if (--waits[user] == 0)
          ready.push(user);
    }
    for (int i = 0; i < graph.node_size(); ++i)
      if (needed[i] && waits[i])
        return emitError(locate(i), "the node depends on its own result: "
                                    "expected a graph without cycles");
    return order;
  }

private:
  bool isConstant(int node) const {
    return node != givenValue && graph.node(node).op_type() == "Constant";
  }

  Location locate(int node) const {
    return locationOf(graph.node(node), node, file.location.getContext());
  }

  const ModelFile &file;
  const onnx::GraphProto &graph;
  llvm::StringMap<int> definitions;
  std::vector<bool> needed;
};
} // namespace

FailureOr<std::vector<int>>
secformer::frontend::orderNodes(const ModelFile &file) {
  Orderer orderer(file);
  if (failed(orderer.define()) || failed(orderer.check()))
    return failure();
  orderer.findNeeded();
  return orderer.sort();
}
