//===- Emitter.h - mpc operations, one call each --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What protocol suites build programs with. Wires are made in the widest ring;
// secformer-plan-rings narrows them afterwards. Scales are chosen here: values
// keep the scale that a product gave them until an opening or a function needs
// another one, so a truncation stands only where an opening follows.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_EMITTER_H
#define SECFORMER_PASSES_NNTOMPC_EMITTER_H

#include "dialect/MPC/MPCOps.h"
#include "passes/Fit/Fit.h"
#include "llvm/ADT/StringMap.h"

namespace secformer {

/// A secret on its way through the lowering: a shared wire and the largest
/// absolute value (real units) that range analysis allows it.
struct Secret {
  mlir::Value wire;
  double bound = 0;

  mpc::SharedType type() const {
    return mlir::cast<mpc::SharedType>(wire.getType());
  }
  unsigned scale() const { return type().getScale(); }
  llvm::ArrayRef<int64_t> shape() const { return type().getShape(); }
};

/// Every wire starts in the widest ring there is.
inline constexpr unsigned kWidestRing = 64;
inline constexpr unsigned kLargestScale = 63;

inline mpc::WireTypeInterface wireType(mlir::Value value) {
  return mlir::cast<mpc::WireTypeInterface>(value.getType());
}

/// The permutation that brings what a gather makes when its axis stands in
/// front, [ids, other axes], into the order [axes before, ids, axes after].
llvm::SmallVector<int64_t> gatherOrder(int64_t rank, int64_t idsRank,
                                       int64_t axis);

class Emitter {
public:
  /// \p fraction: fraction bits of activations. \p saveRounds: digits that few
  /// readers need are dropped where wires may then be narrow enough to do
  /// without a truncation. \p module takes the fits.
  Emitter(mlir::OpBuilder &builder, mlir::ModuleOp module, unsigned fraction,
          bool saveRounds)
      : builder(builder), module(module), fraction(fraction),
        saveRounds(saveRounds) {}

  mlir::OpBuilder &builder;
  mlir::ModuleOp module;
  const unsigned fraction;
  const bool saveRounds;
  /// Location of the nn operation that is being lowered.
  mlir::Location location = mlir::UnknownLoc::get(module.getContext());

  template <typename Op, typename... Args> Op create(Args &&...args) {
    return Op::create(builder, location, std::forward<Args>(args)...);
  }

  /// Was anything asked for that no wire can hold? The error is out already.
  bool hasFailed() const { return failed; }

  mpc::SharedType shared(llvm::ArrayRef<int64_t> shape, unsigned scale);
  mpc::MaskedType masked(llvm::ArrayRef<int64_t> shape, unsigned scale);

  //===-- Values in the clear: public, or local where an operand is -------===//

  /// Public tensor of one repeated value, or of a list of values.
  mlir::Value splat(double value);
  mlir::Value constant(llvm::ArrayRef<float> values);
  mlir::Value plain(mpc::PlainKind kind, mlir::ValueRange operands,
                    llvm::ArrayRef<int64_t> shape,
                    llvm::ArrayRef<int64_t> params = {});
  mlir::Value plainTranspose(mlir::Value x,
                             llvm::ArrayRef<int64_t> permutation);
  /// Slices along an axis, which the axes of `ids` replace.
  mlir::Value plainGather(mlir::Value table, mlir::Value ids, int64_t axis);
  /// Numbers in the clear as a share of who knows them, at a scale.
  Secret encoded(mlir::Value local, unsigned scale, double bound);

  //===-- Formats ---------------------------------------------------------===//

  /// Fraction bits of a factor with values up to `bound`: those of activations,
  /// and more where all values are small, so that they keep their digits.
  unsigned factorScale(double bound) const;
  /// The value, truncated to `scale` if a product that adds `bits` to its own,
  /// with values up to `bound`, would not fit a wire otherwise.
  Secret withRoom(Secret x, unsigned bits, double bound, unsigned scale);

  /// The value at exactly this scale: encoded so by its owner if one knows it,
  /// truncated (one unit of error), or scaled up for free.
  Secret atScale(Secret x, unsigned scale);
  /// At this scale and under a mask; made once per value and scale.
  mlir::Value opened(Secret x, unsigned scale);
  /// The same of so few elements that a wider ring before it, if that makes the
  /// truncation free, costs less than a round.
  mlir::Value openedFew(Secret x, unsigned scale);
  /// The same for readers of few bits: rounded without a message, into a ring
  /// that is as much smaller.
  mlir::Value openedNarrow(mlir::Value shared, unsigned scale);
  /// What is dropped of this wire where it is truncated is dropped without a
  /// round, if a wider ring before makes that free.
  void mayNarrow(mlir::Value wire) { narrowables.insert(wire); }
  /// The same wire read as times 2^-bits.
  mlir::Value relabel(mlir::Value wire, int bits);

  //===-- Factors per column that one owner knows -------------------------===//

  /// Local numbers per column (last axis), at most 1 and as small as 1/n,
  /// under a mask; `asColumn`: as a matrix of one column.
  mlir::Value openedColumns(mlir::Value columns, bool asColumn);
  /// x times them, as finely as openedColumns holds them.
  Secret timesColumns(Secret x, mlir::Value columns);
  /// Rows of x (the axis before the last) times them.
  Secret timesRows(Secret x, mlir::Value columns);

  //===-- Linear operations, on either kind of wire -----------------------===//

  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  /// Brings both to one scale first: by encoding, scaling up or dropping digits
  /// of the finer one. \p bound: of the result.
  Secret add(Secret a, Secret b, double bound);
  Secret sub(Secret a, Secret b, double bound);
  mlir::Value scaleBy(mlir::Value wire, int64_t factor);
  mlir::Value sumLast(mlir::Value wire);
  mlir::Value reshape(mlir::Value wire, llvm::ArrayRef<int64_t> shape);
  mlir::Value transpose(mlir::Value wire, llvm::ArrayRef<int64_t> permutation);
  mlir::Value broadcast(mlir::Value wire, llvm::ArrayRef<int64_t> shape);
  mlir::Value slice(mlir::Value wire, llvm::ArrayRef<int64_t> starts,
                    llvm::ArrayRef<int64_t> sizes,
                    llvm::ArrayRef<int64_t> strides);
  mlir::Value take(mlir::Value wire, llvm::ArrayRef<int64_t> indices,
                   int64_t axis);
  mlir::Value pad(mlir::Value wire, llvm::ArrayRef<int64_t> low,
                  llvm::ArrayRef<int64_t> high);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> wires, int64_t axis);

  //===-- With public tensors, on shared wires ----------------------------===//

  mlir::Value mulPublic(mlir::Value shared, mlir::Value factor, unsigned bits);
  mlir::Value addPublic(mlir::Value shared, mlir::Value term);
  /// One of the two is public.
  mlir::Value matmulPublic(mlir::Value a, mlir::Value b, unsigned bits);

  //===-- Products of masked wires ----------------------------------------===//

  mlir::Value matmul(mlir::Value a, mlir::Value b);
  /// A factor with a bound may be opened in a narrower ring than the product's.
  mlir::Value mul(mlir::Value a, mlir::Value b,
                  std::optional<double> boundOfA = {},
                  std::optional<double> boundOfB = {});
  mlir::Value mul3(mlir::Value a, mlir::Value b, mlir::Value c);

  //===-- Comparisons -----------------------------------------------------===//

  /// Is x >= threshold, for public thresholds (real units)? \p reach: largest
  /// distance of x from one of them. \p precision: fraction bits that count;
  /// the wire's own for an exact answer.
  mlir::Value compare(mlir::Value masked, llvm::ArrayRef<double> thresholds,
                      double reach, unsigned precision);
  /// 1 or 0, at scale 0.
  mlir::Value indicator(mlir::Value decided, unsigned index);
  /// x - offset (in units of x) where the comparison holds, 0 elsewhere.
  mlir::Value select(mlir::Value decided, unsigned index, mlir::Value masked,
                     int64_t offset);

  //===-- Functions -------------------------------------------------------===//

  /// Fits the function (once per request); failure is reported at `location`.
  mlir::FailureOr<mpc::FitOp> fit(const FitRequest &request);
  /// Narrows to the fit's input, opens it and applies the fit.
  mlir::Value apply(mpc::FitOp fit, mlir::Value shared);

private:
  /// The scale if a wire can have it; an error, once, and 0 if not.
  unsigned checkedScale(unsigned scale);

  bool failed = false;
  std::pair<Secret, Secret> atOneScale(Secret a, Secret b, double bound);
  /// atScale, without a round where a wider ring before makes that free.
  Secret atSmaller(Secret x, unsigned scale);

  llvm::DenseMap<std::pair<mlir::Value, unsigned>, mlir::Value> truncations;
  llvm::DenseMap<mlir::Value, mlir::Value> openings;
  llvm::DenseSet<mlir::Value> narrowables;
  llvm::StringMap<mpc::FitOp> fits;
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_EMITTER_H
