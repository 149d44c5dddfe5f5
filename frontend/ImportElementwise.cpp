//===- ImportElementwise.cpp - arithmetic, comparison, casts --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/OnnxTensor.h"
#include "frontend/Operators.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

template <class OpTy> static Results binary(Node &node) {
  return {node.build<OpTy>(node.input(0), node.input(1))};
}

template <class OpTy> static Value combineAll(Node &node) {
  Value value = node.requiredInput(0);
  for (int i = 1; i < node.inputCount() && !node.hasFailed(); ++i)
    value = node.build<OpTy>(value, node.requiredInput(i));
  return value;
}

template <class OpTy> static Results variadic(Node &node) {
  return {combineAll<OpTy>(node)};
}

static Results mean(Node &node) {
  Value sum = combineAll<AddOp>(node);
  return {node.build<MulOp>(sum, node.scalar(1.0 / node.inputCount(), sum))};
}

template <CompareKind kind> static Results compare(Node &node) {
  return {node.build<CompareOp>(kind, node.input(0), node.input(1))};
}

template <LogicalKind kind> static Results logical(Node &node) {
  return {node.build<LogicalOp>(kind, node.input(0), node.input(1))};
}

static Results logicalNot(Node &node) {
  return {node.build<NotOp>(node.input(0))};
}

template <UnaryKind kind> static Results unary(Node &node) {
  return {node.unary(kind, node.input(0))};
}

static Results pow(Node &node) {
  Value base = node.input(0), exponent = node.input(1);
  Element element = elementOf(base);
  if (elementOf(exponent) != Element::F32 || element == Element::F32)
    return {node.build<PowOp>(base, node.cast(exponent, element))};
  Value power = node.build<PowOp>(node.cast(base, Element::F32), exponent);
  return {node.cast(power, element)};
}

/// The remainder has the divisor's sign or, with fmod, the dividend's.
static Results mod(Node &node) {
  Value a = node.input(0), b = node.input(1);
  bool isFloat = elementOf(a) == Element::F32;
  bool fmod = node.integer("fmod", 0);
  if (isFloat && !fmod)
    node.error() << "expected fmod = 1 for floats, found 0";
  if (isFloat || !fmod)
    return {node.build<ModOp>(a, b)};
  Value whole = node.build<MulOp>(node.build<DivOp>(a, b), b);
  return {node.build<SubOp>(a, whole)};
}

static Results where(Node &node) {
  return {node.build<SelectOp>(node.input(0), node.input(1), node.input(2))};
}

static Results isNaN(Node &node) {
  Value x = node.input(0);
  return {node.build<NotOp>(node.build<CompareOp>(CompareKind::Eq, x, x))};
}

static Results isInf(Node &node) {
  Value x = node.input(0);
  bool positive = node.integer("detect_positive", 1);
  bool negative = node.integer("detect_negative", 1);
  if (positive && negative)
    x = node.unary(UnaryKind::Abs, x);
  else if (negative)
    x = node.unary(UnaryKind::Neg, x);
  Value bound =
      node.scalar(positive || negative ? std::numeric_limits<double>::infinity()
                                       : std::nan(""),
                  x);
  return {node.build<CompareOp>(CompareKind::Eq, x, bound)};
}

/// An integer modulo 2^bits, as types smaller than those of nn hold it.
static Value wrap(Node &node, Value x, unsigned bits, bool isSigned) {
  x = node.cast(x, Element::I64);
  Value half = node.scalar(isSigned ? std::ldexp(1, bits - 1) : 0, x);
  Value size = node.scalar(std::ldexp(1, bits), x);
  Value shifted = isSigned ? node.build<AddOp>(x, half) : x;
  Value rest = node.build<ModOp>(shifted, size);
  return isSigned ? node.build<SubOp>(rest, half) : rest;
}

static Value wrap(Node &node, Value x, int64_t dataType) {
  Element from = elementOf(x);
  if (from != Element::I32 && from != Element::I64)
    return x;
  switch (dataType) {
  case onnx::TensorProto::UINT8:
    return wrap(node, x, 8, /*isSigned=*/false);
  case onnx::TensorProto::INT8:
    return wrap(node, x, 8, /*isSigned=*/true);
  case onnx::TensorProto::UINT16:
    return wrap(node, x, 16, /*isSigned=*/false);
  case onnx::TensorProto::INT16:
    return wrap(node, x, 16, /*isSigned=*/true);
  case onnx::TensorProto::UINT32:
    return wrap(node, x, 32, /*isSigned=*/false);
  default:
    return x;
  }
}

static Results cast(Node &node) {
  int64_t to = node.integer("to", 0);
  auto element = elementOfOnnx(to);
  if (!element) {
    node.error() << "cannot cast to " << dataTypeName(to)
                 << ": expected a float, integer or boolean type";
    return {};
  }
  return {node.cast(wrap(node, node.input(0), to), *element)};
}

static Results castLike(Node &node) {
  return {node.cast(node.input(0), elementOf(node.input(1)))};
}

static Results clip(Node &node) {
  Value x = node.input(0);
  Value low, high;
  if (node.opset() >= 11) {
    low = node.input(1);
    high = node.input(2);
  } else {
    constexpr float unbounded = std::numeric_limits<float>::max();
    if (node.attribute("min"))
      low = node.scalar(node.number("min", -unbounded), x);
    if (node.attribute("max"))
      high = node.scalar(node.number("max", unbounded), x);
  }
  if (low)
    x = node.build<MaxOp>(x, low);
  if (high)
    x = node.build<MinOp>(x, high);
  return {x};
}

static Results identity(Node &node) { return {node.input(0)}; }

/// Operand \p mode says whether the model is being trained, which it must not
/// be, unless the ratio of what is dropped is 0.
static void refuseTraining(Node &node, int mode, int ratio) {
  auto isZero = [&](int i, StringRef what) {
    return node.numberInput(i, what).value_or(0) == 0;
  };
  if (!node.hasInput(mode) || isZero(mode, "training_mode"))
    return;
  if (!node.hasInput(ratio) || !isZero(ratio, "ratio"))
    node.error() << "expected a model for inference, found training_mode: "
                    "export the model in eval mode";
}

static Results dropout(Node &node) {
  refuseTraining(node, 2, 1);
  Value x = node.input(0);
  Value one = node.constant(Tensor::of<bool>({}, {true}));
  if (node.opset() < 10) // The mask had the type of the data.
    one = node.cast(one, elementOf(x));
  return {x, node.hasOutput(1) ? node.broadcast(one, shapeOf(x)) : Value()};
}

static Results bitmaskDropout(Node &node) {
  refuseTraining(node, 2, 1);
  return {node.input(0)};
}

/// x, bias, what is added after the dropout.
static Results biasDropout(Node &node) {
  refuseTraining(node, 4, 3);
  Value sum = node.build<AddOp>(node.input(0), node.input(1));
  return {node.hasInput(2) ? node.build<AddOp>(sum, node.input(2)) : sum};
}

ArrayRef<Operator> secformer::frontend::elementwiseOperators() {
  static const Operator table[] = {
      {"", "Add", 7, 2, binary<AddOp>},
      {"", "Sub", 7, 2, binary<SubOp>},
      {"", "Mul", 7, 2, binary<MulOp>},
      {"", "Div", 7, 2, binary<DivOp>},
      {"", "Pow", 7, 2, pow},
      {"", "Mod", 10, 2, mod, "fmod = 1 on floats"},
      {"", "Max", 8, 1, variadic<MaxOp>},
      {"", "Min", 8, 1, variadic<MinOp>},
      {"", "Sum", 8, 1, variadic<AddOp>},
      {"com.microsoft", "BiasAdd", 1, 3, variadic<AddOp>},
      {"", "Mean", 8, 1, mean},
      {"", "Equal", 7, 2, compare<CompareKind::Eq>},
      {"", "Less", 7, 2, compare<CompareKind::Lt>},
      {"", "LessOrEqual", 12, 2, compare<CompareKind::Le>},
      {"", "Greater", 7, 2, compare<CompareKind::Gt>},
      {"", "GreaterOrEqual", 12, 2, compare<CompareKind::Ge>},
      {"", "And", 7, 2, logical<LogicalKind::And>},
      {"", "Or", 7, 2, logical<LogicalKind::Or>},
      {"", "Xor", 7, 2, logical<LogicalKind::Xor>},
      {"", "Not", 1, 1, logicalNot},
      {"", "BitwiseAnd", 18, 2, logical<LogicalKind::And>},
      {"", "BitwiseOr", 18, 2, logical<LogicalKind::Or>},
      {"", "BitwiseXor", 18, 2, logical<LogicalKind::Xor>},
      {"", "BitwiseNot", 18, 1, logicalNot},
      {"", "Where", 9, 3, where},
      {"", "IsNaN", 9, 1, isNaN},
      {"", "IsInf", 10, 1, isInf},
      {"", "Neg", 6, 1, unary<UnaryKind::Neg>},
      {"", "Abs", 6, 1, unary<UnaryKind::Abs>},
      {"", "Sign", 9, 1, unary<UnaryKind::Sign>},
      {"", "Floor", 6, 1, unary<UnaryKind::Floor>},
      {"", "Ceil", 6, 1, unary<UnaryKind::Ceil>},
      {"", "Round", 11, 1, unary<UnaryKind::Round>},
      {"", "Sqrt", 6, 1, unary<UnaryKind::Sqrt>},
      {"", "Reciprocal", 6, 1, unary<UnaryKind::Reciprocal>},
      {"", "Exp", 6, 1, unary<UnaryKind::Exp>},
      {"", "Log", 6, 1, unary<UnaryKind::Log>},
      {"", "Sin", 7, 1, unary<UnaryKind::Sin>},
      {"", "Cos", 7, 1, unary<UnaryKind::Cos>},
      {"", "Tan", 7, 1, unary<UnaryKind::Tan>},
      {"", "Asin", 7, 1, unary<UnaryKind::Asin>},
      {"", "Acos", 7, 1, unary<UnaryKind::Acos>},
      {"", "Atan", 7, 1, unary<UnaryKind::Atan>},
      {"", "Sinh", 9, 1, unary<UnaryKind::Sinh>},
      {"", "Cosh", 9, 1, unary<UnaryKind::Cosh>},
      {"", "Asinh", 9, 1, unary<UnaryKind::Asinh>},
      {"", "Acosh", 9, 1, unary<UnaryKind::Acosh>},
      {"", "Atanh", 9, 1, unary<UnaryKind::Atanh>},
      {"", "Erf", 9, 1, unary<UnaryKind::Erf>},
      {"", "Cast", 6, 1, cast,
       "all floats become f32; floats out of an integer's range are not "
       "wrapped"},
      {"", "CastLike", 15, 2, castLike},
      {"", "Clip", 6, 1, clip},
      {"", "Identity", 1, 1, identity},
      {"", "Dropout", 7, 1, dropout, "inference only"},
      {"com.microsoft", "BitmaskDropout", 1, 1, bitmaskDropout,
       "inference only; no mask output"},
      {"com.microsoft", "BiasDropout", 1, 2, biasDropout,
       "inference only; no mask output"},
      {"com.microsoft", "BitmaskBiasDropout", 1, 2, biasDropout,
       "inference only; no mask output"},
  };
  return table;
}
