//===- ImportQuantization.cpp - rounding to few integers ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/OnnxTensor.h"
#include "frontend/Operators.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;
using onnx::TensorProto;

/// A scale or zero point along an axis of \p x, or for all of it.
static Value alongAxis(Node &node, Value parameter, Value x) {
  if (node.integer("block_size", 0) && !node.hasFailed())
    node.error() << "expected block_size 0: scales of blocks are not supported";
  if (node.hasFailed() || sizeOf(shapeOf(parameter)) == 1)
    return node.reshape(parameter, {});
  int64_t axis = node.axis(node.integer("axis", 1), rankOf(x));
  if (node.hasFailed())
    return {};
  if (shapeOf(parameter) != shapeOf(x).slice(axis, 1)) {
    node.error() << "expected one scale and zero point, or one for each of "
                 << shapeOf(x)[axis] << " along axis " << axis
                 << ", found shape " << toString(shapeOf(parameter));
    return {};
  }
  SmallVector<int64_t> shape(rankOf(x) - axis, 1);
  shape[0] = shapeOf(x)[axis];
  return node.reshape(parameter, shape);
}

/// The least and the largest number of an integer type.
static std::optional<std::pair<int64_t, int64_t>> limitsOf(int32_t type) {
  switch (type) {
  case TensorProto::UINT8:
    return std::pair(0, 255);
  case TensorProto::INT8:
    return std::pair(-128, 127);
  case TensorProto::UINT16:
    return std::pair(0, 65535);
  case TensorProto::INT16:
    return std::pair(-32768, 32767);
  default:
    return std::nullopt;
  }
}

/// round(x / scale) + zero point, at most what its type can hold
static Results quantize(Node &node) {
  Value x = node.input(0);
  int32_t type = node.integer("output_dtype", 0);
  if (node.hasInput(2))
    type = node.dataType(2);
  auto limits = limitsOf(type ? type : int32_t(TensorProto::UINT8));
  if (!limits && !node.hasFailed())
    node.error() << "expected a result of 8 or 16 bit integers, found "
                 << dataTypeName(type);
  if (node.hasFailed())
    return {};
  Value scale = alongAxis(node, node.input(1), x);
  Value rounded = node.cast(
      node.unary(UnaryKind::Round, node.build<DivOp>(x, scale)), Element::I32);
  if (node.hasInput(2))
    rounded =
        node.build<AddOp>(rounded, alongAxis(node, node.input(2), rounded));
  rounded = node.build<MaxOp>(rounded, node.scalar(limits->first, rounded));
  return {node.build<MinOp>(rounded, node.scalar(limits->second, rounded))};
}

/// (x - zero point) * scale
static Results dequantize(Node &node) {
  Value x = node.input(0);
  if (node.hasInput(2))
    x = node.build<SubOp>(x, alongAxis(node, node.input(2), x));
  return {node.build<MulOp>(node.cast(x, Element::F32),
                            alongAxis(node, node.input(1), x))};
}

ArrayRef<Operator> secformer::frontend::quantizationOperators() {
  static const Operator table[] = {
      {"", "QuantizeLinear", 10, 2, quantize, "8 and 16 bits, no blocks"},
      {"", "DequantizeLinear", 10, 2, dequantize, "no blocks"},
      {"com.microsoft", "QuantizeLinear", 1, 2, quantize, "8 and 16 bits"},
      {"com.microsoft", "DequantizeLinear", 1, 2, dequantize},
  };
  return table;
}
