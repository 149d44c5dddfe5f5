//===- ImportProducts.cpp - matrix products -------------------------------===//
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

/// alpha * op(A) op(B), where op transposes if an attribute says so.
static Value scaledProduct(Node &node, Value a, Value b) {
  if (node.integer("transA", 0))
    a = node.transposeLast(a);
  if (node.integer("transB", 0))
    b = node.transposeLast(b);
  return node.scale(node.build<MatmulOp>(a, b), node.number("alpha", 1));
}

static Results gemm(Node &node) {
  Value product = scaledProduct(node, node.input(0), node.input(1));
  if (!node.hasInput(2))
    return {product};
  Value offset = node.scale(node.input(2), node.number("beta", 1));
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

ArrayRef<Operator> secformer::frontend::productOperators() {
  static const Operator table[] = {
      {"", "MatMul", 1, 2, matmul},
      {"", "Gemm", 7, 2, gemm},
      {"com.microsoft", "FusedMatMul", 1, 2, fusedMatmul},
      {"com.microsoft", "TransposeMatMul", 1, 2, fusedMatmul},
      {"com.microsoft", "FusedGemm", 1, 2, fusedGemm},
      {"com.microsoft", "GemmFastGelu", 1, 2, gemmFastGelu},
  };
  return table;
}
