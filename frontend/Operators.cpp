//===- Operators.cpp - which ONNX operators are known ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace secformer::frontend;

ArrayRef<ArrayRef<Operator>> secformer::frontend::operatorFamilies() {
  static const ArrayRef<Operator> families[] = {
      elementwiseOperators(),   activationOperators(),     shapeOperators(),
      sliceOperators(),         gatherOperators(),         reductionOperators(),
      normalizationOperators(), productOperators(),        einsumOperators(),
      convolutionOperators(),   poolingOperators(),        resizeOperators(),
      attentionOperators(),     fusedAttentionOperators(), lossOperators(),
      searchOperators(),        quantizationOperators()};
  return families;
}

/// How many unsupported operators an error names.
static constexpr size_t maxListed = 50;

/// The newest row of the operator up to an opset; any row if \p opset is 0.
static const Operator *findRow(StringRef domain, StringRef name,
                               int64_t opset) {
  const Operator *best = nullptr;
  for (ArrayRef<Operator> family : operatorFamilies())
    for (const Operator &row : family)
      if (row.domain == domain && row.name == name &&
          (!opset || row.since <= opset) && (!best || best->since < row.since))
        best = &row;
  return best;
}

const Operator *secformer::frontend::findOperator(const ModelFile &file,
                                                  const onnx::NodeProto &node) {
  int64_t opset = file.opset(node.domain());
  return opset ? findRow(canonicalDomain(node.domain()), node.op_type(), opset)
               : nullptr;
}

/// Why operators of this kind are not supported; empty if it is for want of
/// work alone.
static StringRef reasonAgainst(StringRef domain, StringRef name) {
  if (name.ends_with("Grad") || domain.ends_with("training"))
    return "belongs to training: export the model for inference";
  if (name.starts_with("Random") || name == "Bernoulli" ||
      name == "Multinomial")
    return "gives other results in every run";
  if (name.contains("Integer") || name.starts_with("QLinear") ||
      name.starts_with("DynamicQuantize") || name.starts_with("QAttention"))
    return "computes on quantized integers: export the model before "
           "quantization";
  if (domain == "ai.onnx.ml" || name.starts_with("String"))
    return "is no tensor computation";
  return "";
}

/// "Foo (opset 13)", and why if it is a matter of versions.
static std::string describe(const ModelFile &file,
                            const onnx::NodeProto &node) {
  StringRef domain = canonicalDomain(node.domain());
  int64_t opset = file.opset(domain);
  std::string text = domain.empty() ? "" : (domain + ".").str();
  text += node.op_type() + " (opset " + std::to_string(opset);
  if (!opset)
    text += ": the model does not import this domain";
  else if (const Operator *row = findRow(domain, node.op_type(), 0))
    text += ", supported from opset " + std::to_string(row->since) + " on";
  text += ")";
  StringRef reason = reasonAgainst(domain, node.op_type());
  return reason.empty() ? text : text + ", which " + reason.str();
}

LogicalResult secformer::frontend::reportUnsupported(const ModelFile &file,
                                                     ArrayRef<int> nodes) {
  struct Unsupported {
    std::string text;
    int count;
    int firstNode;
  };
  std::vector<Unsupported> unsupported;
  llvm::StringMap<size_t> known; // texts among them
  for (int index : nodes) {
    const onnx::NodeProto &node = file.graph().node(index);
    if (findOperator(file, node))
      continue;
    std::string text = describe(file, node);
    auto [seen, isNew] = known.try_emplace(text, unsupported.size());
    if (isNew)
      unsupported.push_back({text, 1, index});
    else
      ++unsupported[seen->second].count;
  }
  if (unsupported.empty())
    return success();
  auto error = emitError(file.location, "the model uses ")
               << unsupported.size() << " unsupported operator"
               << (unsupported.size() > 1 ? "s" : "") << ":";
  for (const Unsupported &entry : ArrayRef(unsupported).take_front(maxListed)) {
    NameLoc name = locationOf(file.graph().node(entry.firstNode),
                              entry.firstNode, file.location.getContext());
    error << "\n  " << entry.text << ", " << entry.count
          << (entry.count > 1 ? " times" : " time") << ", first in node "
          << name.getName();
  }
  if (unsupported.size() > maxListed)
    error << "\n  and " << unsupported.size() - maxListed << " more";
  return failure();
}
