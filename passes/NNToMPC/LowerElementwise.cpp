//===- LowerElementwise.cpp - sums, products and quotients of elements ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/NNShapes.h"
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

double secformer::largestOr(Value value, double otherwise) {
  return largestOf(value).value_or(otherwise);
}

FailureOr<Secret> secformer::asSecret(Value value, double bound,
                                      Lowering &state) {
  if (!state.isPublic(value))
    return state.secret(value);
  return state.emit.encoded(state.plain(value), state.emit.factorScale(bound),
                            bound);
}

unsigned secformer::publicBits(Value value, const Emitter &emit) {
  auto largest = largestOf(value);
  if (!largest)
    return emit.fraction;
  int bits = emit.fraction;
  if (*largest > 0)
    bits -= int(std::floor(std::log2(*largest)));
  bits = std::clamp(bits, 0, 2 * int(emit.fraction));
  // Whole numbers, such as masks, need none.
  DenseFPElementsAttr elements;
  matchPattern(value, m_Constant(&elements));
  auto exact = [&](int fewer) {
    return llvm::all_of(elements.getValues<APFloat>(), [&](const APFloat &v) {
      double scaled = std::ldexp(v.convertToDouble(), fewer);
      return scaled == std::trunc(scaled);
    });
  };
  for (int fewer = 0; fewer < bits; ++fewer)
    if (exact(fewer))
      return fewer;
  return bits;
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
  const unsigned bits = publicBits(publicSide, emit);
  Secret room = emit.withRoom(*x, bits, bound, emit.factorScale(x->bound));
  Value factor = state.get(publicSide).publicValue;
  return Secret{emit.mulPublic(room.wire, factor, bits), bound};
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
  Value left = emit.opened(*a, emit.factorScale(a->bound)),
        right = emit.opened(*b, emit.factorScale(b->bound));
  state.bind(op.getResult(), Secret{emit.mul(left, right), bounds->bound()});
  return success();
}

/// With a condition that the client knows: b + c (a - b).
static LogicalResult lowerLocalSelect(nn::SelectOp op, Value condition,
                                      Range bounds, Lowering &state) {
  Emitter &emit = state.emit;
  auto a = asSecret(op.getLhs(), bounds.bound(), state),
       b = asSecret(op.getRhs(), bounds.bound(), state);
  if (failed(a) || failed(b))
    return failure();
  Secret difference = emit.sub(*a, *b, a->bound + b->bound);
  Value chosen = emit.opened(emit.encoded(condition, 0, 1), 0);
  Value opened = emit.opened(difference, emit.factorScale(difference.bound));
  state.bind(op.getResult(),
             emit.add({emit.mul(opened, chosen), difference.bound}, *b,
                      bounds.bound()));
  return success();
}

/// c a + (1 - c) b with a public c of 0 and 1, whose products are exact.
LogicalResult secformer::lowerSelect(nn::SelectOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto bounds = state.range(op.getResult());
  if (failed(bounds))
    return failure();
  Value chosen = state.plain(op.getCondition());
  assert(chosen && "secret conditions are decisions: LowerComparison.cpp");
  if (mpc::plainOwner(chosen))
    return lowerLocalSelect(op, chosen, *bounds, state);
  Value other = emit.plain(mpc::PlainKind::Sub, {emit.splat(1), chosen},
                           shapeOf(op.getCondition()));
  // One branch, at least, is secret.
  Value branch = op.getLhs(), another = op.getRhs();
  if (state.isPublic(branch)) {
    std::swap(branch, another);
    std::swap(chosen, other);
  }
  auto x = state.secret(branch);
  if (failed(x))
    return failure();
  Secret kept{emit.mulPublic(x->wire, chosen, 0), bounds->bound()};
  if (state.isPublic(another)) {
    auto shape =
        *nn::broadcastShapes(shapeOf(op.getCondition()), shapeOf(another));
    kept.wire = emit.addPublic(
        kept.wire,
        emit.plain(mpc::PlainKind::Mul, {state.plain(another), other}, shape));
  } else {
    auto y = state.secret(another);
    if (failed(y))
      return failure();
    kept = emit.add(kept, {emit.mulPublic(y->wire, other, 0), y->bound},
                    bounds->bound());
  }
  if (kept.shape() != shapeOf(op.getResult()))
    kept.wire = emit.broadcast(kept.wire, shapeOf(op.getResult()));
  state.bind(op.getResult(), kept);
  return success();
}
