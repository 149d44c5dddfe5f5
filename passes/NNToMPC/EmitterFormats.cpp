//===- EmitterFormats.cpp - scales, openings and factors per column -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Emitter.h"
#include <cmath>

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

//===----------------------------------------------------------------------===//
// Formats
//===----------------------------------------------------------------------===//

/// The rearrangement that made the wire, or null.
static Operation *viewOf(Value wire) {
  Operation *op = wire.getDefiningOp();
  return isa_and_nonnull<ReshapeOp, TransposeOp, SliceOp, TakeOp, BroadcastOp>(
             op)
             ? op
             : nullptr;
}

/// The wire that is rearranged.
static Value rearranged(Value wire) {
  while (Operation *view = viewOf(wire))
    wire = view->getOperand(0);
  return wire;
}

/// The operation that made an owned value which `wire` is the share of,
/// rearranged or not.
static Operation *ownedSource(Value wire) {
  auto share = rearranged(wire).getDefiningOp<ShareOp>();
  return share ? share.getInput().getDefiningOp() : nullptr;
}

/// The same rearrangement of another wire.
static Value rearrangedAlike(OpBuilder &builder, Operation *view, Value wire) {
  Operation *again = builder.clone(*view);
  again->setOperand(0, wire);
  again->getResult(0).setType(
      wireType(wire).withShape(wireType(view->getResult(0)).getShape()));
  return again->getResult(0);
}

unsigned Emitter::factorScale(double bound) const {
  // A range is never taken to be smaller than 2^-8 (Range::bound).
  int exponent = 0;
  std::frexp(bound, &exponent);
  return fraction + std::clamp(-exponent, 0, 8);
}

Secret Emitter::withRoom(Secret x, unsigned bits, double bound,
                         unsigned scale) {
  // A bit of a truncation, and the sign.
  bool fits = x.scale() + bits <= kLargestScale &&
              signedBits(bound, x.scale() + bits) < kWidestRing;
  return fits || x.scale() <= scale ? x : atScale(x, scale);
}

Secret Emitter::atScale(Secret x, unsigned scale) {
  if (scale == x.scale())
    return x;
  Value &result = truncations[{x.wire, scale}];
  if (!result) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(x.wire);
    Operation *source = ownedSource(x.wire);
    if (Operation *view = viewOf(x.wire); source && view) {
      Value inner = atScale({view->getOperand(0), x.bound}, scale).wire;
      return {truncations[{x.wire, scale}] =
                  rearrangedAlike(builder, view, inner),
              x.bound};
    }
    if (source) {
      Operation *again = builder.clone(*source);
      auto type = cast<OwnedType>(source->getResult(0).getType());
      again->getResult(0).setType(
          type.withFormat(checkedScale(scale), kWidestRing));
      result = create<ShareOp>(shared(x.shape(), scale), again->getResult(0));
    } else if (scale > x.scale()) {
      result = relabel(scaleBy(x.wire, int64_t(1) << (scale - x.scale())),
                       scale - x.scale());
    } else {
      unsigned ring = signedBits(x.bound, x.scale()) + 1;
      if (ring > kWidestRing && !failed) {
        failed = true;
        emitError(location)
            << "ring too narrow for the range: values up to " << x.bound
            << " at scale " << x.scale() << " need a ring of " << ring
            << " bits, at most " << kWidestRing
            << " are allowed. Use fewer --fraction-bits or a shorter sequence, "
               "or calibrate with samples (--calibrate)";
      }
      result =
          create<TruncateOp>(shared(x.shape(), scale), x.wire, APFloat(x.bound),
                             narrowables.contains(rearranged(x.wire)));
    }
  }
  return {result, x.bound};
}

Value Emitter::opened(Secret x, unsigned scale) {
  Secret exact = atScale(x, scale);
  Value &result = openings[exact.wire];
  if (!result) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(exact.wire);
    auto type = MaskedType::get(module.getContext(), exact.shape(), scale,
                                exact.type().getRing());
    Operation *source = ownedSource(exact.wire);
    if (Operation *view = viewOf(exact.wire); source && view) {
      Value inner = opened({view->getOperand(0), exact.bound}, scale);
      return openings[exact.wire] = rearrangedAlike(builder, view, inner);
    }
    // Who is outside shares, and cannot send.
    if (source &&
        !isOutside(cast<OwnedType>(source->getResult(0).getType()).getOwner()))
      result = create<MaskOp>(type, source->getResult(0));
    else
      result = create<OpenOp>(type, exact.wire);
  }
  return result;
}

Value Emitter::openedFew(Secret x, unsigned scale) {
  return opened(atSmaller(x, scale), scale);
}

Value Emitter::openedNarrow(Value wire, unsigned scale) {
  auto type = wireType(wire);
  // What one owner knows it encodes itself.
  if (type.getScale() > scale && !ownedSource(wire))
    wire = create<NarrowOp>(
        type.withFormat(scale, type.getRing() - (type.getScale() - scale)),
        wire);
  return opened({wire, 0}, scale);
}

Value Emitter::relabel(Value wire, int bits) {
  if (bits == 0)
    return wire;
  auto type = wireType(wire);
  return create<RelabelOp>(
      type.withFormat(checkedScale(type.getScale() + bits), type.getRing()),
      wire);
}

//===----------------------------------------------------------------------===//
// Factors per column
//===----------------------------------------------------------------------===//

Value Emitter::openedColumns(Value columns, bool asColumn) {
  SmallVector<int64_t> shape(plainShape(columns));
  const unsigned scale = fraction + llvm::Log2_64_Ceil(shape.back());
  if (asColumn) {
    if (shape.size() < 2)
      shape.push_back(1);
    else
      std::swap(shape[shape.size() - 2], shape.back());
    columns = plain(PlainKind::Reshape, columns, shape);
  }
  return opened(encoded(columns, scale, 1), scale);
}

Secret Emitter::timesColumns(Secret x, Value columns) {
  Value factor = openedColumns(columns, /*asColumn=*/false);
  return atScale({mul(opened(x, x.scale()), factor, x.bound), x.bound},
                 wireType(factor).getScale());
}

Secret Emitter::timesRows(Secret x, Value columns) {
  Value factor = openedColumns(columns, /*asColumn=*/true);
  return atScale({mul(opened(x, fraction), factor, x.bound), x.bound},
                 wireType(factor).getScale());
}

Secret Emitter::atSmaller(Secret x, unsigned scale) {
  Secret exact = atScale(x, scale);
  if (auto truncate = exact.wire.getDefiningOp<TruncateOp>())
    truncate.setNarrowable(true);
  return exact;
}

/// One owner's value is encoded like the other. Of two computed ones the
/// coarser decides, where it is as fine as a product of two factors: the wire
/// of the sum, and of all that it is added up from, is as much narrower.
std::pair<Secret, Secret> Emitter::atOneScale(Secret a, Secret b,
                                              double bound) {
  if (ownedSource(a.wire))
    return {atScale(a, b.scale()), b};
  if (ownedSource(b.wire))
    return {a, atScale(b, a.scale())};
  const unsigned scale =
      std::clamp(fraction + factorScale(bound), std::min(a.scale(), b.scale()),
                 std::max(a.scale(), b.scale()));
  return {atSmaller(a, scale), atSmaller(b, scale)};
}
