//===- Lowering.cpp - where an nn value stands while it becomes mpc -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Lowering.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

int secformer::log2Ceil(double value) {
  return int(std::ceil(std::log2(value)));
}

FailureOr<Secret> Lowering::secret(Value nnValue) {
  Lowered &lowered = map[nnValue];
  if (lowered.publicValue)
    return emitError(emit.location)
           << "expected a secret operand, found a public one of type "
           << nnValue.getType();
  const bool local = lowered.localValue && !lowered.secret.wire;
  if (lowered.factors.empty() && !local)
    return lowered.secret;
  auto bounds = range(nnValue);
  if (failed(bounds))
    return failure();
  if (local) {
    lowered.secret = emit.encoded(
        lowered.localValue, emit.factorScale(bounds->bound()), bounds->bound());
    return lowered.secret;
  }
  Secret numerator = lowered.secret;
  if (lowered.columns)
    numerator = emit.timesColumns(numerator, lowered.columns);
  // A round less, if a wire can hold the product.
  unsigned scale = numerator.scale();
  for (Secret factor : lowered.factors)
    scale += factor.scale();
  if (scale > kLargestScale ||
      mpc::signedBits(bounds->bound(), scale) + 1 > kWidestRing)
    numerator = emit.atScale(numerator, emit.fraction);
  if (const Secret first = lowered.factors.front();
      lowered.factors.size() == 1) {
    // Digits that a small factor leaves nothing of are not opened.
    const int digits = int(emit.fraction) + 2 + log2Ceil(first.bound);
    if (digits > 0 && unsigned(digits) < numerator.scale())
      numerator = emit.atScale(numerator, digits);
    Value product = emit.mul(emit.opened(numerator, numerator.scale()),
                             emit.opened(first, first.scale()), numerator.bound,
                             first.bound);
    emit.mayNarrow(product);
    lowered = Lowered{{}, {product, bounds->bound()}, {}, 0};
    return lowered.secret;
  }
  SmallVector<Value> opened{emit.opened(numerator, numerator.scale())};
  for (Secret factor : lowered.factors)
    opened.push_back(emit.opened(factor, factor.scale()));
  Value product = emit.mul3(opened[0], opened[1], opened[2]);
  lowered = Lowered{{}, {product, bounds->bound()}, {}, 0};
  return lowered.secret;
}

FailureOr<Lowered> Lowering::resolved(Value nnValue) {
  if (isPublic(nnValue))
    return get(nnValue);
  auto one = secret(nnValue);
  if (failed(one))
    return failure();
  return Lowered{{}, *one, {}, 0};
}

FailureOr<Range> Lowering::range(Operation *op, StringRef attribute) {
  auto pair = op->getAttrOfType<DenseF64ArrayAttr>(attribute);
  if (!pair || pair.size() != 2 || !(pair[0] <= pair[1]) ||
      !std::isfinite(pair[0]) || !std::isfinite(pair[1]))
    return op->emitError("no finite range (attribute ")
           << attribute
           << " = array<f64: low, high>): calibrate with samples that reach "
              "it, or run secformer-default-ranges";
  return Range{pair[0], pair[1]};
}

FailureOr<Range> Lowering::range(Value nnValue) {
  if (Operation *op = nnValue.getDefiningOp())
    return range(op, "nn.range");
  auto argument = cast<BlockArgument>(nnValue);
  auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  auto pair = function.getArgAttrOfType<DenseF64ArrayAttr>(
      argument.getArgNumber(), "nn.range");
  if (!pair || pair.size() != 2 || !(pair[0] <= pair[1]) ||
      !std::isfinite(pair[0]) || !std::isfinite(pair[1]))
    return function.emitError("argument ")
           << argument.getArgNumber()
           << " has no attribute nn.range = array<f64: low, high>";
  return Range{pair[0], pair[1]};
}
