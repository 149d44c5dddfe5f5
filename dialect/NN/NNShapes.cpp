//===- NNShapes.cpp - result types of nn operations -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "dialect/NN/NNOps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallBitVector.h"

#include <limits>

using namespace mlir;
using namespace secformer::nn;

std::string secformer::nn::toString(Extents extents) {
  // Longer lists can only be wrong ones.
  constexpr size_t most = 2 * maxRank;
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '[';
  llvm::interleaveComma(extents.take_front(most), stream);
  if (extents.size() > most)
    stream << ", ... " << extents.size() << " in all";
  stream << ']';
  return text;
}

std::string secformer::nn::describeLimit(Extents shape) {
  return "expected a value of rank " + std::to_string(maxRank) +
         " or less with " + std::to_string(maxElements) +
         " elements or less, found shape " + toString(shape);
}

template <class... Parts>
static LogicalResult fail(MaybeLocation location, Parts &&...parts) {
  return emitOptionalError(location, std::forward<Parts>(parts)...);
}

/// The type, if a value can be so large.
static InferredType resultOf(MaybeLocation location, Extents shape,
                             Type element) {
  if (!withinLimits(shape))
    return fail(location, describeLimit(shape));
  return Type(RankedTensorType::get(shape, element));
}

static InferredType resultOf(MaybeLocation location, Extents shape,
                             RankedTensorType like) {
  return resultOf(location, shape, like.getElementType());
}

/// The operand's type if it is one that the dialect knows.
static FailureOr<RankedTensorType> tensorOf(MaybeLocation location,
                                            Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape())
    return fail(location, "expected tensors of static shape, found ",
                value.getType());
  if (!withinLimits(type.getShape()))
    return fail(location, describeLimit(type.getShape()));
  return type;
}

static FailureOr<RankedTensorType> tensorOf(MaybeLocation location, Value value,
                                            int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, value);
  if (succeeded(type) && (axis < 0 || axis >= type->getRank()))
    return fail(location, "expected an axis from 0 to ", type->getRank() - 1,
                ", found ", axis);
  return type;
}

std::optional<SmallVector<int64_t>> secformer::nn::broadcastShapes(Extents a,
                                                                   Extents b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> shape(a);
  for (auto [extent, other] :
       llvm::zip(llvm::drop_begin(shape, a.size() - b.size()), b)) {
    if (extent != other && extent != 1 && other != 1)
      return std::nullopt;
    extent = extent == 1 ? other : extent;
  }
  return shape;
}

InferredType secformer::nn::inferBroadcast(MaybeLocation location,
                                           ValueRange operands) {
  SmallVector<int64_t> shape;
  RankedTensorType first;
  for (Value operand : operands) {
    FailureOr<RankedTensorType> type = tensorOf(location, operand);
    if (failed(type))
      return failure();
    if (!first)
      first = *type;
    if (type->getElementType() != first.getElementType())
      return fail(location, "expected operands of one element type, found ",
                  first, " and ", *type);
    auto broadcast = broadcastShapes(shape, type->getShape());
    if (!broadcast)
      return fail(location, "shapes ", toString(shape), " and ",
                  toString(type->getShape()),
                  " do not broadcast: expected equal extents or 1");
    shape = *broadcast;
  }
  return resultOf(location, shape, first);
}

InferredType secformer::nn::inferPredicate(MaybeLocation location,
                                           ValueRange operands) {
  InferredType type = inferBroadcast(location, operands);
  if (failed(type))
    return failure();
  return Type(cast<RankedTensorType>(*type).clone(
      IntegerType::get(type->getContext(), 1)));
}

InferredType secformer::nn::inferSelect(MaybeLocation location,
                                        ValueRange operands) {
  FailureOr<RankedTensorType> condition = tensorOf(location, operands.front());
  InferredType branches = inferBroadcast(location, operands.drop_front());
  if (failed(condition) || failed(branches))
    return failure();
  auto type = cast<RankedTensorType>(*branches);
  auto shape = broadcastShapes(condition->getShape(), type.getShape());
  if (!shape)
    return fail(
        location, "condition of shape ", toString(condition->getShape()),
        " does not broadcast with values of shape ", toString(type.getShape()));
  return resultOf(location, *shape, type);
}

InferredType secformer::nn::inferUnary(MaybeLocation location, UnaryKind kind,
                                       Value input) {
  FailureOr<RankedTensorType> type = tensorOf(location, input);
  if (failed(type))
    return failure();
  bool onIntegers = kind == UnaryKind::Neg || kind == UnaryKind::Abs ||
                    kind == UnaryKind::Sign || kind == UnaryKind::Relu;
  if (!onIntegers && !type->getElementType().isF32())
    return fail(location, "expected elements of f32 for ",
                stringifyUnaryKind(kind), ", found ", *type);
  return Type(*type);
}

InferredType secformer::nn::inferReduce(MaybeLocation location, Value input,
                                        Extents axes, bool keepdims,
                                        Type element) {
  FailureOr<RankedTensorType> type = tensorOf(location, input);
  if (failed(type))
    return failure();
  llvm::SmallBitVector reduced(type->getRank());
  for (int64_t axis : axes) {
    if (failed(tensorOf(location, input, axis)))
      return failure();
    if (reduced.test(axis))
      return fail(location, "axis ", axis, " is given twice");
    reduced.set(axis);
  }
  SmallVector<int64_t> shape;
  for (auto [axis, extent] : llvm::enumerate(type->getShape()))
    if (!reduced.test(axis))
      shape.push_back(extent);
    else if (keepdims)
      shape.push_back(1);
  return resultOf(location, shape, element ? element : type->getElementType());
}

InferredType secformer::nn::inferTopIds(MaybeLocation location, Value input,
                                        int64_t count, int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, input, axis);
  if (failed(type))
    return failure();
  if (count < 0 || count > type->getDimSize(axis))
    return fail(location, "expected 0 to ", type->getDimSize(axis),
                " elements of axis ", axis, ", found ", count);
  SmallVector<int64_t> shape(type->getShape());
  shape[axis] = count;
  return resultOf(location, shape, IntegerType::get(type->getContext(), 64));
}

InferredType secformer::nn::inferAlongAxis(MaybeLocation location, Value input,
                                           int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, input, axis);
  if (failed(type))
    return failure();
  return Type(*type);
}

InferredType secformer::nn::inferSoftmax(MaybeLocation location, Value input,
                                         Value mask, int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, input, axis);
  if (failed(type) || !mask)
    return InferredType(type);
  FailureOr<RankedTensorType> maskType = tensorOf(location, mask);
  if (failed(maskType))
    return failure();
  auto shape = broadcastShapes(type->getShape(), maskType->getShape());
  if (!shape || Extents(*shape) != type->getShape())
    return fail(location, "expected a mask that broadcasts to ",
                toString(type->getShape()), ", found ",
                toString(maskType->getShape()));
  return Type(*type);
}

InferredType secformer::nn::inferLayerNorm(MaybeLocation location, Value input,
                                           Value gamma, Value beta,
                                           int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, input, axis);
  if (failed(type))
    return failure();
  Extents normalized = type->getShape().drop_front(axis);
  for (Value factor : {gamma, beta}) {
    if (!factor)
      continue;
    FailureOr<RankedTensorType> factorType = tensorOf(location, factor);
    if (failed(factorType))
      return failure();
    if (factorType->getShape() != normalized)
      return fail(location, "expected gamma and beta of shape ",
                  toString(normalized), ", found ",
                  toString(factorType->getShape()));
  }
  return Type(*type);
}

InferredType secformer::nn::inferMatmul(MaybeLocation location, Value lhs,
                                        Value rhs) {
  FailureOr<RankedTensorType> a = tensorOf(location, lhs);
  FailureOr<RankedTensorType> b = tensorOf(location, rhs);
  if (failed(a) || failed(b))
    return failure();
  if (a->getElementType() != b->getElementType())
    return fail(location, "expected operands of one element type, found ", *a,
                " and ", *b);
  if (!a->getRank() || !b->getRank())
    return fail(location, "expected operands of rank 1 or more, found ", *a,
                " and ", *b);
  int64_t inner = a->getShape().back();
  int64_t other =
      b->getRank() == 1 ? b->getShape()[0] : b->getShape()[b->getRank() - 2];
  if (inner != other)
    return fail(location, "shapes ", toString(a->getShape()), " and ",
                toString(b->getShape()), " do not multiply: expected ", inner,
                " rows on the right, found ", other);
  auto shape = broadcastShapes(
      a->getShape().drop_back(std::min<int64_t>(2, a->getRank())),
      b->getShape().drop_back(std::min<int64_t>(2, b->getRank())));
  if (!shape)
    return fail(location, "leading axes of ", toString(a->getShape()), " and ",
                toString(b->getShape()), " do not broadcast");
  if (a->getRank() > 1)
    shape->push_back(a->getShape()[a->getRank() - 2]);
  if (b->getRank() > 1)
    shape->push_back(b->getShape().back());
  return resultOf(location, *shape, *a);
}

InferredType secformer::nn::inferConv(MaybeLocation location, Value input,
                                      Value kernel, Extents strides,
                                      Extents low, Extents high,
                                      Extents dilations, int64_t groups) {
  FailureOr<RankedTensorType> x = tensorOf(location, input);
  FailureOr<RankedTensorType> w = tensorOf(location, kernel);
  if (failed(x) || failed(w))
    return failure();
  if (x->getRank() < 3 || w->getRank() != x->getRank())
    return fail(location,
                "expected an input and a kernel of one rank, 3 or "
                "more, found ",
                *x, " and ", *w);
  size_t spatial = x->getRank() - 2;
  for (Extents list : {strides, low, high, dilations})
    if (list.size() != spatial)
      return fail(location, "expected ", spatial,
                  " strides, low, high and dilations, found ", toString(list));
  for (Extents list : {strides, dilations})
    if (llvm::any_of(
            list, [](int64_t value) { return value < 1 || !isWindow(value); }))
      return fail(location, "expected strides and dilations from 1 to ",
                  maxWindow, ", found ", toString(list));
  for (Extents list : {low, high})
    if (!llvm::all_of(list, isWindow))
      return fail(location, "expected padding from 0 to ", maxWindow,
                  ", found ", toString(list));
  Extents in = x->getShape(), window = w->getShape();
  if (groups < 1 || groups > std::max<int64_t>(window[0], 1) ||
      in[1] != productOfCounts(window[1], groups) || window[0] % groups)
    return fail(location, "kernel ", *w, " with ", groups,
                " groups does not fit the channels of ", *x);
  SmallVector<int64_t> shape{in[0], window[0]};
  for (size_t i = 0; i < spatial; ++i) {
    int64_t reach = (window[i + 2] - 1) * dilations[i] + 1;
    int64_t room = in[i + 2] + low[i] + high[i] - reach;
    if (room < 0)
      return fail(location, "window ", toString(window.drop_front(2)),
                  " is larger than the padded input ", *x);
    shape.push_back(room / strides[i] + 1);
  }
  return resultOf(location, shape, *x);
}

InferredType secformer::nn::inferTranspose(MaybeLocation location, Value input,
                                           Extents perm) {
  FailureOr<RankedTensorType> type = tensorOf(location, input);
  if (failed(type))
    return failure();
  SmallVector<int64_t> sorted(perm);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, type->getRank())))
    return fail(location, "expected a permutation of ", type->getRank(),
                " axes, found ", toString(perm));
  SmallVector<int64_t> shape;
  for (int64_t axis : perm)
    shape.push_back(type->getDimSize(axis));
  return resultOf(location, shape, *type);
}

InferredType secformer::nn::inferConcat(MaybeLocation location,
                                        ValueRange inputs, int64_t axis) {
  if (inputs.empty())
    return fail(location, "expected one input or more");
  FailureOr<RankedTensorType> first = tensorOf(location, inputs[0], axis);
  if (failed(first))
    return failure();
  SmallVector<int64_t> shape(first->getShape());
  for (Value input : inputs.drop_front()) {
    FailureOr<RankedTensorType> type = tensorOf(location, input);
    if (failed(type))
      return failure();
    SmallVector<int64_t> expected(type->getShape());
    if (type->getRank() == first->getRank())
      expected[axis] = first->getDimSize(axis);
    if (Extents(expected) != first->getShape() ||
        type->getElementType() != first->getElementType())
      return fail(location, "expected inputs alike except along axis ", axis,
                  ", found ", *first, " and ", *type);
    shape[axis] += type->getDimSize(axis);
  }
  return resultOf(location, shape, *first);
}

InferredType secformer::nn::inferSlice(MaybeLocation location, Value input,
                                       Extents starts, Extents sizes,
                                       Extents strides) {
  FailureOr<RankedTensorType> type = tensorOf(location, input);
  if (failed(type))
    return failure();
  for (Extents list : {starts, sizes, strides})
    if (int64_t(list.size()) != type->getRank())
      return fail(location, "expected ", type->getRank(),
                  " starts, sizes and strides, found ", toString(list));
  for (auto [axis, extent] : llvm::enumerate(type->getShape())) {
    int64_t start = starts[axis], stride = strides[axis];
    // How many steps lead from the start to the end in its direction.
    auto steps = [&] {
      return stride > 0 ? (extent - 1 - start) / stride
             : stride == std::numeric_limits<int64_t>::min() ? 0
                                                             : start / -stride;
    };
    if (!stride || sizes[axis] < 0 ||
        (sizes[axis] &&
         (start < 0 || start >= extent || sizes[axis] - 1 > steps())))
      return fail(location, "slice from ", starts[axis], ", ", sizes[axis],
                  " elements, stride ", strides[axis], " leaves the extent ",
                  extent, " of axis ", axis);
  }
  return resultOf(location, sizes, *type);
}

InferredType secformer::nn::inferPad(MaybeLocation location, Value input,
                                     Extents low, Extents high) {
  FailureOr<RankedTensorType> type = tensorOf(location, input);
  if (failed(type))
    return failure();
  SmallVector<int64_t> shape(type->getShape());
  for (Extents list : {low, high}) {
    if (list.size() != shape.size() || !llvm::all_of(list, isCount))
      return fail(location, "expected ", shape.size(), " paddings from 0 to ",
                  maxElements, ", found ", toString(list));
    for (auto [extent, value] : llvm::zip(shape, list))
      extent += value;
  }
  return resultOf(location, shape, *type);
}

InferredType secformer::nn::inferGather(MaybeLocation location, Value input,
                                        Value ids, int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, input, axis);
  FailureOr<RankedTensorType> idsType = tensorOf(location, ids);
  if (failed(type) || failed(idsType))
    return failure();
  SmallVector<int64_t> shape(type->getShape().take_front(axis));
  llvm::append_range(shape, idsType->getShape());
  llvm::append_range(shape, type->getShape().drop_front(axis + 1));
  return resultOf(location, shape, *type);
}

InferredType secformer::nn::inferScatter(MaybeLocation location, Value input,
                                         Value ids, Value updates) {
  FailureOr<RankedTensorType> type = tensorOf(location, input, 0);
  FailureOr<RankedTensorType> idsType = tensorOf(location, ids);
  FailureOr<RankedTensorType> rows = tensorOf(location, updates);
  if (failed(type) || failed(idsType) || failed(rows))
    return failure();
  SmallVector<int64_t> expected(idsType->getShape());
  llvm::append_range(expected, type->getShape().drop_front());
  if (idsType->getRank() != 1 || *rows != type->clone(expected))
    return fail(location, "expected a list of ids and as many rows of ", *type,
                ", found ", *idsType, " and ", *rows);
  return Type(*type);
}

InferredType secformer::nn::inferEmbedding(MaybeLocation location, Value table,
                                           Value ids) {
  FailureOr<RankedTensorType> type = tensorOf(location, table);
  if (failed(type))
    return failure();
  if (type->getRank() != 2)
    return fail(location, "expected a table of rank 2, found ", *type);
  return inferGather(location, table, ids, 0);
}

InferredType secformer::nn::inferOneHot(MaybeLocation location, Value ids,
                                        int64_t depth, int64_t axis) {
  FailureOr<RankedTensorType> type = tensorOf(location, ids);
  if (failed(type))
    return failure();
  if (depth < 1)
    return fail(location, "expected a positive depth, found ", depth);
  if (axis < 0 || axis > type->getRank())
    return fail(location, "expected an axis from 0 to ", type->getRank(),
                ", found ", axis);
  SmallVector<int64_t> shape(type->getShape());
  shape.insert(shape.begin() + axis, depth);
  return resultOf(location, shape, Float32Type::get(type->getContext()));
}

InferredType secformer::nn::inferTrilu(MaybeLocation location, Value input) {
  FailureOr<RankedTensorType> type = tensorOf(location, input);
  if (failed(type))
    return failure();
  if (type->getRank() < 2)
    return fail(location, "expected matrices, found ", *type);
  return Type(*type);
}
