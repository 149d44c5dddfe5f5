//===- ImportGather.cpp - elements by index -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include <algorithm>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// One known index is a slice: cheaper, and plain to see.
static std::optional<Value> gatherOne(Node &node, Value x, int64_t axis) {
  if (!node.isConstant(1) || sizeOf(shapeOf(node.input(1))) != 1)
    return std::nullopt;
  int64_t extent = shapeOf(x)[axis];
  int64_t id = node.integerInput(1, "index").value_or(extent);
  if (id < -extent || id >= extent)
    return std::nullopt;
  SmallVector<int64_t> starts(rankOf(x), 0), sizes(shapeOf(x));
  starts[axis] = id < 0 ? id + extent : id;
  sizes[axis] = 1;
  Value part = node.slice(x, starts, sizes);
  SmallVector<int64_t> shape(shapeOf(x).take_front(axis));
  llvm::append_range(shape, shapeOf(node.input(1)));
  llvm::append_range(shape, shapeOf(x).drop_front(axis + 1));
  return node.reshape(part, shape);
}

static Results gather(Node &node) {
  Value x = node.input(0), ids = node.input(1);
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(x));
  if (node.hasFailed())
    return {};
  if (auto one = gatherOne(node, x, axis))
    return {*one};
  bool isTable = rankOf(x) == 2 && axis == 0 && elementOf(x) == Element::F32;
  if (isTable && node.isConstant(0) && !node.isConstant(1))
    return {node.build<EmbeddingOp>(x, ids)};
  return {node.build<GatherOp>(x, ids, axis)};
}

static Results gatherElements(Node &node) {
  Value x = node.input(0);
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(x));
  return {node.gatherElements(x, node.input(1), axis)};
}

namespace {
/// Index tuples as places among slices of a tensor.
struct Tuples {
  Value rows;                 ///< the tensor as [slices, slice]
  Value places;               ///< which slices, in a list
  SmallVector<int64_t> shape; ///< of the tuples, then of a slice
};
} // namespace

/// The last axis of \p ids is a tuple of indices of the first axes of x after
/// the \p batch ones, which both have.
static std::optional<Tuples> tuplesOf(Node &node, Value x, Value ids,
                                      int64_t batch) {
  Extents from = shapeOf(x), shape = shapeOf(ids);
  int64_t width = shape.empty() ? 0 : shape.back();
  if (node.hasFailed() || shape.empty() || batch < 0 ||
      batch >= int64_t(shape.size()) || batch + width > int64_t(from.size()) ||
      from.take_front(batch) != shape.take_front(batch)) {
    if (!node.hasFailed())
      node.error() << "expected tuples of indices of " << toString(from)
                   << " with " << batch << " batch axes, found "
                   << toString(shape);
    return std::nullopt;
  }
  int64_t outer = sizeOf(from.take_front(batch)), last = shape.size() - 1;
  Extents indexed = from.slice(batch, width);
  Tuples tuples;
  Value places;
  for (int64_t i = 0; i < width; ++i) {
    Value part = node.flatIds(node.sliceAlong(ids, last, i, 1), indexed[i],
                              sizeOf(indexed.drop_front(i + 1)));
    places = places ? node.build<AddOp>(places, part) : part;
  }
  Extents lists = shape.drop_back();
  int64_t count = sizeOf(lists);
  if (!places) // Empty tuples mean the whole.
    places = node.table<int64_t>({count}, [](MutableArrayRef<int64_t>) {});
  // Every batch has slices of its own.
  Value begins =
      node.table<int64_t>({count}, [&](MutableArrayRef<int64_t> out) {
        for (int64_t i = 0; i < count; ++i)
          out[i] = i / (count / std::max<int64_t>(outer, 1)) * sizeOf(indexed);
      });
  tuples.places = node.build<AddOp>(node.reshape(places, {count}), begins);
  Extents slice = from.drop_front(batch + width);
  tuples.rows = node.reshape(x, {outer * sizeOf(indexed), sizeOf(slice)});
  tuples.shape.assign(lists.begin(), lists.end());
  llvm::append_range(tuples.shape, slice);
  if (node.hasFailed())
    return std::nullopt;
  return tuples;
}

static Results gatherND(Node &node) {
  auto tuples = tuplesOf(node, node.input(0), node.input(1),
                         node.integer("batch_dims", 0));
  if (!tuples)
    return {};
  return {node.reshape(node.build<GatherOp>(tuples->rows, tuples->places, 0),
                       tuples->shape)};
}

//===----------------------------------------------------------------------===//
// Scattering
//===----------------------------------------------------------------------===//

static ScatterKind scatterKind(Node &node) {
  std::string kind = node.text("reduction", "none");
  if (kind == "none")
    return ScatterKind::Set;
  auto known = symbolizeScatterKind(kind);
  if (!known || *known == ScatterKind::Set)
    node.error() << "expected reduction none, add, mul, max or min, found '"
                 << kind << "'";
  return known.value_or(ScatterKind::Set);
}

/// x with single elements changed: those that gatherElements would take.
static Value scatterInto(Node &node, ScatterKind kind, Value x, Value ids,
                         Value updates, int64_t axis) {
  if (!node.hasFailed() && shapeOf(ids) != shapeOf(updates))
    node.error() << "expected updates of the ids' shape "
                 << toString(shapeOf(ids)) << ", found "
                 << toString(shapeOf(updates));
  Value line = node.reshape(x, {sizeOf(shapeOf(x))});
  Value changed =
      node.build<ScatterOp>(kind, line, node.flatElementIds(x, ids, axis),
                            node.reshape(updates, {sizeOf(shapeOf(updates))}));
  return node.reshape(changed, shapeOf(x));
}

static Results scatterElements(Node &node) {
  Value x = node.input(0);
  int64_t axis = node.axis(node.integer("axis", 0), rankOf(x));
  return {scatterInto(node, scatterKind(node), x, node.input(1), node.input(2),
                      axis)};
}

static Results scatterND(Node &node) {
  ScatterKind kind = scatterKind(node);
  Value x = node.input(0), updates = node.input(2);
  auto tuples = tuplesOf(node, x, node.input(1), /*batch=*/0);
  if (!tuples)
    return {};
  if (shapeOf(updates) != Extents(tuples->shape)) {
    node.error() << "expected updates of shape " << toString(tuples->shape)
                 << ", found " << toString(shapeOf(updates));
    return {};
  }
  Value rows = node.reshape(
      updates, {sizeOf(shapeOf(tuples->places)), shapeOf(tuples->rows)[1]});
  return {node.reshape(
      node.build<ScatterOp>(kind, tuples->rows, tuples->places, rows),
      shapeOf(x))};
}

/// Writes new keys or values into a cache, each batch from a place of its own.
static Results tensorScatter(Node &node) {
  Value cache = node.input(0), update = node.input(1);
  int64_t rank = rankOf(cache);
  int64_t axis = node.axis(node.integer("axis", -2), rank);
  std::string mode = node.text("mode", "linear");
  if (mode != "linear" && mode != "circular")
    node.error() << "expected mode linear or circular, found '" << mode << "'";
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> fitting(shapeOf(cache));
  if (rankOf(update) == rank)
    fitting[axis] = std::min(fitting[axis], shapeOf(update)[axis]);
  if (shapeOf(update) != Extents(fitting)) {
    node.error() << "expected an update of shape " << toString(shapeOf(cache))
                 << " or shorter along axis " << axis << ", found "
                 << toString(shapeOf(update));
    return {};
  }
  Value ids = node.positions(rank, axis, shapeOf(update)[axis]);
  if (node.hasInput(2)) {
    SmallVector<int64_t> batches(rank, 1);
    batches[0] = shapeOf(cache)[0];
    Value start = node.cast(node.input(2), Element::I64);
    ids = node.build<AddOp>(ids, node.reshape(start, batches));
  }
  if (mode == "circular")
    ids =
        node.build<ModOp>(ids, node.scalar(double(shapeOf(cache)[axis]), ids));
  return {scatterInto(node, ScatterKind::Set, cache,
                      node.broadcast(ids, shapeOf(update)), update, axis)};
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

static Results topK(Node &node) {
  Value x = node.input(0);
  int64_t axis = node.axis(node.integer("axis", -1), rankOf(x));
  int64_t count = node.opset() < 10 ? node.integer("k", 0)
                                    : node.integerInput(1, "k").value_or(0);
  Value ids = node.build<TopIdsOp>(x, count, axis,
                                   /*smallest=*/!node.integer("largest", 1));
  return {node.gatherElements(x, ids, axis), ids};
}

/// The first elements of every sequence backwards.
static Results reverseSequence(Node &node) {
  Value x = node.input(0), lengths = node.input(1);
  int64_t batch = node.axis(node.integer("batch_axis", 1), rankOf(x));
  int64_t time = node.axis(node.integer("time_axis", 0), rankOf(x));
  SmallVector<int64_t> batches(rankOf(x), 1);
  if (node.hasFailed())
    return {};
  batches[batch] = shapeOf(x)[batch];
  Value length = node.reshape(node.cast(lengths, Element::I64), batches);
  Value at = node.positions(rankOf(x), time, shapeOf(x)[time]);
  Value back = node.build<SubOp>(node.shift(length, -1), at);
  Value ids = node.select(node.compare(CompareKind::Lt, at, length), back, at);
  return {node.gatherElements(x, node.broadcast(ids, shapeOf(x)), time)};
}

ArrayRef<Operator> secformer::frontend::gatherOperators() {
  static const Operator table[] = {
      {"", "Gather", 1, 2, gather},
      {"", "GatherElements", 11, 2, gatherElements},
      {"", "GatherND", 11, 2, gatherND},
      {"", "Scatter", 9, 3, scatterElements},
      {"", "ScatterElements", 11, 3, scatterElements},
      {"", "ScatterND", 11, 3, scatterND},
      {"", "TensorScatter", 24, 2, tensorScatter},
      {"", "TopK", 1, 1, topK, "known k; always sorted"},
      {"", "ReverseSequence", 10, 2, reverseSequence},
  };
  return table;
}
