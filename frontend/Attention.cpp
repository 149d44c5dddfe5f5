//===- Attention.cpp - parts of attention operators -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Attention.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

Attended secformer::frontend::attend(Node &node, const Heads &heads,
                                     bool steps) {
  Attended all;
  Value scores =
      node.build<MatmulOp>(heads.queries, node.transposeLast(heads.keys));
  float scale = heads.scale;
  // Softmax takes the scale along if nothing comes between.
  if (steps || heads.bias || heads.softcap > 0) {
    scores = node.scale(scores, scale);
    scale = 1;
  }
  all.products = scores;
  if (heads.softcap > 0) {
    Value gate =
        node.unary(UnaryKind::Tanh, node.scale(scores, 1 / heads.softcap));
    scores = node.scale(gate, heads.softcap);
  }
  all.capped = scores;
  if (heads.bias)
    scores = node.build<AddOp>(scores, heads.bias);
  all.biased = scores;
  all.weights =
      node.build<SoftmaxOp>(scores, heads.mask, /*axis=*/3, APFloat(scale));
  all.result = node.build<MatmulOp>(all.weights, heads.values);
  return all;
}

Value secformer::frontend::splitHeads(Node &node, Value x, int64_t heads) {
  Extents shape = shapeOf(x);
  if (shape.size() != 3 || heads < 1 || shape[2] % heads) {
    if (!node.hasFailed())
      node.error() << "expected [batch, length, heads * width] for " << heads
                   << " heads, found " << toString(shape);
    return {};
  }
  Value split = node.reshape(x, {shape[0], shape[1], heads, shape[2] / heads});
  return node.transpose(split, {0, 2, 1, 3});
}

Value secformer::frontend::joinHeads(Node &node, Value x) {
  Extents shape = shapeOf(x);
  if (shape.size() != 4)
    return x;
  return node.reshape(node.transpose(x, {0, 2, 1, 3}),
                      {shape[0], shape[2], shape[1] * shape[3]});
}

Value secformer::frontend::causalMask(Node &node, int64_t queries,
                                      int64_t keys) {
  return node.table<bool>({queries, keys}, [&](MutableArrayRef<bool> out) {
    for (int64_t i = 0; i < queries * keys; ++i)
      out[i] = i % keys <= i / keys + keys - queries;
  });
}

Value secformer::frontend::bothMasks(Node &node, Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  return node.build<LogicalOp>(LogicalKind::And, node.cast(a, Element::I1),
                               node.cast(b, Element::I1));
}

Value secformer::frontend::appendTo(Node &node, Value past, Value x) {
  if (!past)
    return x;
  return node.build<ConcatOp>(ValueRange{past, x}, rankOf(x) - 2);
}
