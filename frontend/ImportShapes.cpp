//===- ImportShapes.cpp - constants, shapes, rearrangement ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "frontend/OnnxTensor.h"
#include "frontend/Operators.h"

#include <cmath>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

static Results constant(Node &node) {
  if (auto value = node.attribute("value"))
    return {node.stored(value->t())};
  if (auto value = node.attribute("value_float"))
    return {node.stored(Tensor::of<float>({}, {value->f()}))};
  if (auto value = node.attribute("value_int"))
    return {node.stored(Tensor::of<int64_t>({}, {value->i()}))};
  if (auto value = node.attribute("value_floats"))
    return {node.stored(Tensor::of<float>(
        {value->floats_size()},
        {value->floats().data(), size_t(value->floats_size())}))};
  if (auto values = node.integers("value_ints"))
    return {
        node.stored(Tensor::of<int64_t>({int64_t(values->size())}, *values))};
  node.error() << "expected a dense tensor or numbers: strings and sparse "
                  "tensors are not supported";
  return {};
}

static Value shapeVector(Node &node, Extents shape) {
  return node.constant(Tensor::of<int64_t>({int64_t(shape.size())}, shape));
}

static Results shape(Node &node) {
  Extents shape = shapeOf(node.input(0));
  int64_t rank = shape.size();
  auto clamp = [&](int64_t at) {
    return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  int64_t start = clamp(node.integer("start", 0));
  int64_t end = std::max(start, clamp(node.integer("end", rank)));
  return {shapeVector(node, shape.slice(start, end - start))};
}

static Results size(Node &node) {
  return {
      node.constant(Tensor::of<int64_t>({}, {sizeOf(shapeOf(node.input(0)))}))};
}

static Results reshape(Node &node) {
  Value x = node.input(0);
  auto target = node.integersInput(1, "shape");
  if (!target)
    return {};
  Extents from = shapeOf(x);
  SmallVector<int64_t> to = *target;
  if (!node.integer("allowzero", 0))
    for (auto [axis, extent] : llvm::enumerate(to))
      if (extent == 0 && axis < from.size())
        extent = from[axis];
  SmallVector<int64_t> given = to;
  llvm::erase(given, -1);
  bool valid = to.size() - given.size() <= 1 && withinLimits(given);
  int64_t rest = valid ? sizeOf(given) : 0;
  for (int64_t &extent : to)
    if (extent == -1)
      extent = rest ? sizeOf(from) / rest : 0;
  if (!valid || sizeOf(to) != sizeOf(from)) {
    node.error() << "cannot give " << toString(from) << " the shape "
                 << toString(*target)
                 << ": expected the same number of elements";
    return {};
  }
  return {node.reshape(x, to)};
}

static Results flatten(Node &node) {
  Value x = node.input(0);
  Extents shape = shapeOf(x);
  int64_t rank = shape.size(), axis = node.integer("axis", 1);
  // The axis may also be the rank: everything before it.
  axis = axis == rank ? rank : node.axis(axis, rank);
  return {node.reshape(
      x, {sizeOf(shape.take_front(axis)), sizeOf(shape.drop_front(axis))})};
}

static Results squeeze(Node &node) {
  Value x = node.input(0);
  auto given = node.integersUntil(13, "axes", 1);
  SmallVector<int64_t> axes;
  if (given)
    axes = node.axes(*given, rankOf(x));
  SmallVector<int64_t> shape;
  for (auto [axis, extent] : llvm::enumerate(shapeOf(x))) {
    bool drops = given ? llvm::is_contained(axes, axis) : extent == 1;
    if (drops && extent != 1) {
      node.error() << "expected extent 1 on axis " << axis << " of "
                   << toString(shapeOf(x)) << ", found " << extent;
      return {};
    }
    if (!drops)
      shape.push_back(extent);
  }
  return {node.reshape(x, shape)};
}

static Results unsqueeze(Node &node) {
  Value x = node.input(0);
  auto given = node.integersUntil(13, "axes", 1);
  if (!given) {
    if (!node.hasFailed())
      node.error() << "expected axes, found none";
    return {};
  }
  int64_t rank = rankOf(x) + int64_t(given->size());
  if (rank > maxRank) {
    node.error() << "expected a value of rank " << maxRank << " at most, found "
                 << rank;
    return {};
  }
  auto axes = node.axes(*given, rank);
  llvm::sort(axes);
  SmallVector<int64_t> shape(shapeOf(x));
  for (int64_t axis : axes) {
    if (axis > int64_t(shape.size())) {
      node.error() << "axes " << toString(*given) << " are not distinct";
      return {};
    }
    shape.insert(shape.begin() + axis, 1);
  }
  return {node.reshape(x, shape)};
}

static Results transpose(Node &node) {
  Value x = node.input(0);
  auto perm = node.integers("perm");
  if (!perm)
    perm = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rankOf(x))));
  return {node.transpose(x, *perm)};
}

static Results expand(Node &node) {
  Value x = node.input(0);
  auto target = node.integersInput(1, "shape");
  if (!target)
    return {};
  auto shape = broadcastShapes(shapeOf(x), *target);
  if (!shape) {
    node.error() << "cannot expand " << toString(shapeOf(x)) << " to "
                 << toString(*target);
    return {};
  }
  return {node.broadcast(x, *shape)};
}

/// Repeats every axis: [a, b] as [1, a, 1, b] broadcasts to [n, a, m, b].
static Results tile(Node &node) {
  Value x = node.input(0);
  auto repeats = node.integersInput(1, "repeats");
  Extents shape = shapeOf(x);
  if (!repeats)
    return {};
  if (repeats->size() != shape.size() || !llvm::all_of(*repeats, isCount)) {
    node.error() << "expected " << shape.size() << " repeats from 0 to "
                 << maxElements << ", found " << toString(*repeats);
    return {};
  }
  SmallVector<int64_t> split, repeated, result;
  for (auto [extent, count] : llvm::zip(shape, *repeats)) {
    split.append({1, extent});
    repeated.append({count, extent});
    result.push_back(productOfCounts(count, extent));
  }
  if (!withinLimits(result)) {
    node.error() << describeLimit(result);
    return {};
  }
  return {
      node.reshape(node.broadcast(node.reshape(x, split), repeated), result)};
}

static Results range(Node &node) {
  auto start = node.numberInput(0, "start");
  auto limit = node.numberInput(1, "limit");
  auto delta = node.numberInput(2, "delta");
  if (!start || !limit || !delta)
    return {};
  double count = std::ceil((*limit - *start) / *delta);
  if (!(count <= double(maxElements))) {
    node.error() << "expected a finite range of at most " << maxElements
                 << " numbers, found " << *start << " to " << *limit
                 << " in steps of " << *delta;
    return {};
  }
  Element element = elementOf(node.input(0));
  return {visitElement(element, [&](auto zero) {
    using T = decltype(zero);
    return node.table<T>({int64_t(std::max(0.0, count))},
                         [&](MutableArrayRef<T> out) {
                           for (auto [i, value] : llvm::enumerate(out))
                             value = toNumber<T>(*start + double(i) * *delta);
                         });
  })};
}

static Results constantOfShape(Node &node) {
  auto target = node.integersInput(0, "shape");
  if (!target)
    return {};
  Value value;
  if (auto attribute = node.attribute("value"))
    value = node.stored(attribute->t());
  else
    value = node.constant(Tensor::of<float>({}, {0.0f}));
  return {node.broadcast(node.reshape(value, {}), *target)};
}

static Results oneHot(Node &node) {
  auto depth = node.integerInput(1, "depth");
  if (!depth)
    return {};
  Value ids = node.input(0), values = node.input(2);
  if (elementOf(ids) == Element::F32)
    ids = node.cast(ids, Element::I64);
  int64_t axis = node.axis(node.integer("axis", -1), rankOf(ids) + 1);
  Value hot = node.build<OneHotOp>(ids, *depth, axis);
  Value off = node.reshape(node.slice(values, {0}, {1}), {});
  Value on = node.reshape(node.slice(values, {1}, {1}), {});
  return {node.build<SelectOp>(node.cast(hot, Element::I1), on, off)};
}

/// The same diagonal, or one outside of every matrix.
static int64_t clampDiagonal(int64_t k) {
  return std::clamp(k, -maxElements, maxElements);
}

static Results trilu(Node &node) {
  int64_t k = 0;
  if (node.hasInput(1))
    k = clampDiagonal(node.integerInput(1, "k").value_or(0));
  return {
      node.build<TriluOp>(node.input(0), bool(node.integer("upper", 1)), k)};
}

static Results eyeLike(Node &node) {
  Value x = node.input(0);
  Element element = elementOf(x);
  if (node.attribute("dtype")) {
    auto given = elementOfOnnx(int32_t(node.integer("dtype", 0)));
    if (!given) {
      node.error() << "expected a dtype of floats, integers or booleans";
      return {};
    }
    element = *given;
  }
  Extents shape = shapeOf(x);
  if (shape.size() != 2) {
    if (!node.hasFailed())
      node.error() << "expected a matrix, found " << toString(shape);
    return {};
  }
  int64_t k = clampDiagonal(node.integer("k", 0)), columns = shape[1];
  Value eye = node.table<bool>(shape, [&](MutableArrayRef<bool> out) {
    for (int64_t i = 0; i < int64_t(out.size()); ++i)
      out[i] = i % columns == i / columns + k;
  });
  return {node.cast(eye, element)};
}

/// The block size, if it is one for images of a shape that \p fits.
static int64_t blockSize(Node &node, Extents shape,
                         function_ref<bool(int64_t)> fits) {
  int64_t block = node.integer("blocksize", 0);
  if (!node.hasFailed() &&
      (shape.size() != 4 || block < 1 || !isWindow(block) || !fits(block)))
    node.error() << "expected images [batch, channels, height, width] that "
                    "blocks of "
                 << block << " x " << block << " fit, found "
                 << toString(shape);
  return block;
}

static Results depthToSpace(Node &node) {
  Value x = node.input(0);
  Extents shape = shapeOf(x);
  int64_t b = blockSize(node, shape,
                        [&](int64_t b) { return shape[1] % (b * b) == 0; });
  bool columnsFirst = node.text("mode", "DCR") == "CRD";
  if (node.hasFailed())
    return {};
  int64_t n = shape[0], depth = shape[1] / (b * b), h = shape[2], w = shape[3];
  Value split = columnsFirst ? node.reshape(x, {n, depth, b, b, h, w})
                             : node.reshape(x, {n, b, b, depth, h, w});
  Value blocks = columnsFirst ? node.transpose(split, {0, 1, 4, 2, 5, 3})
                              : node.transpose(split, {0, 3, 4, 1, 5, 2});
  return {node.reshape(blocks, {n, depth, h * b, w * b})};
}

static Results spaceToDepth(Node &node) {
  Value x = node.input(0);
  Extents shape = shapeOf(x);
  int64_t b = blockSize(node, shape, [&](int64_t b) {
    return shape[2] % b == 0 && shape[3] % b == 0;
  });
  if (node.hasFailed())
    return {};
  int64_t n = shape[0], depth = shape[1], h = shape[2] / b, w = shape[3] / b;
  Value blocks = node.transpose(node.reshape(x, {n, depth, h, b, w, b}),
                                {0, 3, 5, 1, 2, 4});
  return {node.reshape(blocks, {n, depth * b * b, h, w})};
}

ArrayRef<Operator> secformer::frontend::shapeOperators() {
  static const Operator table[] = {
      {"", "Constant", 1, 0, constant},
      {"", "ConstantOfShape", 9, 1, constantOfShape},
      {"", "Shape", 1, 1, shape},
      {"", "Size", 1, 1, size},
      {"", "Range", 11, 3, range, "of known numbers"},
      {"", "EyeLike", 9, 1, eyeLike},
      {"", "OneHot", 9, 3, oneHot, "known depth"},
      {"", "Reshape", 5, 2, reshape, "known shape"},
      {"", "Flatten", 1, 1, flatten},
      {"", "Squeeze", 1, 1, squeeze},
      {"", "Unsqueeze", 1, 1, unsqueeze},
      {"", "Transpose", 1, 1, transpose},
      {"", "Expand", 8, 2, expand, "known shape"},
      {"", "Tile", 6, 2, tile, "known repeats"},
      {"", "DepthToSpace", 1, 1, depthToSpace},
      {"", "SpaceToDepth", 1, 1, spaceToDepth},
      {"", "Trilu", 14, 1, trilu, "known k"},
  };
  return table;
}
