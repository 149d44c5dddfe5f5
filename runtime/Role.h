//===- Role.h - what every role of a compiled program can do --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A compiled program is one straight-line function over a role: Party, Dealer,
// Preparation, Reference or Outsider. This base class holds the table of values
// and everything that is linear, written once for all roles: a value is a list
// of arrays (its parts) and a linear operation is an array function applied to
// every part. What needs communication or correlated randomness differs by role
// and lives in protocols/, the three faces of one protocol side by side.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_ROLE_H
#define SECFORMER_RUNTIME_ROLE_H

#include "runtime/Array.h"
#include "runtime/Kernels.h"
#include "runtime/Profile.h"
#include "runtime/Tensor.h"
#include "runtime/Wire.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace secformer::runtime {

/// Who may know a value, and how it is held.
enum class Kind : uint8_t {
  Owned,    ///< one owner knows it: of weights, of an input
  Shared,   ///< additive shares: x = x0 + x1
  Masked,   ///< Delta = x + delta is public to both, delta = d0 + d1 is dealt
  Public,   ///< both parties know it, as float64
  Local,    ///< one owner knows it, as float64, and computes with it
  Revealed, ///< for one owner, only to be output
  Decided,  ///< bits of comparisons, opened under masks that are dealt
};

class Role {
public:
  Role(const Role &) = delete;
  Role &operator=(const Role &) = delete;

  //===-- Rounds, lifetime, places ----------------------------------------===//

  /// Between beginRound and endRound, communicating operations only queue what
  /// they send; their results exist after endRound.
  void beginRound();
  virtual void endRound() { closeRound(); }
  /// Saves a value across phases under index i; kept(i) brings it back.
  void keep(unsigned i, Wire x);
  Wire kept(unsigned i);
  /// Forgets the handle. Other handles and kept copies of the value live on.
  void free(Wire x);
  /// Names the source of the operations that follow (an ONNX node); the text
  /// must outlive the role (a literal).
  void at(const char *place) { location = place; }
  const char *place() const { return location; }
  /// Notes every operation from now on; null: no more.
  void profileTo(Profile *to) { profile = to; }
  /// The number of the computing party that this role is; -1 for all others.
  virtual int party() const { return -1; }

  /// The type of a value (for tests and tools).
  const WireType &type(Wire x) const;
  Kind kind(Wire x) const;
  /// What this role holds of a value (see Slot).
  const std::vector<Array> &partsOf(Wire x) const { return get(x).parts; }

// NOLINTNEXTLINE(bugprone-macro-parentheses): a declaration takes none.
#define SECFORMER_OPERATION(declaration) virtual declaration = 0;
#include "runtime/Operations.inc"

  //===-- Values in the clear (RoleClear.cpp) -----------------------------===//
  // Public, or local to one owner where an operand is: then only that owner
  // computes.

  /// A public tensor known at compile time; a single value is repeated.
  Wire constant(const Shape &shape, const std::vector<double> &values);
  /// Float64 arithmetic with numpy broadcasting.
  Wire plain(PlainOp op, Wire a, Wire b);
  /// Element by element, or along the last dimension (which stays as 1, but for
  /// the running sum).
  Wire plain(PlainOp op, Wire a);
  /// a where the condition is not 0, b elsewhere, broadcasting.
  Wire plainSelect(Wire condition, Wire a, Wire b);
  /// A new last dimension of \p depth with 1 at the index, 0 elsewhere.
  /// Negative indices count from the end; the owner stops at others out of
  /// range.
  Wire oneHot(Wire ids, int64_t depth);
  /// Rows of \p table (its first dimension) by index, as above.
  Wire gather(Wire table, Wire ids);

  //===-- Linear operations, local ----------------------------------------===//

  /// To a smaller ring (drops high bits), shared or masked.
  Wire reduce(Wire x, unsigned ring);
  /// The same integers under another scale.
  Wire relabel(Wire x, unsigned scale);
  /// Both shared or both masked, of one scale and ring; numpy broadcasting.
  Wire add(Wire a, Wire b);
  Wire sub(Wire a, Wire b);
  Wire neg(Wire x);
  /// Times a public integer; shared or masked; wraps in the ring.
  Wire scaleBy(Wire x, int64_t factor);
  /// Times round(p * 2^fracBits), broadcasting; the scale grows by fracBits.
  Wire mulPublic(Wire shared, Wire publicValue, unsigned fracBits);
  /// The matrix product of a shared wire and a public tensor, in either order,
  /// the tensor as for mulPublic.
  Wire matmulPublic(Wire a, Wire b, unsigned fracBits);
  /// Plus round(p * 2^scale), broadcasting.
  Wire addPublic(Wire shared, Wire publicValue);

  /// Shape operations, on every kind.
  Wire reshape(Wire x, const Shape &shape);
  Wire transpose(Wire x, const Shape &permutation);
  Wire broadcast(Wire x, const Shape &shape);
  Wire slice(Wire x, const Shape &starts, const Shape &sizes,
             const Shape &strides);
  /// The slices of these indices along an axis.
  Wire take(Wire x, const Shape &indices, int64_t axis);
  /// Zeros before and after every dimension.
  Wire pad(Wire x, const Shape &low, const Shape &high);
  Wire concat(const std::vector<Wire> &xs, int64_t axis);
  /// Sum over the last dimension, which stays as 1; shared or masked.
  Wire sumLast(Wire x);

  //===-- Products of masked wires (protocols/Product.cpp) ----------------===//

  Wire matmul(Wire x, Wire y, const WireType &result);
  Wire mul(Wire x, Wire y, const WireType &result);

protected:
  using Bilinear = kernels::Bilinear;

  /// A value. Parts by role: a party holds {share}, {Delta, own d}, {bits of
  /// the doubles} or, as the owner, {value}; the dealer holds {d0, d1} of a
  /// masked value and nothing else; Reference holds {value}; Outsider what is
  /// public or its own. A null part is
  /// zero (the other's share of an owned value, a mask that is not needed), of
  /// a local value unknown.
  struct Slot {
    Slot() = default;
    Slot(Kind kind, WireType type, std::vector<Array> parts, int owner = -1)
        : kind(kind), type(std::move(type)), parts(std::move(parts)),
          owner(owner) {}

    Kind kind = Kind::Shared;
    WireType type;
    std::vector<Array> parts;
    /// In place of the parts, until somebody asks for arrays (get).
    std::shared_ptr<const Stored> stored;
    int owner = -1;       ///< of Owned, Local and Revealed
    bool fixed = false;   ///< known since setup: made of kept values alone
    bool alive = false;   ///< set by make, until free
    bool pending = false; ///< made in the round that is still open
  };

  /// \p wideRing: the ring of this role's arrays where it is not the wire's:
  /// 64 in Reference, whose integers never wrap; 0 elsewhere. \p addsPublic:
  /// this role adds public terms to a shared value.
  Role(unsigned wideRing, bool addsPublic)
      : wide(wideRing), addsPublic(addsPublic) {}
  ~Role() = default;

  /// Knows what another role keeps, but for its shares.
  void adoptKept(const Role &other);
  /// Begins setup (phase 0) or an inference (1, 2, ...): no handles, no
  /// randomness used.
  void startPhase(uint32_t number);
  /// Makes what the round queued readable.
  void closeRound();

  /// What this role holds of a bilinear product.
  virtual Wire product(const Slot &x, const Slot &y, const WireType &result,
                       const Bilinear &accumulate) = 0;
  /// The same element by element where x's ring is narrower than the result's,
  /// and y's may be.
  virtual Wire extendedProduct(const Slot &x, const Slot &y,
                               const WireType &result) = 0;

  /// Sees what mulPublic multiplies.
  virtual void beforeMulPublic(Wire /*shared*/, const Slot & /*factor*/) {}

  static const char *kindName(Kind kind);
  [[noreturn]] void misuse(const std::string &what) const;
  /// The place for an error's text: "at 'node': ", or nothing.
  std::string placePrefix() const;
  unsigned arrayRing(const WireType &type) const {
    return wide ? wide : type.ring;
  }
  Slot &slotOf(Wire x) const;
  /// The value behind a handle; misuse if it is freed, pending or (second
  /// form) of another kind than \p op needs.
  const Slot &get(Wire x) const;
  const Slot &get(Wire x, Kind kind, const char *op) const;
  /// The value as it is stored, perhaps without arrays.
  const Slot &held(Wire x, Kind kind, const char *op) const;
  static bool holds(const Slot &x, unsigned part) {
    return x.stored ? x.stored->holds(part) : bool(x.parts[part]);
  }
  static Factor factor(const Slot &x, unsigned part) {
    return x.stored ? x.stored->part(part) : Factor(x.parts[part]);
  }
  /// The same for one that is shared or masked.
  const Slot &linear(Wire x, const char *op) const;
  /// A value in the clear that \p owner knows.
  const Slot &clearOf(Wire x, int owner) const;
  /// A part of a value, zeros where it is null.
  Array dense(const Slot &x, unsigned part) const;
  Wire make(Slot slot);
  /// A result of an operation that communicates: only inside a round, and to
  /// be read after it. Parts may be filled in later through \c parts.
  Wire makePending(Slot slot, const char *op);
  std::vector<Array> &parts(Wire x) { return slots[x.slot].parts; }
  std::shared_ptr<const Stored> &stored(Wire x) { return slots[x.slot].stored; }
  /// A party's share of a fresh mask, from the key it has with the dealer.
  Array drawMask(const Randomness &from, size_t n, unsigned bits,
                 uint32_t operation) const;
  /// The number of a randomness-using operation within its phase.
  uint32_t nextOperation() { return operation++; }
  /// The number of a sharing by an outside owner within its phase.
  uint32_t nextSharing() { return sharing++; }

  uint32_t phase() const { return phaseNumber; }

  Profile *profile = nullptr;

private:
  using ArrayFunction = std::function<Array(const Array &)>;
  Wire mapParts(const Slot &x, WireType type, const ArrayFunction &f);
  Wire restride(const Slot &x, const Shape &shape, const Shape &strides,
                size_t offset = 0);
  Wire addSub(Wire a, Wire b, bool subtract);
  /// A slot for the result of clear operands; misuse if one is not in the clear
  /// or they are local to different parties.
  Slot clear(const std::vector<const Slot *> &operands, const Shape &shape,
             const char *op) const;
  /// Does this role hold the values of all these clear operands?
  static bool knows(const std::vector<const Slot *> &operands);

  const unsigned wide;
  const bool addsPublic;
  const char *location = "";
  /// For the profile: the operation that runs.
  mutable const char *operationName = unnamed;
  static constexpr const char *unnamed = "rearrange";
  bool inRound = false;
  uint32_t phaseNumber = 0;
  uint32_t operation = 0;
  uint32_t sharing = 0;
  mutable std::deque<Slot> slots; // get's references outlive make
  std::vector<uint32_t> pending;
  std::vector<Slot> keptSlots;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_ROLE_H
