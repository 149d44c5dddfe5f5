//===- ImportEinsum.cpp - Einstein sums of one or two operands
//--------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Every index of a term is an axis. Indices of both operands and the result
// are batches of a matrix product, indices of both operands alone are summed
// over by it, the others are its rows and columns.
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

namespace {
/// A value whose axes have names.
struct Term {
  Value value;
  std::string indices;
};

class Einsum {
public:
  Einsum(Node &node) : node(node) {}

  Value run(const std::string &equation) {
    auto [left, right] = StringRef(equation).split("->");
    SmallVector<StringRef> texts;
    left.split(texts, ',');
    if (texts.size() > 2 || int(texts.size()) != node.inputCount())
      return fail(equation);
    SmallVector<Term> terms;
    for (auto [i, text] : llvm::enumerate(texts))
      if (!read(text, node.input(i), terms))
        return fail(equation);
    std::string result = equation.find("->") == std::string::npos
                             ? implicitResult(terms)
                             : withoutSpaces(right);
    if (!isResult(result))
      return fail(equation);
    Term sum = terms[0];
    if (terms.size() == 2)
      sum = multiply(dropUnused(terms[0], terms[1].indices + result),
                     dropUnused(terms[1], terms[0].indices + result), result);
    return arrange(dropUnused(sum, result), result);
  }

private:
  static std::string withoutSpaces(StringRef text) {
    std::string kept = text.str();
    llvm::erase(kept, ' ');
    return kept;
  }

  Value fail(const std::string &equation) {
    if (!node.hasFailed())
      node.error() << "expected an equation of one or two terms of letters, "
                      "each once in a term, as in 'bhid,bhjd->bhij', found '"
                   << equation << "'";
    return {};
  }

  /// A term and the extents of its indices; false if it is not one.
  bool read(StringRef text, Value value, SmallVector<Term> &terms) {
    std::string indices = withoutSpaces(text);
    if (!value || int64_t(indices.size()) != rankOf(value))
      return false;
    for (auto [index, extent] : llvm::zip(indices, shapeOf(value)))
      if (!llvm::isAlpha(index) || llvm::count(indices, index) > 1 ||
          extents.try_emplace(index, extent).first->second != extent)
        return false;
    terms.push_back({value, indices});
    return true;
  }

  bool isResult(const std::string &indices) const {
    return llvm::all_of(indices, [&](char index) {
      return extents.count(index) && llvm::count(indices, index) == 1;
    });
  }

  /// Without "->": what occurs once, in alphabetical order.
  std::string implicitResult(ArrayRef<Term> terms) const {
    std::string result;
    for (auto [index, extent] : extents)
      if (llvm::count_if(terms, [&, index = index](const Term &term) {
            return term.indices.find(index) != std::string::npos;
          }) == 1)
        result += index;
    return result;
  }

  /// The term summed over indices that are not among \p used.
  Term dropUnused(const Term &term, const std::string &used) {
    SmallVector<int64_t> axes;
    std::string kept;
    for (auto [axis, index] : llvm::enumerate(term.indices))
      if (used.find(index) == std::string::npos)
        axes.push_back(axis);
      else
        kept += index;
    if (axes.empty())
      return term;
    return {node.build<ReduceOp>(ReduceKind::Sum, term.value, axes,
                                 /*keepdims=*/false),
            kept};
  }

  Value arrange(const Term &term, const std::string &order) {
    SmallVector<int64_t> perm;
    for (char index : order)
      perm.push_back(term.indices.find(index));
    if (llvm::is_sorted(perm))
      return term.value;
    return node.transpose(term.value, perm);
  }

  SmallVector<int64_t> shapeOfIndices(const std::string &indices) const {
    return llvm::map_to_vector(indices,
                               [&](char index) { return extents.at(index); });
  }

  /// The term as matrices of these rows and columns.
  Value matrices(const Term &term, const std::string &batch,
                 const std::string &rows, const std::string &columns) {
    SmallVector<int64_t> shape = shapeOfIndices(batch);
    shape.push_back(sizeOf(shapeOfIndices(rows)));
    shape.push_back(sizeOf(shapeOfIndices(columns)));
    return node.reshape(arrange(term, batch + rows + columns), shape);
  }

  Term multiply(const Term &a, const Term &b, const std::string &result) {
    std::string batch, rows, columns, summed;
    for (char index : a.indices)
      if (b.indices.find(index) == std::string::npos)
        rows += index;
      else
        (result.find(index) == std::string::npos ? summed : batch) += index;
    for (char index : b.indices)
      if (a.indices.find(index) == std::string::npos)
        columns += index;
    Value product = node.build<MatmulOp>(matrices(a, batch, rows, summed),
                                         matrices(b, batch, summed, columns));
    std::string indices = batch + rows + columns;
    return {node.reshape(product, shapeOfIndices(indices)), indices};
  }

  Node &node;
  std::map<char, int64_t> extents;
};
} // namespace

static Results einsum(Node &node) {
  std::string equation = node.text("equation", "");
  return {Einsum(node).run(equation)};
}

ArrayRef<Operator> secformer::frontend::einsumOperators() {
  static const Operator table[] = {
      {"", "Einsum", 12, 1, einsum,
       "one or two terms, no ellipsis, no index twice in a term"},
  };
  return table;
}
