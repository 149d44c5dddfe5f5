//===- Lowering.h - where an nn value stands while it becomes mpc ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The map from nn values to mpc wires that the linear part of the lowering and
// the protocol suites share, and what a suite has to provide.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_LOWERING_H
#define SECFORMER_PASSES_NNTOMPC_LOWERING_H

#include "dialect/NN/NNOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/NNToMPC/Emitter.h"

namespace secformer {

/// A closed interval of reals.
struct Range {
  double low = 0, high = 0;
  /// Largest absolute value, with room for the errors of fixed point and fits:
  /// a range that is proven (tanh) has no margin of its own.
  double bound() const {
    return std::max(std::abs(low), std::abs(high)) * (1 + 1.0 / 64) + 1.0 / 256;
  }
};

/// Of a positive value, rounded up.
int log2Ceil(double value);

/// What stands for an nn value.
struct Lowered {
  /// A public tensor, or null.
  mlir::Value publicValue;
  /// Otherwise a secret.
  Secret secret;
  /// If not empty, the value is secret times these, each one number per row:
  /// the product is put off until it is needed, past a matrix product where
  /// one follows. At most two.
  llvm::SmallVector<Secret, 2> factors;
  /// Largest sum of absolute values over a row of `secret` (with factors).
  double rowSum = 0;
  /// Numbers that one party knows, or null; `secret` is then set when needed.
  mlir::Value localValue = {};
  /// If not null, the value is `secret` (with factors) times these local
  /// numbers, one per column: a padding mask, put off likewise.
  mlir::Value columns = {};
};

class Lowering {
public:
  explicit Lowering(Emitter &emit) : emit(emit) {}

  Emitter &emit;

  void bind(mlir::Value nnValue, Lowered lowered) {
    map[nnValue] = std::move(lowered);
  }
  void bind(mlir::Value nnValue, Secret secret) {
    map[nnValue] = Lowered{{}, secret, {}, 0};
  }
  const Lowered &get(mlir::Value nnValue) const {
    return map.find(nnValue)->second;
  }
  bool isPublic(mlir::Value nnValue) const {
    return bool(get(nnValue).publicValue);
  }
  /// The value in the clear, public or local to a party; null for a secret.
  mlir::Value plain(mlir::Value nnValue) const {
    const Lowered &lowered = get(nnValue);
    return lowered.publicValue ? lowered.publicValue : lowered.localValue;
  }
  void bindPlain(mlir::Value nnValue, mlir::Value value) {
    Lowered lowered;
    (mpc::plainOwner(value) ? lowered.localValue : lowered.publicValue) = value;
    bind(nnValue, lowered);
  }
  /// The value as one secret; a factor that was put off is multiplied in.
  mlir::FailureOr<Secret> secret(mlir::Value nnValue);

  /// The value as it stands if it is public, else as one secret.
  mlir::FailureOr<Lowered> resolved(mlir::Value nnValue);

  /// The range that calibration or the defaults gave the value: the attribute
  /// `nn.range` of its operation or argument, or another attribute of `op`.
  mlir::FailureOr<Range> range(mlir::Value nnValue);
  mlir::FailureOr<Range> range(mlir::Operation *op, llvm::StringRef attribute);

private:
  llvm::DenseMap<mlir::Value, Lowered> map;
};

/// The protocols for what is not linear. A suite binds the results of the
/// operations it is given, or reports an error at their location.
class Suite {
public:
  virtual ~Suite() = default;
  virtual mlir::LogicalResult lower(nn::SoftmaxOp op, Lowering &state) = 0;
  virtual mlir::LogicalResult lower(nn::LogSoftmaxOp op, Lowering &state) = 0;
  virtual mlir::LogicalResult lower(nn::LayerNormOp op, Lowering &state) = 0;
  virtual mlir::LogicalResult lower(nn::PowOp op, Lowering &state) = 0;
  virtual mlir::LogicalResult lower(nn::UnaryOp op, Lowering &state) = 0;
  /// How far what the suite computes may be from the operation's function,
  /// absolutely, whatever the fraction bits; 0 if more bits always help.
  virtual double approximation(mlir::Operation *) const { return 0; }
};

/// Turns operations along inner axes into the same along the last one.
void moveAxesLast(mlir::func::FuncOp function);

/// Lowers operations that need no protocol choice.
mlir::LogicalResult lowerLinear(mlir::Operation *op, Lowering &state);
/// Is this an operation on secrets that takes a comparison, or one on what a
/// comparison gave?
bool isComparison(mlir::Operation *op, const Lowering &state);
mlir::LogicalResult lowerComparison(mlir::Operation *op, Lowering &state);
/// Lowers an operation whose operands are all in the clear; false if it has no
/// exact form there.
bool lowerPlain(mlir::Operation *op, Lowering &state);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_LOWERING_H
