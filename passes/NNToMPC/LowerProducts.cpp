//===- LowerProducts.cpp - matrix products of secrets ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"

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

/// Fraction bits that readers drop of a product: softmax, of its scores.
static int droppedDigits(Value product) {
  int dropped = product.use_empty() ? 0 : int(kLargestScale);
  for (Operation *user : product.getUsers()) {
    auto softmax = dyn_cast<nn::SoftmaxOp>(user);
    const double scale = softmax ? softmax.getScale().convertToDouble() : 1;
    dropped = std::min(dropped, std::max(0, -log2Ceil(scale)));
  }
  return dropped;
}

/// Does nothing but factors of such products come of the value?
static bool isForScores(Value value) {
  return llvm::all_of(value.getUsers(), [](Operation *user) {
    return isa<nn::MatmulOp>(user)
               ? droppedDigits(user->getResult(0)) > 0
               : isa<nn::AddOp, nn::ReshapeOp, nn::TransposeOp>(user) &&
                     isForScores(user->getResult(0));
  });
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
  // Where narrow rings save rounds, the factors of scores are only as fine as
  // the scores are read, and the weights that make them have a bit less than
  // others: the roundings of a row of them weigh about as much.
  int droppedLeft = 0, droppedRight = 0;
  if (emit.saveRounds) {
    droppedLeft = droppedDigits(op.getResult());
    droppedRight = droppedLeft ? droppedLeft : isForScores(op.getResult());
  }
  auto digits = [&](double bound, int dropped) {
    return unsigned(std::max(1, int(emit.factorScale(bound)) - dropped));
  };
  ArrayRef<int64_t> shape = shapeOf(op.getLhs());
  Value right = asMatrix(emit, emit.opened(*b, digits(b->bound, droppedRight)),
                         shapeOf(op.getRhs()), /*left=*/false);
  Lowered lhs = state.get(op.getLhs());
  // A factor per row passes through: (r e) V = r (e V).
  if (!lhs.factors.empty() && shape.size() >= 2 &&
      shapeOf(op.getRhs()).size() <= shape.size() &&
      shapeOf(op.getRhs()).size() >= 2) {
    // What belongs to a column of e belongs to a row of V as well.
    if (lhs.columns) {
      Secret v = emit.timesRows(*b, lhs.columns);
      right = emit.opened(v, v.scale());
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
  Value left =
      asMatrix(emit, emit.opened(*a, digits(a->bound, droppedLeft)), shape,
               /*left=*/true);
  state.bind(op.getResult(), Secret{emit.reshape(emit.matmul(left, right),
                                                 shapeOf(op.getResult())),
                                    bounds->bound()});
  return success();
}
