//===- MaskExpression.cpp - the masks in the argument of a softmax --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/MaskExpression.h"
#include "passes/NN/Attributes.h"

#include <cmath>

using namespace mlir;
using namespace secformer::nn;

/// A constant with more different values is a bias, not a mask.
static constexpr size_t maxLevels = 8;
/// A mask expression of more operations is not looked through.
static constexpr unsigned maxOperations = 256;

static bool isFloat(Value value) {
  return tensorType(value).getElementType().isF32();
}

/// Tells something about numbers that need not be 0 and 1.
static bool isPredicate(Operation *op) {
  auto cast = dyn_cast_or_null<CastOp>(op);
  return isa_and_nonnull<CompareOp>(op) ||
         (cast && cast.getType().getElementType().isInteger(1));
}

static SmallVector<float> differentValues(const Tensor &tensor) {
  SmallVector<float> values;
  for (int64_t i = 0; i < tensor.size() && values.size() <= maxLevels; ++i)
    if (float value = tensor.at(i); !llvm::is_contained(values, value))
      values.push_back(value);
  return values;
}

static bool isPublicArgument(BlockArgument argument) {
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  return function && function.getArgAttr(argument.getArgNumber(), publicAttr);
}

/// The fewest elements on the way from \p value to what it rearranges: slices
/// drop elements, broadcasts repeat them.
static int64_t fewestElements(Value value) {
  int64_t fewest = tensorType(value).getNumElements();
  while (isRearrangement(value.getDefiningOp())) {
    value = value.getDefiningOp()->getOperand(0);
    fewest = std::min(fewest, tensorType(value).getNumElements());
  }
  return fewest;
}

/// The elements of a constant or of a weight that is at hand.
static std::optional<Tensor> knownElements(Value source,
                                           const WeightStore *weights) {
  if (DenseElementsAttr constant = constantElements(source))
    return Tensor::fromAttribute(constant);
  auto param = source.getDefiningOp<ParamOp>();
  const Tensor *weight =
      param && weights ? weights->lookup(param.getWeight()) : nullptr;
  return weight ? std::optional(*weight) : std::nullopt;
}

std::optional<MaskAtom> MaskReader::leaf(Value value, int64_t scores) const {
  MaskAtom atom;
  atom.value = value;
  Value source = throughShapes(value);
  atom.elements = knownElements(source, weights);
  if (atom.elements) {
    atom.levels = differentValues(*atom.elements);
    auto isNan = [](float level) { return std::isnan(level); };
    if (atom.levels.size() > maxLevels || llvm::any_of(atom.levels, isNan))
      return std::nullopt;
    return atom;
  }
  auto argument = dyn_cast<BlockArgument>(source);
  bool isMask =
      !isFloat(source) || (argument && (isPublicArgument(argument) ||
                                        fewestElements(value) < scores));
  if (!isMask)
    return std::nullopt;
  atom.levels = {0, 1};
  return atom;
}

bool MaskReader::collect(Value value, bool inArithmetic, Walk &walk) const {
  if (splatValue(value))
    return true;
  Operation *op = value.getDefiningOp();
  Operation *source = throughShapes(value).getDefiningOp();
  if (!isElementwise(source) || (isPredicate(source) && !throughPredicates)) {
    std::optional<MaskAtom> atom = leaf(value, walk.scores);
    if (!atom)
      return false;
    atom->inArithmetic = inArithmetic;
    atom->rearrangements = walk.rearrangements;
    for (MaskAtom &other : walk.atoms) {
      if (other.value != value)
        continue;
      other.inArithmetic |= inArithmetic;
      return other.rearrangements == atom->rearrangements;
    }
    walk.atoms.push_back(*atom);
    return true;
  }
  if (++walk.operations > maxOperations)
    return false;
  if (isRearrangement(op)) {
    walk.rearrangements.push_back(op);
    bool collected = collect(op->getOperand(0), inArithmetic, walk);
    walk.rearrangements.pop_back();
    return collected;
  }
  return llvm::all_of(op->getOperands(), [&](Value operand) {
    return collect(operand, inArithmetic && !isPredicate(op), walk);
  });
}

Value MaskReader::nextScore(Value score, SmallVector<MaskAtom> &atoms) const {
  Operation *op = score.getDefiningOp();
  if (!isElementwise(op) || !isFloat(score))
    return {};
  Value next;
  for (Value operand : op->getOperands()) {
    Walk walk = {tensorType(score).getNumElements(), 0, {}, atoms};
    if (collect(operand, /*inArithmetic=*/true, walk))
      atoms = walk.atoms;
    else if (next)
      return {};
    else
      next = operand;
  }
  return next;
}

Value secformer::nn::withoutShift(Value scores, int64_t axis,
                                  const WeightStore *weights) {
  auto isShift = [&](Value value) {
    RankedTensorType type = tensorType(value);
    // Axis of the value, which may have fewer leading axes.
    int64_t own = axis - (tensorType(scores).getRank() - type.getRank());
    if (own < 0 || type.getDimSize(own) == 1)
      return true;
    auto elements = knownElements(throughShapes(value), weights);
    return elements && differentValues(*elements).size() == 1;
  };
  while (Operation *op = scores.getDefiningOp()) {
    if (!isa<AddOp, SubOp>(op))
      break;
    Value lhs = op->getOperand(0), rhs = op->getOperand(1);
    if (lhs.getType() == scores.getType() && isShift(rhs))
      scores = lhs;
    else if (isa<AddOp>(op) && rhs.getType() == scores.getType() &&
             isShift(lhs))
      scores = rhs;
    else
      break;
  }
  return scores;
}

//===----------------------------------------------------------------------===//
// The mask of the softmax
//===----------------------------------------------------------------------===//

/// The rearrangements that lead from \p source to \p value, outermost first.
static SmallVector<Operation *> pathTo(Value value, Value source) {
  SmallVector<Operation *> path;
  while (value != source) {
    path.push_back(value.getDefiningOp());
    value = path.back()->getOperand(0);
  }
  return path;
}

/// Applies rearrangements (the outermost first) to another tensor of the shape
/// of their operand, or one that broadcasts to it.
static Value rearrange(OpBuilder &builder, Location location, Value mask,
                       ArrayRef<Operation *> rearrangements) {
  for (Operation *op : llvm::reverse(rearrangements)) {
    Type element = tensorType(mask).getElementType();
    RankedTensorType operandType = tensorType(op->getOperand(0)).clone(element);
    if (mask.getType() != operandType)
      mask = BroadcastOp::create(builder, location, operandType, mask);
    Operation *moved = builder.clone(*op);
    moved->setLoc(location);
    moved->setOperand(0, mask);
    moved->getResult(0).setType(tensorType(op->getResult(0)).clone(element));
    mask = moved->getResult(0);
  }
  return mask;
}

/// 1 where the elements have a good level.
static Value constantMask(OpBuilder &builder, Location location,
                          const MaskAtom &atom, ArrayRef<bool> good) {
  SmallVector<bool> mask;
  for (int64_t i = 0; i < atom.elements->size(); ++i)
    mask.push_back(good[llvm::find(atom.levels, float(atom.elements->at(i))) -
                        atom.levels.begin()]);
  auto type =
      RankedTensorType::get(atom.elements->getShape(), builder.getI1Type());
  return ConstantOp::create(builder, location,
                            DenseElementsAttr::get(type, mask));
}

/// A mask that counts where \p mask does not.
static Value complement(OpBuilder &builder, Location location, Value mask) {
  if (auto compare = mask.getDefiningOp<CompareOp>();
      compare && compare.getKind() == CompareKind::Eq &&
      isSplat(compare.getRhs(), 0) &&
      compare.getLhs().getType().getShape() == compare.getType().getShape())
    return compare.getLhs();
  if (tensorType(mask).getElementType().isInteger(1))
    return NotOp::create(builder, location, mask);
  return SubOp::create(builder, location,
                       createScalar(builder, location, 1, mask), mask);
}

Value secformer::nn::buildMask(OpBuilder &builder, Location location,
                               const MaskAtom &atom, ArrayRef<bool> good) {
  Value source = throughShapes(atom.value);
  SmallVector<Operation *> path(atom.rearrangements);
  path.append(pathTo(atom.value, source));
  if (atom.elements)
    return rearrange(builder, location,
                     constantMask(builder, location, atom, good), path);
  // Levels 0 and 1.
  if (good[0])
    return rearrange(builder, location, complement(builder, location, source),
                     path);
  return rearrange(builder, location, atom.value, atom.rearrangements);
}

Value secformer::nn::withoutBroadcast(Value mask, RankedTensorType scores) {
  auto broadcast = mask ? mask.getDefiningOp<BroadcastOp>() : nullptr;
  if (!broadcast)
    return mask;
  RankedTensorType before = tensorType(broadcast.getInput());
  return before.getRank() > 0 &&
                 before.getShape().back() == scores.getShape().back()
             ? broadcast.getInput()
             : mask;
}
