//===- ImportEinsum.cpp - Einstein sums -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Every index of a term is an axis. Of two terms, indices that both have and
// that are needed later are batches of a matrix product, other indices that
// both have are summed over by it, the rest are its rows and columns.
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

  Value run(const std::string &text) {
    std::string equation = text;
    llvm::erase(equation, ' ');
    auto [left, right] = StringRef(equation).split("->");
    SmallVector<StringRef> texts;
    left.split(texts, ',');
    if (int(texts.size()) != node.inputCount())
      return fail(text);
    SmallVector<Term> terms;
    for (auto [i, part] : llvm::enumerate(texts))
      if (!read(part.str(), node.input(i), terms))
        return fail(text);
    for (Term &term : terms)
      dropUnit(term);
    std::string result = right.str();
    if (!StringRef(equation).contains("->"))
      result = implicitResult(left);
    else if (size_t dots = result.find("..."); dots != result.npos)
      result.replace(dots, 3, ellipsis);
    if (!isResult(result))
      return fail(text);
    // What is needed after each term, every index once.
    std::vector<std::string> later(terms.size(), result);
    for (size_t i = terms.size() - 1; i > 0; --i) {
      later[i - 1] = later[i];
      for (char index : terms[i].indices)
        if (later[i].find(index) == std::string::npos)
          later[i - 1] += index;
    }
    Term product = terms[0];
    for (size_t i = 1; i < terms.size() && !node.hasFailed(); ++i)
      product =
          multiply(dropUnused(product, later[i - 1]),
                   dropUnused(terms[i], product.indices + later[i]), later[i]);
    return arrange(dropUnused(product, result), result);
  }

private:
  Value fail(const std::string &equation) {
    if (!node.hasFailed())
      node.error() << "expected an equation with a term of letters and at most "
                      "one ellipsis for each operand, as in "
                      "'b...id,b...jd->b...ij', found '"
                   << equation << "'";
    return {};
  }

  /// A term and the extents of its indices; false if it is not one. The axes of
  /// an ellipsis are named by digits, the last one by the last digit.
  bool read(std::string indices, Value value, SmallVector<Term> &terms) {
    static const std::string digits = "0123456789";
    int64_t hidden = rankOf(value) - int64_t(indices.size()) + 3;
    if (size_t dots = indices.find("..."); dots != indices.npos) {
      if (hidden < 0 || hidden > int64_t(digits.size()))
        return false;
      std::string names = digits.substr(digits.size() - hidden);
      indices.replace(dots, 3, names);
      if (names.size() > ellipsis.size())
        ellipsis = names;
    } else if (StringRef(indices).find_first_of(digits) != StringRef::npos) {
      return false;
    }
    if (!value || int64_t(indices.size()) != rankOf(value))
      return false;
    for (auto [index, extent] : llvm::zip(indices, shapeOf(value))) {
      int64_t &known = extents.try_emplace(index, extent).first->second;
      // Only what an ellipsis stands for broadcasts.
      if (llvm::isDigit(index) && known == 1)
        known = extent;
      bool fits = known == extent || (llvm::isDigit(index) && extent == 1);
      if (!fits || !(llvm::isAlpha(index) || llvm::isDigit(index)))
        return false;
    }
    terms.push_back(diagonal({value, indices}));
    return !node.hasFailed();
  }

  /// The term with every index once: "ii" becomes "i".
  Term diagonal(Term term) {
    for (size_t i = 0; i < term.indices.size(); ++i) {
      size_t other = term.indices.find(term.indices[i], i + 1);
      if (other == std::string::npos)
        continue;
      int64_t last = rankOf(term.value) - 1, extent = shapeOf(term.value)[i];
      Value x = node.moveAxis(node.moveAxis(term.value, int64_t(other), last),
                              int64_t(i), last - 1);
      SmallVector<int64_t> shape(shapeOf(x).drop_back(2));
      shape.push_back(extent * extent);
      term.value = node.sliceAlong(node.reshape(x, shape), last - 1, 0, extent,
                                   extent + 1);
      char index = term.indices[i];
      term.indices.erase(other, 1);
      term.indices.erase(i, 1);
      term.indices += index;
      i = size_t(-1);
    }
    return term;
  }

  /// Without axes of extent 1 that broadcast to more.
  void dropUnit(Term &term) {
    std::string kept;
    SmallVector<int64_t> shape;
    for (auto [index, extent] : llvm::zip(term.indices, shapeOf(term.value)))
      if (extent == extents.at(index)) {
        kept += index;
        shape.push_back(extent);
      }
    term = {node.reshape(term.value, shape), kept};
  }

  bool isResult(const std::string &indices) const {
    return llvm::all_of(indices, [&](char index) {
      return extents.count(index) && llvm::count(indices, index) == 1;
    });
  }

  /// Without "->": the ellipsis, then what occurs once, in alphabetical order.
  std::string implicitResult(StringRef left) const {
    std::string result = ellipsis;
    for (auto [index, extent] : extents)
      if (llvm::isAlpha(index) && left.count(index) == 1)
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
  std::string ellipsis; ///< the indices that "..." stands for
};
} // namespace

static Results einsum(Node &node) {
  std::string equation = node.text("equation", "");
  return {Einsum(node).run(equation)};
}

ArrayRef<Operator> secformer::frontend::einsumOperators() {
  static const Operator table[] = {
      {"", "Einsum", 12, 1, einsum},
  };
  return table;
}
