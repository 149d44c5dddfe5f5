//===- Wire.h - what a compiled program holds and says --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary of generated programs: handles to values, their types, and
// the parameters of the operations on them.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_WIRE_H
#define SECFORMER_RUNTIME_WIRE_H

#include <cstdint>
#include <vector>

namespace secformer::runtime {

using Shape = std::vector<int64_t>;

/// Who brings values and takes results. The parties compute; the client (of
/// inputs) and the provider (of weights) are outside and share with both.
enum Owner : int { party0, party1, client, provider };
constexpr int ownerCount = 4;
constexpr bool isOutside(int owner) { return owner >= client; }

/// A tensor of fixed-point numbers: the real v is the integer round(v *
/// 2^scale) modulo 2^ring, 1 <= ring <= 64, scale <= 63.
struct WireType {
  Shape shape;
  unsigned scale = 0;
  unsigned ring = 64;
};

/// A handle to a value of a role; cheap to copy, dead after Role::free and at
/// the end of the phase (setup or one inference) that made it.
struct Wire {
  uint32_t slot = UINT32_MAX;
};

/// Arithmetic on float64 tensors in the clear. Every operation is IEEE exact
/// (one rounding, fixed order), so both parties get the same bits. Truth is 1
/// or 0.
enum class PlainOp : uint8_t {
  // Of two operands, with numpy broadcasting
  Add,
  Sub,
  Mul,
  Div,
  Max,
  Min,
  Equal,
  Less,
  LessEqual,
  // Element by element
  NotZero,
  Not,
  Abs,
  Floor,
  Ceil,
  Round, ///< halves to even
  Trunc,
  Sqrt,
  // Along the last dimension
  SumLast,
  MaxLast,
  CumsumLast,
};

/// A fitted Fourier extension (a smooth function on a bounded range):
///   f(x) = constant + sum over j = 0..K-1 of
///          cosine[j] cos(f_j w x) + sine[j] sin(f_j w x),
///   f_j = firstFrequency + j frequencyStep,  w = 2 pi / period,
/// where x is read in units of its wire and the period is 2^inputRing units.
/// Coefficients are integers at scale coefficientBits with |c| < 2^32; an empty
/// list is all zeros; constant is at the result's scale, which is factorBits
/// plus the largest of the dealtBits.
struct Univariate {
  unsigned inputRing;       ///< log2 of the period in units, at most 20
  unsigned firstFrequency;  ///< of the first harmonic, 1 or more
  unsigned frequencyStep;   ///< from one harmonic to the next, 1 or more
  unsigned factorBits;      ///< Q: scale of the public factors
  unsigned coefficientBits; ///< scale of cosine and sine
  int64_t constant;         ///< at the result's scale
  /// T of each of the K harmonics: scale of its dealt cosines and sines, <= 40
  std::vector<unsigned> dealtBits;
  std::vector<int64_t> cosine;
  std::vector<int64_t> sine;
  /// The fit holds for low <= x <= high. Nothing that runs on secrets looks at
  /// them; Reference notes arguments outside.
  int64_t low = INT64_MIN, high = INT64_MAX;
};

/// The comparison of a masked wire with public thresholds: is x >= threshold?
/// Bits drop .. drop + (sum of chunks) of the wire are compared. With drop = 0
/// the answer is right; otherwise it may be either where x is less than
/// 2^(drop-1) units from the threshold.
struct Comparison {
  std::vector<int64_t> thresholds; ///< in units of the wire
  unsigned drop;
  std::vector<unsigned> chunks; ///< bits of each, from the top; 1 to 8
};

/// A truncation inside an opening.
struct OpenTruncation {
  unsigned bits; ///< values are planned to be below 2^bits; nothing that runs
                 ///< on secrets looks at it
  /// Masks too short to wrap: never wrong, hidden up to a small statistical
  /// distance. Else masks that hide perfectly and may wrap.
  bool statistical;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_WIRE_H
