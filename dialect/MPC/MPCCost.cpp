//===- MPCCost.cpp - messages, dealer words, rings and errors of every op -===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The one place that says what an operation sends and which ring its operands
// need. runtime/protocols/ does what stands here; the tests compare the two to
// the byte.
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <map>

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static WireTypeInterface wire(Value value) {
  return cast<WireTypeInterface>(value.getType());
}

/// Bytes of `count` words of `bits` bits, packed.
static int64_t packedBytes(int64_t count, int64_t bits) {
  return (count * bits + 7) / 8;
}

static int64_t packedBytes(Value value) {
  return packedBytes(wire(value).getNumElements(), wire(value).getRing());
}

unsigned mpc::ringOfResults(Operation *op) {
  for (Value result : op->getResults())
    if (auto type = dyn_cast<WireTypeInterface>(result.getType()))
      return type.getRing();
  return 1;
}

unsigned mpc::signedBits(double bound, unsigned scale) {
  // Values up to bound * 2^scale and one bit for the sign.
  int exponent = 0;
  std::frexp(std::max(bound, 0x1p-60), &exponent);
  return std::max(1, exponent + int(scale)) + 1;
}

bool mpc::isMessage(Operation *op) {
  auto costed = dyn_cast<CostInterface>(op);
  return costed && costed.getCost().communicates();
}

/// One message from the owner (or to the other party).
static Cost oneWay(unsigned sender, int64_t bytes) {
  Cost cost;
  (sender == 0 ? cost.bytesToParty1 : cost.bytesToParty0) = bytes;
  return cost;
}

static Cost bothWays(int64_t bytes) { return {bytes, bytes, 0}; }
static Cost dealt(int64_t bytes) { return {0, 0, bytes}; }

//===----------------------------------------------------------------------===//
// Local operations
//===----------------------------------------------------------------------===//

#define SECFORMER_FREE(OP)                                                     \
  Cost OP::getCost() { return {}; }
SECFORMER_FREE(ParamOp)
SECFORMER_FREE(InputOp)
SECFORMER_FREE(PublicParamOp)
SECFORMER_FREE(EncodeOp)
SECFORMER_FREE(ConstantOp)
SECFORMER_FREE(PlainOp)
SECFORMER_FREE(OutputOp)
SECFORMER_FREE(ProbeOp)
SECFORMER_FREE(UnmaskOp)
SECFORMER_FREE(NarrowOp)
SECFORMER_FREE(ReduceOp)
SECFORMER_FREE(RelabelOp)
SECFORMER_FREE(AddOp)
SECFORMER_FREE(SubOp)
SECFORMER_FREE(ScaleByOp)
SECFORMER_FREE(MulPublicOp)
SECFORMER_FREE(MatmulPublicOp)
SECFORMER_FREE(AddPublicOp)
SECFORMER_FREE(SumLastOp)
SECFORMER_FREE(ReshapeOp)
SECFORMER_FREE(TransposeOp)
SECFORMER_FREE(BroadcastOp)
SECFORMER_FREE(SliceOp)
SECFORMER_FREE(TakeOp)
SECFORMER_FREE(PadOp)
SECFORMER_FREE(ConcatOp)
#undef SECFORMER_FREE

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

Cost ShareOp::getCost() {
  Cost cost;
  if (isOutside(getInput().getType().getOwner()))
    cost.outsideToParty1 = packedBytes(getResult());
  return cost;
}

Cost MaskOp::getCost() {
  return oneWay(getInput().getType().getOwner(), packedBytes(getInput()));
}

Cost OpenOp::getCost() { return bothWays(packedBytes(getInput())); }

Cost PublicInputOp::getCost() {
  int64_t bytes = 8 * getResult().getType().getNumElements();
  if (!isOutside(getOwner()))
    return oneWay(getOwner(), bytes);
  Cost cost;
  cost.outsideToParty0 = cost.outsideToParty1 = bytes;
  return cost;
}

Cost RevealOp::getCost() {
  const unsigned to = getResult().getType().getOwner();
  if (!isOutside(to))
    return oneWay(1 - to, packedBytes(getInput()));
  Cost cost;
  cost.toOutside = packedBytes(getInput());
  return cost;
}

Cost TruncateOp::getCost() {
  int64_t count = wire(getInput()).getNumElements();
  auto from = getInput().getType(), to = getResult().getType();
  int64_t shift = from.getScale() - to.getScale();
  // The carry stands 2^(ring - shift) high; nothing of it is left in a ring
  // that small.
  int64_t carryBits = int64_t(to.getRing()) - (from.getRing() - shift);
  if (carryBits <= 0)
    return {};
  Cost cost = bothWays(packedBytes(count, 1));
  cost.dealerBytes = packedBytes(count, carryBits);
  return cost;
}

Cost TruncateOpenOp::getCost() {
  Cost cost = bothWays(packedBytes(getInput()));
  cost.dealerBytes = packedBytes(getResult());
  return cost;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

Cost MatmulOp::getCost() { return dealt(packedBytes(getResult())); }

bool MulOp::extends(unsigned operand) {
  return wire(getOperand(operand)).getRing() < wire(getResult()).getRing();
}

/// A message for each kind of words, in the ring that is left of the result's
/// where their public factor is a multiple of 2^gone.
Cost MulOp::getCost() {
  const int64_t ring = wire(getResult()).getRing();
  int64_t bytes = 0;
  auto deal = [&](Value shape, int64_t gone) {
    if (gone < ring)
      bytes += packedBytes(wire(shape).getNumElements(), ring - gone);
  };
  deal(getResult(), 0);
  const bool square = getLhs() == getRhs();
  int64_t wraps = 0;
  for (unsigned i : {0, 1})
    if (extends(i) && !(square && i == 1)) {
      const int64_t own = wire(getOperand(i)).getRing();
      deal(getOperand(i), 0);
      deal(getOperand(i), own);
      deal(getResult(), own);
      wraps += own;
    }
  if (extends(0) && extends(1) && !square)
    deal(getResult(), wraps);
  return dealt(bytes);
}

Cost Mul3Op::getCost() {
  auto result = wire(getResult());
  return dealt(packedBytes(4 * result.getNumElements(), result.getRing()));
}

Cost UnivariateOp::getCost() {
  FitOp fit = lookupFit();
  if (!fit) // Not verified yet.
    return {};
  // A message for each width.
  std::map<int32_t, int64_t> words;
  for (int32_t bits : fit.getDealtBits())
    words[bits] += 2 * wire(getInput()).getNumElements();
  Cost cost;
  for (auto [bits, count] : words)
    if (int64_t width = int64_t(wire(getResult()).getRing()) -
                        int64_t(fit.getFinestDealtBits()) + bits;
        width > 0)
      cost.dealerBytes += packedBytes(count, width);
  return cost;
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

Cost CompareOp::getCost() {
  DecidedType type = getResult().getType();
  int64_t count = type.getNumElements();
  Cost cost =
      bothWays(packedBytes(count * type.getThresholds(), type.getBits()));
  for (int32_t bits : getChunks())
    cost.dealerBytes += packedBytes(count, int64_t(1) << bits);
  return cost;
}

Cost IndicatorOp::getCost() {
  int64_t words = getDecided().getType().getCases() *
                  getDecided().getType().getNumElements();
  return dealt(packedBytes(words, getResult().getType().getRing()));
}

Cost SelectOp::getCost() {
  int64_t words = 2 * getDecided().getType().getCases() *
                  getDecided().getType().getNumElements();
  return dealt(packedBytes(words, getResult().getType().getRing()));
}

//===----------------------------------------------------------------------===//
// Rings and errors
//===----------------------------------------------------------------------===//

unsigned RevealOp::getOperandRing(unsigned) {
  return signedBits(getBound().convertToDouble(),
                    getInput().getType().getScale());
}

/// |x| < 2^(ring - 2): one bit more than a sign needs; and the ring is not
/// shifted out.
template <typename Truncation>
static unsigned ringForTruncation(Truncation op) {
  unsigned scale = op.getInput().getType().getScale();
  unsigned shift = scale - op.getResult().getType().getScale();
  return std::max(signedBits(op.getBound().convertToDouble(), scale) + 1,
                  shift + 2);
}

unsigned MulOp::getOperandRing(unsigned operand) {
  const unsigned ring = wire(getResult()).getRing();
  auto bound = getBound(operand);
  if (!bound)
    return ring;
  const unsigned scale = wire(getOperand(operand)).getScale();
  return std::min(ring, signedBits(bound->convertToDouble(), scale) + 1);
}

unsigned TruncateOp::getOperandRing(unsigned) {
  return ringForTruncation(*this);
}

unsigned TruncateOpenOp::getOperandRing(unsigned) {
  return ringForTruncation(*this);
}

unsigned NarrowOp::getOperandRing(unsigned) {
  return getResult().getType().getRing() + getInput().getType().getScale() -
         getResult().getType().getScale();
}

unsigned UnivariateOp::getOperandRing(unsigned) {
  return lookupFit().getInputRing();
}

unsigned CompareOp::getOperandRing(unsigned) {
  unsigned bits = getDrop();
  for (int32_t chunk : getChunks())
    bits += unsigned(chunk);
  return bits;
}

// Watching must not change what is watched.
unsigned ProbeOp::getOperandRing(unsigned) { return 1; }

unsigned ReduceOp::getOperandRing(unsigned) {
  return wire(getResult()).getRing();
}

/// One unit of the result.
static double unitOf(Value result) {
  return std::ldexp(1.0, -int(wire(result).getScale()));
}

double TruncateOp::getErrorBound() { return unitOf(getResult()); }
double TruncateOpenOp::getErrorBound() { return unitOf(getResult()); }
double NarrowOp::getErrorBound() { return unitOf(getResult()); }

double UnivariateOp::getErrorBound() {
  return lookupFit().getError().convertToDouble();
}

/// A decision may be wrong close to the threshold.
static bool isExact(CompareOp compare) {
  return compare && compare.getDrop() == 0;
}

double IndicatorOp::getErrorBound() {
  return isExact(lookupComparison()) ? 0.0 : 1.0;
}

double SelectOp::getErrorBound() {
  CompareOp compare = lookupComparison();
  if (isExact(compare))
    return 0.0;
  // A ramp is continuous where it is decided.
  if (compare && compare.getInput() == getInput() &&
      compare.getThresholds()[getIndex()] == int64_t(getOffset()))
    return std::ldexp(1.0, int(compare.getDrop()) - 1 -
                               int(getInput().getType().getScale()));
  return std::numeric_limits<double>::infinity();
}

//===----------------------------------------------------------------------===//
// Truncation inside an opening
//===----------------------------------------------------------------------===//

double mpc::openingChance(SharedType type, double bound, unsigned ring,
                          bool statistical) {
  // Elements times the share of the ring that the largest value is.
  double share = double(WireTypeInterface(type).getNumElements()) *
                 std::ldexp(bound, int(type.getScale()) - int(ring));
  return std::min(1.0, statistical ? 8 * share : share);
}

static double chanceOf(TruncateOpenOp op) {
  SharedType from = op.getInput().getType();
  return openingChance(from, op.getBound().convertToDouble(), from.getRing(),
                       op.getStatistical());
}

double TruncateOpenOp::getFailureBound() {
  SharedType from = getInput().getType();
  MaskedType to = getResult().getType();
  unsigned quotient = from.getRing() - (from.getScale() - to.getScale());
  // A wrap is off by 2^quotient: nothing in a ring that small.
  bool harmless = getStatistical() || to.getRing() <= quotient;
  return harmless ? 0 : chanceOf(*this);
}

double TruncateOpenOp::getHidingBound() {
  return getStatistical() ? chanceOf(*this) : 0;
}
