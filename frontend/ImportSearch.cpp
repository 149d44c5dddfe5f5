//===- ImportSearch.cpp - results whose shape depends on values -----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Shapes are known when a model is compiled, so what is searched must be, too.
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include <algorithm>
#include <compare>
#include <numeric>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// Positions of elements that are not 0, one column each.
static Results nonZero(Node &node) {
  auto tensor = node.constantInput(0, "a value");
  if (!tensor)
    return {};
  SmallVector<int64_t> found;
  for (int64_t i = 0; i < tensor->size(); ++i)
    if (tensor->at(i) != 0)
      found.push_back(i);
  int64_t count = found.size(), rank = tensor->getRank();
  return {node.table<int64_t>({rank, count}, [&](MutableArrayRef<int64_t> out) {
    for (int64_t axis = rank - 1; axis >= 0; --axis)
      for (int64_t i = 0; i < count; ++i) {
        out[axis * count + i] = found[i] % tensor->getShape()[axis];
        found[i] /= tensor->getShape()[axis];
      }
  })};
}

/// The slices along an axis, or the elements, where a condition holds.
static Results compress(Node &node) {
  Value x = node.input(0);
  auto condition = node.constantInput(1, "a condition");
  int64_t axis = 0;
  if (node.attribute("axis"))
    axis = node.axis(node.integer("axis", 0), rankOf(x));
  else
    x = node.reshape(x, {sizeOf(shapeOf(x))});
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> ids;
  for (int64_t i = 0; i < condition->size(); ++i)
    if (condition->at(i) != 0)
      ids.push_back(i);
  return {
      node.build<GatherOp>(x, node.integers({int64_t(ids.size())}, ids), axis)};
}

namespace {
/// Which of some rows are equal.
struct Groups {
  SmallVector<int64_t> first;   ///< the first row of every group
  SmallVector<int64_t> inverse; ///< the group of every row
  SmallVector<int64_t> counts;
};
} // namespace

/// Groups in the order of their rows, or of the first occurrence.
static Groups groupRows(const Tensor &rows, bool sorted) {
  return visitElement(rows.getElement(), [&](auto zero) {
    auto values = rows.values<decltype(zero)>();
    int64_t count = rows.getShape()[0];
    int64_t width = count ? rows.size() / count : 0;
    auto row = [&](int64_t i) { return values.slice(i * width, width); };
    SmallVector<int64_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    llvm::sort(order, [&](int64_t a, int64_t b) {
      // NaNs have a place in this order, too.
      auto order = std::lexicographical_compare_three_way(
          row(a).begin(), row(a).end(), row(b).begin(), row(b).end(),
          std::weak_order);
      return order == 0 ? a < b : order < 0;
    });
    SmallVector<SmallVector<int64_t>> members;
    for (int64_t i : order)
      if (!members.empty() && row(members.back()[0]) == row(i))
        members.back().push_back(i);
      else
        members.push_back({i});
    if (!sorted)
      llvm::sort(members,
                 [](const auto &a, const auto &b) { return a[0] < b[0]; });
    Groups groups;
    groups.inverse.resize(count);
    for (auto [group, rowsOfIt] : llvm::enumerate(members)) {
      groups.first.push_back(rowsOfIt[0]);
      groups.counts.push_back(int64_t(rowsOfIt.size()));
      for (int64_t i : rowsOfIt)
        groups.inverse[i] = int64_t(group);
    }
    return groups;
  });
}

/// Different elements, or slices along an axis; where they first occur, which
/// of them every one is, and how often they occur.
static Results unique(Node &node) {
  Value x = node.input(0);
  int64_t axis = 0;
  if (node.attribute("axis"))
    axis = node.axis(node.integer("axis", 0), rankOf(x));
  else
    x = node.reshape(x, {sizeOf(shapeOf(x))});
  if (node.hasFailed())
    return {};
  auto rows = node.known(node.moveAxis(x, axis, 0), "a value");
  constexpr uint64_t sorting = 8; // for each step through the elements
  if (!rows || !node.affords(rows->getShape(), sorting))
    return {};
  Groups groups = groupRows(*rows, node.integer("sorted", 1));
  auto list = [&](ArrayRef<int64_t> values) {
    return node.integers({int64_t(values.size())}, values);
  };
  Value ids = list(groups.first);
  return {node.build<GatherOp>(x, ids, axis), ids, list(groups.inverse),
          list(groups.counts)};
}

ArrayRef<Operator> secformer::frontend::searchOperators() {
  static const Operator table[] = {
      {"", "NonZero", 9, 1, nonZero, "of a known value"},
      {"", "Compress", 9, 2, compress, "known condition"},
      {"", "Unique", 11, 1, unique, "of a known value"},
  };
  return table;
}
