//===- ImportAttention.cpp - operators that are a whole attention ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Attention.h"
#include "frontend/Operators.h"

#include <cmath>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

Value secformer::frontend::attend(Node &node, const Heads &heads) {
  Value scores =
      node.build<MatmulOp>(heads.queries, node.transposeLast(heads.keys));
  float scale = heads.scale;
  if (heads.bias) {
    scores = node.build<MulOp>(scores, node.scalar(scale, scores));
    scores = node.build<AddOp>(scores, heads.bias);
    scale = 1;
  }
  Value weights = node.build<SoftmaxOp>(scores, heads.mask,
                                        /*axis=*/3, APFloat(scale));
  return node.build<MatmulOp>(weights, heads.values);
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
  return node.constant(
      Tensor::build<bool>({queries, keys}, [&](MutableArrayRef<bool> out) {
        for (int64_t i = 0; i < queries * keys; ++i)
          out[i] = i % keys <= i / keys + keys - queries;
      }));
}

Value secformer::frontend::bothMasks(Node &node, Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  return node.build<LogicalOp>(LogicalKind::And, node.cast(a, Element::I1),
                               node.cast(b, Element::I1));
}

static void refuseInputs(Node &node, ArrayRef<int> which) {
  for (int i : which)
    if (node.hasInput(i) && !node.hasFailed())
      node.error() << "operand " << i << " is not supported: export the model "
                   << "without past keys and values";
}

//===----------------------------------------------------------------------===//
// ONNX's
//===----------------------------------------------------------------------===//

static Results attention(Node &node) {
  refuseInputs(node, {4, 5, 6});
  Value q = node.input(0), k = node.input(1), v = node.input(2);
  bool joined = rankOf(q) == 3;
  if (joined) {
    int64_t heads = node.integer("q_num_heads", 0);
    int64_t keyHeads = node.integer("kv_num_heads", heads);
    q = splitHeads(node, q, heads);
    k = splitHeads(node, k, keyHeads);
    v = splitHeads(node, v, keyHeads);
  }
  if (node.number("softcap", 0) != 0 && !node.hasFailed())
    node.error() << "expected softcap = 0: others are not supported";
  if (node.hasFailed())
    return {};
  if (rankOf(q) != 4 || rankOf(k) != 4 || rankOf(v) != 4 ||
      shapeOf(q)[1] != shapeOf(k)[1] || shapeOf(q)[1] != shapeOf(v)[1]) {
    node.error() << "expected queries, keys and values of as many heads each, "
                    "found "
                 << toString(shapeOf(q)) << ", " << toString(shapeOf(k))
                 << " and " << toString(shapeOf(v));
    return {};
  }
  Value given = node.input(3);
  bool isMask = given && elementOf(given) == Element::I1;
  Value mask = isMask ? given : Value();
  if (node.integer("is_causal", 0)) {
    int64_t queries = shapeOf(q)[2], keys = shapeOf(k)[2];
    // Here queries count from the first key, however many keys there are.
    Value square = causalMask(node, queries, queries);
    Value causal = keys <= queries
                       ? node.slice(square, {0, 0}, {queries, keys})
                       : node.build<PadOp>(square, ArrayRef<int64_t>{0, 0},
                                           ArrayRef<int64_t>{0, keys - queries},
                                           APFloat(0.0));
    mask = bothMasks(node, mask, causal);
  }
  float scale = node.number("scale", 1 / std::sqrt(float(shapeOf(q)[3])));
  Value y = attend(node, {q, k, v, mask, isMask ? Value() : given, scale});
  return {joined ? joinHeads(node, y) : y};
}

ArrayRef<Operator> secformer::frontend::attentionOperators() {
  static const Operator table[] = {
      {"", "Attention", 23, 3, attention,
       "no past keys and values, softcap or grouped heads; first output only"},
  };
  return table;
}
