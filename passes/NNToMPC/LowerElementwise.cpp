//===- LowerElementwise.cpp - sums, products and quotients of elements ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Matchers.h"
#include "passes/NNToMPC/Linear.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

std::optional<double> secformer::splatOf(Value value) {
  DenseFPElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)) && elements.isSplat())
    return elements.getSplatValue<APFloat>().convertToDouble();
  return std::nullopt;
}

/// Largest absolute value of a constant.
static std::optional<double> largestOf(Value value) {
  DenseFPElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  double largest = 0;
  for (const APFloat &element : elements.getValues<APFloat>())
    largest = std::max(largest, std::abs(element.convertToDouble()));
  return largest;
}

/// Secret times public: powers of two are free, other constants get as many
/// fraction bits as their size needs.
static FailureOr<Secret> timesPublic(Lowering &state, Value secretSide,
                                     Value publicSide, double bound) {
  Emitter &emit = state.emit;
  auto x = state.secret(secretSide);
  if (failed(x))
    return failure();
  if (auto factor = splatOf(publicSide); factor && *factor != 0) {
    int exponent;
    double mantissa = std::frexp(std::abs(*factor), &exponent);
    int scale = int(x->scale()) + 1 - exponent;
    if (mantissa == 0.5 && scale >= 0 && scale <= 63 &&
        shapeOf(publicSide).size() <= x->shape().size()) {
      Value wire = emit.relabel(x->wire, 1 - exponent);
      return Secret{*factor < 0 ? emit.scaleBy(wire, -1) : wire, bound};
    }
  }
  int bits = emit.fraction;
  if (auto largest = largestOf(publicSide); largest && *largest > 0)
    bits -= int(std::floor(std::log2(*largest)));
  Value factor = state.get(publicSide).publicValue;
  return Secret{emit.mulPublic(x->wire, factor, std::max(bits, 0)), bound};
}

Secret secformer::sumOf(Emitter &emit, const Lowered &lhs, const Lowered &rhs,
                        bool subtract, ArrayRef<int64_t> shape, double bound) {
  if (!lhs.publicValue && !rhs.publicValue)
    return subtract ? emit.sub(lhs.secret, rhs.secret, bound)
                    : emit.add(lhs.secret, rhs.secret, bound);
  const bool leftPublic = bool(lhs.publicValue);
  const Secret &x = leftPublic ? rhs.secret : lhs.secret;
  Value wire = x.wire, term = leftPublic ? lhs.publicValue : rhs.publicValue;
  if (subtract && leftPublic)
    wire = emit.scaleBy(wire, -1);
  else if (subtract)
    term = emit.plain(mpc::PlainKind::Mul, {term, emit.splat(-1)},
                      mpc::plainShape(term));
  return {
      emit.create<mpc::AddPublicOp>(emit.shared(shape, x.scale()), wire, term),
      bound};
}

LogicalResult secformer::lowerSum(Operation *op, Value lhs, Value rhs,
                                  bool subtract, Lowering &state) {
  auto bounds = state.range(op->getResult(0));
  auto a = state.resolved(lhs), b = state.resolved(rhs);
  if (failed(bounds) || failed(a) || failed(b))
    return failure();
  state.bind(op->getResult(0),
             sumOf(state.emit, *a, *b, subtract, shapeOf(op->getResult(0)),
                   bounds->bound()));
  return success();
}

/// Secret divided by a value in the clear.
LogicalResult secformer::lowerDiv(nn::DivOp op, Lowering &state) {
  Emitter &emit = state.emit;
  Value divisor = state.plain(op.getRhs());
  if (!divisor)
    return op.emitError("division by a secret is not supported; only by "
                        "constants and public inputs");
  auto bounds = state.range(op.getResult());
  auto x = state.secret(op.getLhs());
  if (failed(bounds) || failed(x))
    return failure();
  Value inverse = emit.plain(mpc::PlainKind::Div, {emit.splat(1), divisor},
                             mpc::plainShape(divisor));
  if (!state.isPublic(op.getRhs())) {
    const unsigned scale = 2 * emit.fraction;
    Value factor = emit.opened(emit.encoded(inverse, scale, 1), scale);
    state.bind(op.getResult(),
               Secret{emit.mul(emit.opened(*x, emit.fraction), factor),
                      bounds->bound()});
    return success();
  }
  state.bind(op.getResult(),
             Secret{emit.mulPublic(x->wire, inverse, 2 * emit.fraction),
                    bounds->bound()});
  return success();
}

LogicalResult secformer::lowerMul(nn::MulOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto bounds = state.range(op.getResult());
  if (failed(bounds))
    return failure();
  if (state.isPublic(op.getLhs()) || state.isPublic(op.getRhs())) {
    bool left = state.isPublic(op.getLhs());
    auto product =
        timesPublic(state, left ? op.getRhs() : op.getLhs(),
                    left ? op.getLhs() : op.getRhs(), bounds->bound());
    if (failed(product))
      return failure();
    state.bind(op.getResult(), *product);
    return success();
  }
  auto a = state.secret(op.getLhs()), b = state.secret(op.getRhs());
  if (failed(a) || failed(b))
    return failure();
  state.bind(op.getResult(), Secret{emit.mul(emit.opened(*a, emit.fraction),
                                             emit.opened(*b, emit.fraction)),
                                    bounds->bound()});
  return success();
}
