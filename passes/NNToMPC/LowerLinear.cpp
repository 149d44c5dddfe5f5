//===- LowerLinear.cpp - operations that need no choice of protocol -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Sums, products and rearrangements of secrets: one mpc operation or two each.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Matchers.h"
#include "passes/NNToMPC/Lowering.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

FailureOr<Secret> Lowering::secret(Value nnValue) {
  Lowered &lowered = map[nnValue];
  if (lowered.publicValue)
    return emitError(emit.location)
           << "expected a secret operand, found a public one of type "
           << nnValue.getType();
  if (lowered.factors.empty())
    return lowered.secret;
  auto bounds = range(nnValue);
  if (failed(bounds))
    return failure();
  SmallVector<Value> opened{emit.opened(lowered.secret, emit.fraction)};
  for (Secret factor : lowered.factors)
    opened.push_back(emit.opened(factor, factor.scale()));
  Value product = opened.size() == 2
                      ? emit.mul(opened[0], opened[1])
                      : emit.mul3(opened[0], opened[1], opened[2]);
  lowered = Lowered{{}, {product, bounds->bound()}, {}, 0};
  return lowered.secret;
}

FailureOr<Range> Lowering::range(Operation *op, StringRef attribute) {
  auto pair = op->getAttrOfType<DenseF64ArrayAttr>(attribute);
  if (!pair || pair.size() != 2 || !(pair[0] <= pair[1]) ||
      !std::isfinite(pair[0]) || !std::isfinite(pair[1]))
    return op->emitError("no finite range (attribute ")
           << attribute
           << " = array<f64: low, high>): calibrate with samples that reach "
              "it, or run secformer-default-ranges";
  return Range{pair[0], pair[1]};
}

FailureOr<Range> Lowering::range(Value nnValue) {
  if (Operation *op = nnValue.getDefiningOp())
    return range(op, "nn.range");
  auto argument = cast<BlockArgument>(nnValue);
  auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  auto pair = function.getArgAttrOfType<DenseF64ArrayAttr>(
      argument.getArgNumber(), "nn.range");
  if (!pair || pair.size() != 2 || !(pair[0] <= pair[1]) ||
      !std::isfinite(pair[0]) || !std::isfinite(pair[1]))
    return function.emitError("argument ")
           << argument.getArgNumber()
           << " has no attribute nn.range = array<f64: low, high>";
  return Range{pair[0], pair[1]};
}

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

/// The one value that a constant repeats.
static std::optional<double> splatOf(Value value) {
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
  int bits = emit.fraction;
  if (auto largest = largestOf(publicSide); largest && *largest > 0)
    bits -= int(std::floor(std::log2(*largest)));
  Value factor = state.get(publicSide).publicValue;
  return Secret{emit.mulPublic(x->wire, factor, std::max(bits, 0)), bound};
}

static LogicalResult lowerSum(Operation *op, Value lhs, Value rhs,
                              bool subtract, Lowering &state) {
  Emitter &emit = state.emit;
  auto bounds = state.range(op->getResult(0));
  if (failed(bounds))
    return failure();
  Secret result{{}, bounds->bound()};
  bool leftPublic = state.isPublic(lhs);
  if (leftPublic || state.isPublic(rhs)) {
    auto x = state.secret(leftPublic ? rhs : lhs);
    if (failed(x))
      return failure();
    Value term = state.get(leftPublic ? lhs : rhs).publicValue;
    Value wire = x->wire;
    if (subtract && leftPublic)
      wire = emit.scaleBy(wire, -1);
    else if (subtract)
      term = emit.create<mpc::PlainOp>(term.getType(), mpc::PlainKind::Mul,
                                       ValueRange{term, emit.splat(-1)});
    result.wire = emit.create<mpc::AddPublicOp>(
        emit.shared(shapeOf(op->getResult(0)), x->scale()), wire, term);
  } else {
    auto a = state.secret(lhs), b = state.secret(rhs);
    if (failed(a) || failed(b))
      return failure();
    result = subtract ? emit.sub(*a, *b, bounds->bound())
                      : emit.add(*a, *b, bounds->bound());
  }
  state.bind(op->getResult(0), result);
  return success();
}

/// Secret divided by a value public at run time.
static LogicalResult lowerDiv(nn::DivOp op, Lowering &state) {
  Emitter &emit = state.emit;
  if (!state.isPublic(op.getRhs()))
    return op.emitError("division by a secret is not supported; only by "
                        "constants and public inputs");
  auto bounds = state.range(op.getResult());
  auto x = state.secret(op.getLhs());
  if (failed(bounds) || failed(x))
    return failure();
  Value divisor = state.get(op.getRhs()).publicValue;
  Value inverse =
      emit.create<mpc::PlainOp>(divisor.getType(), mpc::PlainKind::Div,
                                ValueRange{emit.splat(1), divisor});
  state.bind(op.getResult(),
             Secret{emit.mulPublic(x->wire, inverse, 2 * emit.fraction),
                    bounds->bound()});
  return success();
}

static LogicalResult lowerMul(nn::MulOp op, Lowering &state) {
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
  state.bind(op.getResult(), Secret{emit.mul(emit.opened(*a, emit.fraction),
                                             emit.opened(*b, emit.fraction)),
                                    bounds->bound()});
  return success();
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

static LogicalResult lowerMatmul(nn::MatmulOp op, Lowering &state) {
  Emitter &emit = state.emit;
  if (state.isPublic(op.getLhs()) || state.isPublic(op.getRhs()))
    return op.emitError("matrix product of a secret and a public run-time "
                        "tensor is not supported: make the tensor a weight");
  auto b = state.secret(op.getRhs());
  auto bounds = state.range(op.getResult());
  if (failed(b) || failed(bounds))
    return failure();
  Lowered lhs = state.get(op.getLhs());
  ArrayRef<int64_t> shape = shapeOf(op.getLhs());
  // A factor per row passes through: (r e) V = r (e V).
  if (!lhs.factors.empty() && shape.size() >= 2 &&
      shapeOf(op.getRhs()).size() <= shape.size()) {
    Value numerator = emit.matmul(emit.opened(lhs.secret, lhs.secret.scale()),
                                  emit.opened(*b, emit.fraction));
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
  if (a->shape().size() < 2 || b->shape().size() < 2)
    return op.emitError("matrix products of vectors are not supported on "
                        "secrets: reshape them to matrices");
  state.bind(op.getResult(), Secret{emit.matmul(emit.opened(*a, emit.fraction),
                                                emit.opened(*b, emit.fraction)),
                                    bounds->bound()});
  return success();
}

//===----------------------------------------------------------------------===//
// Rearrangement
//===----------------------------------------------------------------------===//

static LogicalResult lowerSlice(Operation *op, Value input,
                                ArrayRef<int64_t> starts,
                                ArrayRef<int64_t> sizes,
                                ArrayRef<int64_t> strides, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(input);
  if (failed(x))
    return failure();
  for (int64_t stride : strides)
    if (stride < 1)
      return op->emitError("a slice of a secret needs positive steps, found ")
             << stride;
  Value slice = emit.create<mpc::SliceOp>(emit.shared(sizes, x->scale()),
                                          x->wire, starts, strides);
  state.bind(op->getResult(0),
             Secret{emit.reshape(slice, shapeOf(op->getResult(0))), x->bound});
  return success();
}

/// Gather with constant, evenly spaced indices is a slice.
static LogicalResult lowerGather(nn::GatherOp op, Lowering &state) {
  DenseIntElementsAttr constant;
  if (!matchPattern(op.getIds(), m_Constant(&constant)))
    return op.emitError("gather on a secret by indices known only at run time "
                        "is not supported");
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  SmallVector<int64_t> ids, starts(shape.size(), 0), sizes(shape),
      strides(shape.size(), 1);
  for (const APInt &value : constant.getValues<APInt>())
    ids.push_back(value.getSExtValue() +
                  (value.isNegative() ? shape[op.getAxis()] : 0));
  int64_t stride = ids.size() > 1 ? ids[1] - ids[0] : 1;
  for (size_t i = 1; i < ids.size(); ++i)
    if (ids[i] - ids[i - 1] != stride || stride == 0)
      return op.emitError("gather on a secret needs evenly spaced indices");
  starts[op.getAxis()] = ids.front();
  sizes[op.getAxis()] = ids.size();
  strides[op.getAxis()] = stride;
  return lowerSlice(op, op.getInput(), starts, sizes, strides, state);
}

/// Sum or mean over the trailing axes.
static LogicalResult lowerReduce(nn::ReduceOp op, Lowering &state) {
  Emitter &emit = state.emit;
  StringRef kind = nn::stringifyReduceKind(op.getKind());
  bool mean = op.getKind() == nn::ReduceKind::Mean;
  if (!mean && op.getKind() != nn::ReduceKind::Sum)
    return op.emitError("'")
           << kind << "' over secrets needs comparisons; it is not supported";
  auto x = state.secret(op.getInput());
  auto bounds = state.range(op.getResult());
  if (failed(x) || failed(bounds))
    return failure();
  // Bring the reduced axes to the end, as one.
  int64_t rank = x->shape().size(), count = 1;
  SmallVector<int64_t> permutation, shape;
  for (int64_t axis = 0; axis < rank; ++axis) {
    if (llvm::is_contained(op.getAxes(), axis))
      continue;
    permutation.push_back(axis);
    shape.push_back(x->shape()[axis]);
  }
  for (int64_t axis : op.getAxes()) {
    permutation.push_back(axis);
    count *= x->shape()[axis];
  }
  shape.push_back(count);
  Value wire = x->wire;
  if (!llvm::is_sorted(permutation))
    wire = emit.transpose(wire, permutation);
  wire = emit.reshape(emit.sumLast(emit.reshape(wire, shape)),
                      shapeOf(op.getResult()));
  if (mean) {
    unsigned bits = emit.fraction + llvm::Log2_64_Ceil(count);
    wire = llvm::isPowerOf2_64(count)
               ? emit.relabel(wire, llvm::Log2_64(count))
               : emit.mulPublic(wire, emit.splat(1.0 / count), bits);
  }
  state.bind(op.getResult(), Secret{wire, bounds->bound()});
  return success();
}

static LogicalResult lowerConcat(nn::ConcatOp op, Lowering &state) {
  Emitter &emit = state.emit;
  SmallVector<Secret> parts;
  unsigned scale = 0;
  for (Value input : op.getInputs()) {
    auto part = state.secret(input);
    if (failed(part))
      return failure();
    scale = std::max(scale, part->scale());
    parts.push_back(*part);
  }
  SmallVector<Value> wires;
  double bound = 0;
  for (Secret part : parts) {
    wires.push_back(emit.atScale(part, scale).wire);
    bound = std::max(bound, part.bound);
  }
  state.bind(op.getResult(),
             Secret{emit.create<mpc::ConcatOp>(
                        emit.shared(shapeOf(op.getResult()), scale), wires,
                        op.getAxis()),
                    bound});
  return success();
}

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

LogicalResult secformer::lowerLinear(Operation *op, Lowering &state) {
  Emitter &emit = state.emit;
  // A rearrangement with one operand.
  auto rearrange = [&](Value input,
                       function_ref<Value(Value)> apply) -> LogicalResult {
    auto x = state.secret(input);
    if (failed(x))
      return failure();
    state.bind(op->getResult(0), Secret{apply(x->wire), x->bound});
    return success();
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](nn::AddOp sum) {
        return lowerSum(op, sum.getLhs(), sum.getRhs(), false, state);
      })
      .Case([&](nn::SubOp difference) {
        return lowerSum(op, difference.getLhs(), difference.getRhs(), true,
                        state);
      })
      .Case([&](nn::MulOp mul) { return lowerMul(mul, state); })
      .Case([&](nn::DivOp div) { return lowerDiv(div, state); })
      .Case([&](nn::UnaryOp negation) {
        return rearrange(negation.getInput(),
                         [&](Value wire) { return emit.scaleBy(wire, -1); });
      })
      .Case([&](nn::MatmulOp matmul) { return lowerMatmul(matmul, state); })
      .Case([&](nn::ReduceOp reduce) { return lowerReduce(reduce, state); })
      .Case([&](nn::ConcatOp concat) { return lowerConcat(concat, state); })
      .Case([&](nn::GatherOp gather) { return lowerGather(gather, state); })
      .Case([&](nn::SliceOp slice) {
        return lowerSlice(op, slice.getInput(), slice.getStarts(),
                          slice.getSizes(), slice.getStrides(), state);
      })
      .Case([&](nn::ReshapeOp reshape) {
        return rearrange(reshape.getInput(), [&](Value wire) {
          return emit.reshape(wire, shapeOf(op->getResult(0)));
        });
      })
      .Case([&](nn::TransposeOp transpose) {
        return rearrange(transpose.getInput(), [&](Value wire) {
          return emit.transpose(wire, transpose.getPerm());
        });
      })
      .Case([&](nn::BroadcastOp broadcast) {
        return rearrange(broadcast.getInput(), [&](Value wire) -> Value {
          auto type = cast<mpc::SharedType>(wire.getType());
          return emit.create<mpc::BroadcastOp>(
              type.withShape(shapeOf(op->getResult(0))), wire);
        });
      })
      .Default([](Operation *other) {
        return other->emitError("'")
               << other->getName() << "' on secret values is not supported";
      });
}
