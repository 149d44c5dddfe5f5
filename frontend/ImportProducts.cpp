//===- ImportProducts.cpp - matrix products and convolution ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

static Results matmul(Node &node) {
  return {node.build<MatmulOp>(node.input(0), node.input(1))};
}

static Value scale(Node &node, Value x, double factor) {
  return factor == 1 ? x : node.build<MulOp>(x, node.scalar(factor, x));
}

/// alpha * op(A) op(B), where op transposes if an attribute says so.
static Value scaledProduct(Node &node, Value a, Value b) {
  if (node.integer("transA", 0))
    a = node.transposeLast(a);
  if (node.integer("transB", 0))
    b = node.transposeLast(b);
  return scale(node, node.build<MatmulOp>(a, b), node.number("alpha", 1));
}

static Results gemm(Node &node) {
  Value product = scaledProduct(node, node.input(0), node.input(1));
  if (!node.hasInput(2))
    return {product};
  Value offset = scale(node, node.input(2), node.number("beta", 1));
  return {node.build<AddOp>(product, offset)};
}

/// The first axis moved behind the batch axes if an attribute says so.
static Value unbatch(Node &node, StringRef attribute, Value x) {
  const int64_t rank = rankOf(x);
  if (!node.integer(attribute, 0) || rank < 3)
    return x;
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::rotate(perm.begin(), perm.begin() + 1, perm.end() - 1);
  return node.transpose(x, perm);
}

static Results fusedMatmul(Node &node) {
  return {scaledProduct(node, unbatch(node, "transBatchA", node.input(0)),
                        unbatch(node, "transBatchB", node.input(1)))};
}

static Results fusedGemm(Node &node) {
  return {fusedActivation(node, gemm(node).front())};
}

/// x w + bias
static Results gemmFastGelu(Node &node) {
  Value product = matmul(node).front();
  if (node.hasInput(2))
    product = node.build<AddOp>(product, node.input(2));
  return {node.unary(UnaryKind::GeluTanh, product)};
}

namespace {
struct Window {
  SmallVector<int64_t> strides, dilations, low, high;
};
} // namespace

/// Padding that makes the result ceil(extent / stride) long; the odd one goes
/// to the end for SAME_UPPER.
static void padSame(Window &window, Extents input, Extents kernel, bool upper) {
  for (size_t axis = 0; axis < input.size(); ++axis) {
    int64_t stride = window.strides[axis];
    int64_t reach = (kernel[axis] - 1) * window.dilations[axis] + 1;
    int64_t places = (input[axis] + stride - 1) / stride;
    int64_t total =
        std::max<int64_t>(0, (places - 1) * stride + reach - input[axis]);
    window.low[axis] = upper ? total / 2 : total - total / 2;
    window.high[axis] = total - window.low[axis];
  }
}

static std::optional<Window> windowOf(Node &node, Extents input,
                                      Extents kernel) {
  SmallVector<int64_t> ones(input.size(), 1), zeros(2 * input.size(), 0);
  Window window;
  window.strides = node.integers("strides").value_or(ones);
  window.dilations = node.integers("dilations").value_or(ones);
  auto pads = node.integers("pads").value_or(zeros);
  if (node.hasFailed())
    return std::nullopt;
  auto positive = [](int64_t value) { return value > 0; };
  if (window.strides.size() != input.size() ||
      window.dilations.size() != input.size() ||
      pads.size() != 2 * input.size() || kernel.size() != input.size() ||
      !llvm::all_of(window.strides, positive) ||
      !llvm::all_of(window.dilations, positive)) {
    node.error() << "expected a kernel, strides, dilations (positive) and pads "
                    "for "
                 << input.size() << " spatial axes";
    return std::nullopt;
  }
  window.low.assign(pads.begin(), pads.begin() + input.size());
  window.high.assign(pads.begin() + input.size(), pads.end());
  std::string autoPad = node.text("auto_pad", "NOTSET");
  if (autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER")
    padSame(window, input, kernel, autoPad == "SAME_UPPER");
  else if (autoPad != "NOTSET" && autoPad != "VALID")
    node.error() << "expected auto_pad NOTSET, VALID, SAME_UPPER or "
                    "SAME_LOWER, found '"
                 << autoPad << "'";
  return window;
}

static Results conv(Node &node) {
  Value x = node.input(0), kernel = node.input(1);
  if (rankOf(x) < 3 || rankOf(kernel) < 3) {
    node.error() << "expected an input and a kernel of rank 3 or more, found "
                 << toString(shapeOf(x)) << " and "
                 << toString(shapeOf(kernel));
    return {};
  }
  auto window =
      windowOf(node, shapeOf(x).drop_front(2), shapeOf(kernel).drop_front(2));
  if (!window)
    return {};
  Value y =
      node.build<ConvOp>(x, kernel, window->strides, window->low, window->high,
                         window->dilations, node.integer("group", 1));
  if (!node.hasInput(2))
    return {y};
  SmallVector<int64_t> channels(rankOf(x) - 1, 1);
  channels[0] = sizeOf(shapeOf(node.input(2)));
  return {node.build<AddOp>(y, node.reshape(node.input(2), channels))};
}

/// A convolution plus what has its shape (operand 3), and an activation.
static Results fusedConv(Node &node) {
  Results y = conv(node);
  if (y.empty())
    return {};
  Value sum = y.front();
  if (node.hasInput(3))
    sum = node.build<AddOp>(sum, node.input(3));
  return {fusedActivation(node, sum)};
}

ArrayRef<Operator> secformer::frontend::productOperators() {
  static const Operator table[] = {
      {"", "MatMul", 1, 2, matmul},
      {"", "Gemm", 7, 2, gemm},
      {"com.microsoft", "FusedMatMul", 1, 2, fusedMatmul},
      {"com.microsoft", "TransposeMatMul", 1, 2, fusedMatmul},
      {"com.microsoft", "FusedGemm", 1, 2, fusedGemm},
      {"com.microsoft", "GemmFastGelu", 1, 2, gemmFastGelu},
      {"", "Conv", 1, 2, conv},
      {"com.microsoft", "FusedConv", 1, 2, fusedConv},
  };
  return table;
}
