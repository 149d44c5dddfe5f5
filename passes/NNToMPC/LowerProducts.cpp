//===- LowerProducts.cpp - matrix products of secrets ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Secrecy.h"
#include "passes/NNToMPC/Linear.h"
#include "passes/NNToMPC/SuiteFast.h"

using namespace mlir;
using namespace secformer;

/// A vector stands for a matrix of one row (left) or one column (right).
static Value asMatrix(Emitter &emit, Value wire, ArrayRef<int64_t> shape,
                      bool left) {
  if (shape.size() != 1)
    return wire;
  return emit.reshape(wire, left ? ArrayRef<int64_t>{1, shape[0]}
                                 : ArrayRef<int64_t>{shape[0], 1});
}

/// The product of a secret and a public matrix needs no message.
static LogicalResult lowerPublicMatmul(nn::MatmulOp op, double bound,
                                       Lowering &state) {
  Emitter &emit = state.emit;
  bool left = state.isPublic(op.getRhs()); // the secret
  Value secretSide = left ? op.getLhs() : op.getRhs(),
        publicSide = left ? op.getRhs() : op.getLhs();
  auto x = state.secret(secretSide);
  if (failed(x))
    return failure();
  if (shapeOf(publicSide).size() < 2)
    return op.emitError("the product of secrets with a public vector is not "
                        "supported: reshape it to a matrix");
  const unsigned bits = publicBits(publicSide, emit);
  Secret room = emit.withRoom(*x, bits, bound, emit.factorScale(x->bound));
  Value wire = asMatrix(emit, room.wire, shapeOf(secretSide), left);
  Value matrix = state.get(publicSide).publicValue;
  Value product =
      emit.matmulPublic(left ? wire : matrix, left ? matrix : wire, bits);
  state.bind(op.getResult(),
             Secret{emit.reshape(product, shapeOf(op.getResult())), bound});
  return success();
}

static bool isSecretWeight(Value value) {
  while (isa_and_nonnull<nn::TransposeOp, nn::ReshapeOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  auto param = value.getDefiningOp<nn::ParamOp>();
  return param && !nn::isPublicWeight(param);
}

/// The largest bound of a value that `op` makes and of the sums it goes into as
/// it is: they are computed in one ring. (Half of it, as it is, has another
/// scale.) 0 if it has no range.
static double boundOfSums(Operation *op) {
  auto pair = op->getAttrOfType<DenseF64ArrayAttr>("nn.range");
  if (!pair || pair.size() != 2)
    return 0;
  double bound = Range{pair[0], pair[1]}.bound();
  for (Operation *user : op->getUsers()) {
    auto unary = dyn_cast<nn::UnaryOp>(user);
    if (unary && addsHalf(unary.getKind()))
      bound = std::max(bound, 2 * boundOfSums(unary));
    if (isa<nn::AddOp, nn::SubOp, nn::ReshapeOp, nn::TransposeOp>(user))
      bound = std::max(bound, boundOfSums(user));
  }
  return bound;
}

/// Fraction bits of a weight with values up to `bound` that is multiplied by
/// activations with `bits`. Products in rings of 32 bits take half the time of
/// wider ones, and masks of weights half the memory: where few bits are missing
/// to that, the weight gives them. (The activation does not: it is rounded anew
/// in every run, which counts for more.)
static unsigned weightScale(Value weight, unsigned bits, double bound,
                            const Emitter &emit) {
  constexpr unsigned fastRing = 32, mostGiven = 2, fewest = 13;
  const unsigned usual = emit.factorScale(bound);
  if (!isSecretWeight(weight))
    return usual;
  // Of all its products, so that it is masked once.
  double largest = 0;
  for (Operation *user : weight.getUsers())
    if (isa<nn::MatmulOp>(user))
      largest = std::max(largest, boundOfSums(user));
  // A bit for the truncation that follows.
  const unsigned ring = mpc::signedBits(largest, bits + usual) + 1;
  const unsigned missing = ring > fastRing ? ring - fastRing : 0;
  const bool gives = missing <= mostGiven && usual >= fewest + missing;
  return gives ? usual - missing : usual;
}

LogicalResult secformer::lowerMatmul(nn::MatmulOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto bounds = state.range(op.getResult());
  if (failed(bounds))
    return failure();
  if (state.isPublic(op.getLhs()) || state.isPublic(op.getRhs()))
    return lowerPublicMatmul(op, bounds->bound(), state);
  auto b = state.secret(op.getRhs());
  if (failed(b))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(op.getLhs());
  auto openedRight = [&](unsigned scale) {
    return asMatrix(emit, emit.opened(*b, scale), shapeOf(op.getRhs()),
                    /*left=*/false);
  };
  Lowered lhs = state.get(op.getLhs());
  // A factor per row passes through: (r e) V = r (e V).
  if (!lhs.factors.empty() && shape.size() >= 2 &&
      shapeOf(op.getRhs()).size() <= shape.size() &&
      shapeOf(op.getRhs()).size() >= 2) {
    Value right;
    // What belongs to a column of e belongs to a row of V as well.
    if (lhs.columns) {
      Secret v = emit.timesRows(*b, lhs.columns);
      right = emit.opened(v, v.scale());
    } else {
      right = openedRight(emit.factorScale(b->bound));
    }
    Value numerator = emit.matmul(
        emit.opened(lhs.secret, std::min(lhs.secret.scale(), emit.fraction)),
        right);
    Secret product{numerator, lhs.rowSum * b->bound};
    state.bind(op.getResult(),
               Lowered{{},
                       product,
                       lhs.factors,
                       product.bound * double(product.shape().back())});
    return success();
  }
  auto a = state.secret(op.getLhs());
  if (failed(a))
    return failure();
  const unsigned scale = emit.factorScale(a->bound);
  Value right = openedRight(weightScale(op.getRhs(), scale, b->bound, emit));
  Value left = asMatrix(emit, emit.opened(*a, scale), shape, /*left=*/true);
  state.bind(op.getResult(), Secret{emit.reshape(emit.matmul(left, right),
                                                 shapeOf(op.getResult())),
                                    bounds->bound()});
  return success();
}
