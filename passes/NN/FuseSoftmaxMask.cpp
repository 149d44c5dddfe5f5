//===- FuseSoftmaxMask.cpp - scale and mask of a softmax ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Evaluates the argument of a softmax for every combination of mask values: the
// scores pass, times a constant, or they drop out of sight.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/MaskExpression.h"
#include "passes/NN/Passes.h"

namespace secformer::nn {
#define GEN_PASS_DEF_FUSESOFTMAXMASK
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer::nn;

namespace {
/// A value on the way from the softmax to the scores, and the masks between.
struct Candidate {
  Value score;
  SmallVector<MaskAtom> atoms;
};

/// What the argument of the softmax is for one combination of mask values.
struct Behaviour {
  enum { Passes, Masked, Other } kind = Other;
  double slope = 0, offset = 0; ///< of the scores that pass
};

/// softmax argument = slope * scores + offset where all masks have good values,
/// and very negative elsewhere.
struct Reading {
  double slope = 0;
  SmallVector<SmallVector<bool>> good; ///< per mask and level
};
} // namespace

/// Adding this to a score, or less, masks it.
static constexpr double maskingValue = -1000;
/// Scores to evaluate; the middle one is 0.
static constexpr float scores[] = {-8, -4, -1, -0.5, 0, 0.5, 1, 4, 8};
static constexpr size_t scoreCount = std::size(scores);
static constexpr int64_t maxCombinations = 64;
/// At most so many operations from the softmax to its scores.
static constexpr size_t maxCandidates = 32;

static Behaviour behaviour(ArrayRef<double> found) {
  Behaviour result;
  result.offset = found[scoreCount / 2];
  result.slope = (found.back() - found.front()) / (2 * scores[scoreCount - 1]);
  auto masked = [&](double y) { return y <= result.offset / 2; };
  if (result.offset <= maskingValue && llvm::all_of(found, masked)) {
    result.kind = Behaviour::Masked;
    return result;
  }
  const double room = 1e-4 * (1 + std::abs(result.slope));
  for (auto [x, y] : llvm::zip_equal(scores, found))
    if (!(std::abs(result.slope * x + result.offset - y) <= room))
      return result;
  if (result.slope > 0)
    result.kind = Behaviour::Passes;
  return result;
}

/// Calls \p f with the level of every mask, for every combination.
static void forEachCombination(ArrayRef<MaskAtom> atoms,
                               function_ref<void(ArrayRef<size_t>)> f) {
  SmallVector<size_t> levels(atoms.size(), 0);
  while (true) {
    f(levels);
    size_t i = 0;
    while (i < atoms.size() && ++levels[i] == atoms[i].levels.size())
      levels[i++] = 0;
    if (i == atoms.size())
      return;
  }
}

/// The behaviours in the order of forEachCombination; none if the argument is
/// something else than an expression of score and masks.
static SmallVector<Behaviour> evaluate(Value argument, Value score,
                                       ArrayRef<MaskAtom> atoms) {
  SmallVector<float> scoreSamples;
  SmallVector<SmallVector<float>> samples(atoms.size());
  forEachCombination(atoms, [&](ArrayRef<size_t> levels) {
    scoreSamples.append(std::begin(scores), std::end(scores));
    for (auto [atom, level, sample] : llvm::zip_equal(atoms, levels, samples))
      sample.append(scoreCount, atom.levels[level]);
  });
  ElementSampler sampler(/*everywhere=*/true);
  sampler.bind(score, scoreSamples);
  for (auto [atom, sample] : llvm::zip_equal(atoms, samples))
    sampler.bind(atom.value, sample);
  auto found = sampler.sample(argument);
  SmallVector<Behaviour> result;
  if (!found)
    return result;
  for (ArrayRef<double> rest = *found; !rest.empty();
       rest = rest.drop_front(scoreCount))
    result.push_back(behaviour(rest.take_front(scoreCount)));
  return result;
}

static std::optional<Reading> read(SoftmaxOp softmax, Value score,
                                   ArrayRef<MaskAtom> atoms) {
  auto behaviours = evaluate(softmax.getInput(), score, atoms);
  if (behaviours.empty())
    return std::nullopt;
  Reading reading;
  for (const MaskAtom &atom : atoms)
    reading.good.emplace_back(atom.levels.size(), false);
  const Behaviour *pass = nullptr;
  bool consistent = true;
  auto next = behaviours.begin();
  forEachCombination(atoms, [&](ArrayRef<size_t> levels) {
    const Behaviour &each = *next++;
    if (each.kind == Behaviour::Other)
      consistent = false;
    if (each.kind != Behaviour::Passes)
      return;
    if (!pass)
      pass = &each;
    const double room = 1e-4 * (1 + std::abs(pass->slope));
    consistent &= std::abs(pass->slope - each.slope) <= room &&
                  std::abs(pass->offset - each.offset) <= room;
    for (auto [good, level] : llvm::zip_equal(reading.good, levels))
      good[level] = true;
  });
  if (!pass)
    return std::nullopt;
  // The scores pass exactly where every mask has a good value.
  next = behaviours.begin();
  forEachCombination(atoms, [&](ArrayRef<size_t> levels) {
    bool all = true;
    for (auto [good, level] : llvm::zip_equal(reading.good, levels))
      all &= good[level];
    consistent &= all == (next++->kind == Behaviour::Passes);
  });
  if (!consistent)
    return std::nullopt;
  reading.slope = pass->slope;
  return reading;
}

/// Few enough masks that are 0 or 1, and a softmax of the scores would have the
/// same type.
static bool feasible(SoftmaxOp softmax, Value score, ArrayRef<MaskAtom> atoms) {
  int64_t combinations = 1;
  for (const MaskAtom &atom : atoms) {
    if (!atom.inArithmetic && !atom.elements &&
        !tensorType(atom.value).getElementType().isInteger(1))
      return false;
    combinations = std::min<int64_t>(combinations * atom.levels.size(),
                                     maxCombinations + 1);
  }
  return score.getType() == softmax.getType() &&
         combinations <= maxCombinations;
}

static InFlightDiagnostic nearMiss(SoftmaxOp softmax) {
  return softmax.emitRemark("looks like an attention mask but is not: ");
}

/// Is there a number among the element-wise operations that make a value that
/// only masks have?
static bool hasMaskingConstant(Value value, unsigned depth = 0) {
  if (std::optional<double> constant = splatValue(value))
    return std::abs(*constant) >= -maskingValue;
  Operation *op = throughShapes(value).getDefiningOp();
  return isElementwise(op) && depth < maxCandidates &&
         llvm::any_of(
             op->getOperands(),
             [&](Value operand) {
               return hasMaskingConstant(operand, depth + 1);
             });
}

/// Says why masks of the farthest candidate stay arithmetic on scores.
static void remarkOn(SoftmaxOp softmax, const Candidate &candidate) {
  const auto &[score, atoms] = candidate;
  const bool looksMasked = hasMaskingConstant(softmax.getInput());
  if (!feasible(softmax, score, atoms)) {
    if (looksMasked)
      nearMiss(softmax) << "expected masks of 0 and 1 with at most "
                        << maxCombinations << " combinations, and scores of "
                        << "the softmax's type, found " << atoms.size()
                        << " masks and scores of type " << score.getType();
    return;
  }
  double low = 0, high = 0;
  for (const Behaviour &each : evaluate(softmax.getInput(), score, atoms)) {
    if (each.kind == Behaviour::Passes) {
      low = std::min(low, each.offset);
      high = std::max(high, each.offset);
    } else if (looksMasked && each.kind == Behaviour::Other) {
      nearMiss(softmax)
          << "expected that scores pass, or drop below " << toText(maskingValue)
          << ", the same for all masks that let them pass, found a score of 0 "
             "that becomes "
          << toText(each.offset) << " and a factor of " << toText(each.slope);
      return;
    }
  }
  if (low < high)
    nearMiss(softmax) << "expected to add " << toText(maskingValue)
                      << " or less to masked scores, found "
                      << toText(low - high) << ": it stays an addition";
  else if (looksMasked)
    nearMiss(softmax) << "expected scores and masks, found two values that "
                         "could be the scores in "
                      << (score.getDefiningOp()
                              ? score.getDefiningOp()->getName().getStringRef()
                              : "an argument");
}

/// One 0/1 tensor that is nonzero where all of \p masks are.
static Value conjunction(OpBuilder &builder, Location location,
                         ArrayRef<Value> masks) {
  if (masks.size() <= 1)
    return masks.empty() ? Value() : masks.front();
  Value product;
  for (Value mask : masks) {
    for (Type element : {Type(builder.getI1Type()), Type(builder.getI64Type())})
      if (tensorType(mask).getElementType() != element)
        mask = CastOp::create(builder, location,
                              tensorType(mask).clone(element), mask);
    product = product ? MulOp::create(builder, location, product, mask) : mask;
  }
  return product;
}

static bool fuse(SoftmaxOp softmax, const Candidate &candidate) {
  const auto &[score, atoms] = candidate;
  if (!feasible(softmax, score, atoms))
    return false;
  std::optional<Reading> reading = read(softmax, score, atoms);
  if (!reading)
    return false;
  OpBuilder builder(softmax);
  SmallVector<Value> masks;
  for (auto [atom, good] : llvm::zip_equal(atoms, reading->good))
    if (llvm::is_contained(good, false))
      masks.push_back(buildMask(builder, softmax.getLoc(), atom, good));
  if (softmax.getMask())
    masks.push_back(softmax.getMask());
  Value mask = withoutBroadcast(conjunction(builder, softmax.getLoc(), masks),
                                softmax.getType());
  APFloat scale(float(softmax.getScale().convertToDouble() * reading->slope));
  auto fused = SoftmaxOp::create(builder, softmax.getLoc(), score, mask,
                                 softmax.getAxis(), scale, FloatAttr());
  softmax.getResult().replaceAllUsesWith(fused);
  return true;
}

/// From the softmax on.
static SmallVector<Candidate> candidatesOf(SoftmaxOp softmax,
                                           const MaskReader &reader) {
  SmallVector<Candidate> candidates = {{softmax.getInput(), {}}};
  while (candidates.size() < maxCandidates) {
    Candidate next = candidates.back();
    next.score = reader.nextScore(next.score, next.atoms);
    if (!next.score)
      break;
    candidates.push_back(std::move(next));
  }
  return candidates;
}

/// Tries the farthest candidate first.
static void fuse(SoftmaxOp softmax, const WeightStore *weights) {
  softmax.getInputMutable().assign(
      withoutShift(softmax.getInput(), softmax.getAxis(), weights));
  for (bool throughPredicates : {false, true}) {
    auto candidates =
        candidatesOf(softmax, MaskReader(weights, throughPredicates));
    for (const Candidate &candidate :
         llvm::reverse(ArrayRef(candidates).drop_front()))
      if (fuse(softmax, candidate))
        return;
  }
  MaskReader reader(weights, /*throughPredicates=*/false);
  remarkOn(softmax, candidatesOf(softmax, reader).back());
}

/// softmax(reshape(x)) becomes reshape(softmax(x)) if the reshape keeps the
/// rows, so that scores and mask are in reach. The softmax to look at.
static SoftmaxOp beforeReshape(SoftmaxOp softmax) {
  auto reshape = softmax.getInput().getDefiningOp<ReshapeOp>();
  if (!reshape || softmax.getMask() ||
      int64_t(softmax.getAxis()) != softmax.getType().getRank() - 1)
    return softmax;
  Value input = reshape.getInput();
  const int64_t axis = tensorType(input).getRank() - 1;
  if (!isElementwise(input.getDefiningOp()) ||
      tensorType(input).getShape().back() !=
          softmax.getType().getShape().back())
    return softmax;
  OpBuilder builder(softmax);
  auto inner = SoftmaxOp::create(builder, softmax.getLoc(), input, Value(),
                                 axis, softmax.getScale(), FloatAttr());
  auto outer = ReshapeOp::create(builder, softmax.getLoc(), softmax.getType(),
                                 inner.getResult());
  softmax.getResult().replaceAllUsesWith(outer);
  return inner;
}

namespace {
struct FuseSoftmaxMask
    : secformer::nn::impl::FuseSoftmaxMaskBase<FuseSoftmaxMask> {
  using FuseSoftmaxMaskBase::FuseSoftmaxMaskBase;
  explicit FuseSoftmaxMask(const WeightStore &store) : given(&store) {}

  void runOnOperation() override {
    WeightStore loaded;
    const WeightStore *store = given;
    if (!weights.empty()) {
      if (failed(loaded.load(getOperation(), weights)))
        return signalPassFailure();
      store = &loaded;
    }
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      function.walk([&](SoftmaxOp op) {
        if (!op.getQuad()) // A shift of the row changes that.
          fuse(beforeReshape(op), store);
      });
      eraseDeadOperations(function);
    }
  }

private:
  const WeightStore *given = nullptr;
};
} // namespace

std::unique_ptr<Pass>
secformer::nn::createFuseSoftmaxMask(const WeightStore &weights) {
  return std::make_unique<FuseSoftmaxMask>(weights);
}
