//===- Emitter.cpp - mpc operations, one call each ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Emitter.h"
#include <cmath>

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

/// Dealt bits double with every bit of a chunk, dealt words with every chunk.
static constexpr unsigned kChunkBits = 8, kMostComparedBits = 32;

/// numpy broadcasting of shapes that are known to fit.
static SmallVector<int64_t> broadcastShape(ArrayRef<int64_t> a,
                                           ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> shape(a);
  for (size_t i = 0; i < b.size(); ++i) {
    int64_t &extent = shape[shape.size() - 1 - i];
    extent = std::max(extent, b[b.size() - 1 - i]);
  }
  return shape;
}

unsigned Emitter::checkedScale(unsigned scale) {
  if (scale <= kLargestScale)
    return scale;
  if (!failed)
    emitError(location) << "a product of scale " << scale
                        << " is more than the " << kLargestScale
                        << " bits that a wire can have: use fewer "
                           "--fraction-bits";
  failed = true;
  return 0;
}

SharedType Emitter::shared(ArrayRef<int64_t> shape, unsigned scale) {
  return SharedType::get(module.getContext(), shape, checkedScale(scale),
                         kWidestRing);
}

MaskedType Emitter::masked(ArrayRef<int64_t> shape, unsigned scale) {
  return MaskedType::get(module.getContext(), shape, checkedScale(scale),
                         kWidestRing);
}

Value Emitter::splat(double value) {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return create<ConstantOp>(
      type, DenseElementsAttr::get(type, static_cast<float>(value)));
}

Value Emitter::constant(ArrayRef<float> values) {
  auto type =
      RankedTensorType::get(int64_t(values.size()), builder.getF32Type());
  return create<ConstantOp>(type, DenseElementsAttr::get(type, values));
}

Value Emitter::plain(PlainKind kind, ValueRange operands,
                     ArrayRef<int64_t> shape, ArrayRef<int64_t> params) {
  Type type = RankedTensorType::get(shape, builder.getF32Type());
  for (Value operand : operands)
    if (std::optional<unsigned> owner = plainOwner(operand))
      type = LocalType::get(module.getContext(), shape, *owner);
  return create<PlainOp>(type, kind, operands,
                         params.empty() ? DenseI64ArrayAttr()
                                        : builder.getDenseI64ArrayAttr(params));
}

Value Emitter::plainTranspose(Value x, ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return x;
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation)
    shape.push_back(plainShape(x)[axis]);
  return plain(PlainKind::Transpose, x, shape, permutation);
}

/// The permutation that brings `axis` to the front.
static SmallVector<int64_t> toFront(int64_t rank, int64_t axis) {
  SmallVector<int64_t> permutation{axis};
  for (int64_t other = 0; other < rank; ++other)
    if (other != axis)
      permutation.push_back(other);
  return permutation;
}

Value Emitter::plainGather(Value table, Value ids, int64_t axis) {
  const int64_t rank = plainShape(table).size(),
                idsRank = plainShape(ids).size();
  table = plainTranspose(table, toFront(rank, axis));
  SmallVector<int64_t> shape(plainShape(ids));
  shape.append(plainShape(table).begin() + 1, plainShape(table).end());
  Value rows = plain(PlainKind::Gather, {table, ids}, shape);
  return plainTranspose(rows, gatherOrder(rank, idsRank, axis));
}

Secret Emitter::encoded(Value local, unsigned scale, double bound) {
  ArrayRef<int64_t> shape = plainShape(local);
  auto type = OwnedType::get(module.getContext(), shape, checkedScale(scale),
                             kWidestRing, plainOwner(local).value_or(0));
  Value owned;
  if (auto input = local.getDefiningOp<InputOp>())
    owned = create<InputOp>(type, input.getName(), input.getDtype(),
                            input.getLow(), input.getHigh());
  else
    owned = create<EncodeOp>(type, local);
  return {create<ShareOp>(shared(shape, scale), owned), bound};
}

SmallVector<int64_t> secformer::gatherOrder(int64_t rank, int64_t idsRank,
                                            int64_t axis) {
  // Rows are [ids, axes before, axes after]; wanted is [before, ids, after].
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < axis; ++i)
    order.push_back(idsRank + i);
  for (int64_t i = 0; i < idsRank; ++i)
    order.push_back(i);
  for (int64_t i = axis; i < rank - 1; ++i)
    order.push_back(idsRank + i);
  return order;
}

//===----------------------------------------------------------------------===//
// Linear operations
//===----------------------------------------------------------------------===//

Value Emitter::add(Value a, Value b) {
  return create<AddOp>(wireType(a).withShape(broadcastShape(
                           wireType(a).getShape(), wireType(b).getShape())),
                       a, b);
}

Value Emitter::sub(Value a, Value b) {
  return create<SubOp>(wireType(a).withShape(broadcastShape(
                           wireType(a).getShape(), wireType(b).getShape())),
                       a, b);
}

Secret Emitter::add(Secret a, Secret b, double bound) {
  auto [x, y] = atOneScale(a, b, bound);
  return {add(x.wire, y.wire), bound};
}

Secret Emitter::sub(Secret a, Secret b, double bound) {
  auto [x, y] = atOneScale(a, b, bound);
  return {sub(x.wire, y.wire), bound};
}

Value Emitter::scaleBy(Value wire, int64_t factor) {
  return factor == 1 ? wire
                     : Value(create<ScaleByOp>(wire.getType(), wire, factor));
}

Value Emitter::sumLast(Value wire) {
  SmallVector<int64_t> shape(wireType(wire).getShape());
  shape.back() = 1;
  return create<SumLastOp>(wireType(wire).withShape(shape), wire);
}

Value Emitter::reshape(Value wire, ArrayRef<int64_t> shape) {
  if (wireType(wire).getShape() == shape)
    return wire;
  return create<ReshapeOp>(wireType(wire).withShape(shape), wire);
}

Value Emitter::transpose(Value wire, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation)
    shape.push_back(wireType(wire).getShape()[axis]);
  return create<TransposeOp>(wireType(wire).withShape(shape), wire,
                             permutation);
}

Value Emitter::broadcast(Value wire, ArrayRef<int64_t> shape) {
  return create<BroadcastOp>(wireType(wire).withShape(shape), wire);
}

Value Emitter::slice(Value wire, ArrayRef<int64_t> starts,
                     ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  return create<SliceOp>(wireType(wire).withShape(sizes), wire, starts,
                         strides);
}

Value Emitter::take(Value wire, ArrayRef<int64_t> indices, int64_t axis) {
  SmallVector<int64_t> shape(wireType(wire).getShape());
  shape[axis] = indices.size();
  return create<TakeOp>(wireType(wire).withShape(shape), wire, indices, axis);
}

Value Emitter::pad(Value wire, ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  SmallVector<int64_t> shape(wireType(wire).getShape());
  for (size_t i = 0; i < shape.size(); ++i)
    shape[i] += low[i] + high[i];
  return create<PadOp>(wireType(wire).withShape(shape), wire, low, high);
}

Value Emitter::concat(ArrayRef<Value> wires, int64_t axis) {
  SmallVector<int64_t> shape(wireType(wires.front()).getShape());
  shape[axis] = 0;
  for (Value wire : wires)
    shape[axis] += wireType(wire).getShape()[axis];
  return create<ConcatOp>(wireType(wires.front()).withShape(shape), wires,
                          axis);
}

Value Emitter::mulPublic(Value wire, Value factor, unsigned bits) {
  auto type = cast<SharedType>(wire.getType());
  auto shape = broadcastShape(
      type.getShape(), cast<RankedTensorType>(factor.getType()).getShape());
  return create<MulPublicOp>(shared(shape, type.getScale() + bits), wire,
                             factor, bits);
}

Value Emitter::addPublic(Value wire, Value term) {
  auto type = cast<SharedType>(wire.getType());
  auto shape = broadcastShape(
      type.getShape(), cast<RankedTensorType>(term.getType()).getShape());
  return create<AddPublicOp>(shared(shape, type.getScale()), wire, term);
}

/// The shape of a product of batches of matrices.
static SmallVector<int64_t> productShape(ArrayRef<int64_t> a,
                                         ArrayRef<int64_t> b) {
  auto shape = broadcastShape(a.drop_back(2), b.drop_back(2));
  shape.append({a[a.size() - 2], b.back()});
  return shape;
}

Value Emitter::matmulPublic(Value a, Value b, unsigned bits) {
  auto shapeOf = [](Value value) {
    auto tensor = dyn_cast<RankedTensorType>(value.getType());
    return tensor ? tensor.getShape() : wireType(value).getShape();
  };
  auto type = dyn_cast<SharedType>(a.getType());
  if (!type)
    type = cast<SharedType>(b.getType());
  return create<MatmulPublicOp>(
      shared(productShape(shapeOf(a), shapeOf(b)), type.getScale() + bits), a,
      b, bits);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

Value Emitter::matmul(Value a, Value b) {
  auto x = wireType(a), y = wireType(b);
  return create<MatmulOp>(shared(productShape(x.getShape(), y.getShape()),
                                 x.getScale() + y.getScale()),
                          a, b);
}

Value Emitter::mul(Value a, Value b, std::optional<double> boundOfA,
                   std::optional<double> boundOfB) {
  auto x = wireType(a), y = wireType(b);
  SharedType type = shared(broadcastShape(x.getShape(), y.getShape()),
                           x.getScale() + y.getScale());
  // What was narrowed is known modulo less.
  const unsigned ring =
      std::min({boundOfA ? kWidestRing : x.getRing(),
                boundOfB ? kWidestRing : y.getRing(), kWidestRing});
  auto attribute = [&](std::optional<double> bound) {
    return bound ? builder.getF64FloatAttr(*bound) : FloatAttr();
  };
  return create<MulOp>(type.withFormat(type.getScale(), ring), a, b,
                       attribute(boundOfA), attribute(boundOfB));
}

Value Emitter::mul3(Value a, Value b, Value c) {
  auto x = wireType(a), y = wireType(b), z = wireType(c);
  auto shape =
      broadcastShape(broadcastShape(x.getShape(), y.getShape()), z.getShape());
  return create<Mul3Op>(
      shared(shape, x.getScale() + y.getScale() + z.getScale()), a, b, c);
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

/// Bits to compare, above the `drop` lowest, if values are at most `reach` from
/// the thresholds.
static unsigned comparedBits(double reach, unsigned scale, unsigned drop) {
  // Half a unit of what is compared is left on both sides.
  double room = drop == 0 ? 1.0 : std::ldexp(1.0, int(drop) - 1);
  double units = std::ceil(std::ldexp(reach, int(scale))) + room;
  return std::max(1, std::ilogb(units - 0.5) + 2 - int(drop));
}

Value Emitter::compare(Value masked, ArrayRef<double> thresholds, double reach,
                       unsigned precision) {
  MaskedType type = cast<MaskedType>(masked.getType());
  const unsigned scale = type.getScale();
  const unsigned drop = scale > precision ? scale - precision : 0;
  SmallVector<int64_t> units;
  for (double threshold : thresholds)
    units.push_back(std::llround(std::ldexp(threshold, int(scale))));
  const unsigned bits = comparedBits(reach, scale, drop);
  if (bits > kMostComparedBits && !failed) {
    emitError(location) << "a comparison of values up to " << reach
                        << " apart with " << scale - drop
                        << " fraction bits takes " << bits << " bits, at most "
                        << kMostComparedBits
                        << " are allowed: use fewer --fraction-bits, or "
                           "calibrate with samples (--calibrate)";
    failed = true;
  }
  const unsigned count = std::min<unsigned>(
      (bits + kChunkBits - 1) / kChunkBits, kMostComparedBits / kChunkBits);
  SmallVector<int32_t> chunks;
  for (unsigned i = 0; i < count; ++i)
    chunks.push_back(std::min(bits / count + (i < bits % count), kChunkBits));
  return create<CompareOp>(DecidedType::get(module.getContext(),
                                            type.getShape(), count,
                                            units.size()),
                           masked, units, drop, chunks);
}

Value Emitter::indicator(Value decided, unsigned index) {
  auto type = cast<DecidedType>(decided.getType());
  return create<IndicatorOp>(shared(type.getShape(), 0), decided, index);
}

Value Emitter::select(Value decided, unsigned index, Value masked,
                      int64_t offset) {
  auto type = wireType(masked);
  return create<SelectOp>(SharedType::get(module.getContext(), type.getShape(),
                                          type.getScale(), type.getRing()),
                          decided, masked, index, offset);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

FailureOr<FitOp> Emitter::fit(const FitRequest &request) {
  FitOp &known = fits[cacheKey(request)];
  if (known)
    return known;
  auto outcome = knownUnivariate(request);
  if (auto *reason = std::get_if<std::string>(&outcome))
    return emitError(location) << *reason;
  const Fit &fit = std::get<Fit>(outcome);
  if (fit.certifiedError > request.maxError)
    emitRemark(location) << request.name << ": the certified error is "
                         << fit.certifiedError << ", above " << request.maxError
                         << "; four standard deviations are "
                         << fit.typicalError;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  known = create<FitOp>(builder.getStringAttr("fit_" + Twine(fits.size())),
                        builder.getStringAttr(request.name),
                        builder.getF64FloatAttr(request.low),
                        builder.getF64FloatAttr(request.high),
                        builder.getF64FloatAttr(fit.certifiedError),
                        builder.getBoolAttr(request.relative),
                        builder.getI32IntegerAttr(fit.inputScale),
                        builder.getI32IntegerAttr(fit.inputRing),
                        builder.getI32IntegerAttr(fit.factorBits),
                        builder.getDenseI32ArrayAttr(SmallVector<int32_t>(
                            fit.dealtBits.begin(), fit.dealtBits.end())),
                        builder.getI32IntegerAttr(fit.coefficientBits),
                        builder.getI64IntegerAttr(fit.constant),
                        builder.getDenseI64ArrayAttr(fit.cosine),
                        builder.getDenseI64ArrayAttr(fit.sine),
                        builder.getI32IntegerAttr(fit.firstFrequency),
                        builder.getI32IntegerAttr(fit.frequencyStep),
                        builder.getF64FloatAttr(fit.typicalError));
  return known;
}

Value Emitter::apply(FitOp fit, Value wire) {
  Value mask = openedNarrow(wire, fit.getInputScale());
  return create<UnivariateOp>(
      shared(wireType(mask).getShape(), fit.getResultScale()), fit.getSymName(),
      mask);
}
