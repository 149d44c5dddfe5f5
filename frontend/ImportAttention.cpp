//===- ImportAttention.cpp - operators that are a whole attention
//-----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

namespace {
/// Operands of softmax(scale * q k^T + bias, where mask) v; queries, keys and
/// values are [batch, heads, length, width].
struct Heads {
  Value queries, keys, values;
  Value mask; ///< 0/1, broadcasts to the scores; null for none
  Value bias; ///< broadcasts to the scores; null for none
  float scale;
};
} // namespace

static Value attend(Node &node, const Heads &heads) {
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

/// [batch, length, heads * width] to [batch, heads, length, width].
static Value splitHeads(Node &node, Value x, int64_t heads) {
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

static Value joinHeads(Node &node, Value x) {
  Extents shape = shapeOf(x);
  if (shape.size() != 4)
    return x;
  return node.reshape(node.transpose(x, {0, 2, 1, 3}),
                      {shape[0], shape[2], shape[1] * shape[3]});
}

/// Position i may look at positions up to i + keys - queries.
static Value causalMask(Node &node, int64_t queries, int64_t keys) {
  return node.constant(
      Tensor::build<bool>({queries, keys}, [&](MutableArrayRef<bool> out) {
        for (int64_t i = 0; i < queries * keys; ++i)
          out[i] = i % keys <= i / keys + keys - queries;
      }));
}

static Value bothMasks(Node &node, Value a, Value b) {
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
// ONNX Runtime's
//===----------------------------------------------------------------------===//

/// The mask operand as 0/1 over [batch, heads, queries, keys]: one row for each
/// batch, or one for each query, or the number of keys that count.
static Value maskOfIndex(Node &node, Value index, int64_t batch, int64_t keys) {
  Extents shape = shapeOf(index);
  if (shape == Extents{batch, keys})
    return node.reshape(index, {batch, 1, 1, keys});
  if (shape.size() == 3 && shape[0] == batch && shape[2] == keys)
    return node.reshape(index, {batch, 1, shape[1], keys});
  if (shape == Extents{batch}) {
    SmallVector<int32_t> positions(keys);
    std::iota(positions.begin(), positions.end(), 0);
    Value key = node.constant(Tensor::of<int32_t>({keys}, positions));
    Value count =
        node.reshape(node.cast(index, Element::I32), {batch, 1, 1, 1});
    return node.build<CompareOp>(CompareKind::Lt, key, count);
  }
  if (!node.hasFailed())
    node.error() << "expected mask_index of shape [" << batch << "], [" << batch
                 << ", " << keys << "] or [" << batch << ", queries, " << keys
                 << "], found " << toString(shape);
  return {};
}

static Results fusedAttention(Node &node) {
  refuseInputs(node, {4, 6});
  if (node.integers("qkv_hidden_sizes") || node.integer("do_rotary", 0))
    node.error() << "qkv_hidden_sizes and do_rotary are not supported";
  Value x = node.build<MatmulOp>(node.input(0), node.input(1));
  if (node.hasInput(2))
    x = node.build<AddOp>(x, node.input(2));
  Extents shape = shapeOf(x);
  if (node.hasFailed() || shape.size() != 3 || shape[2] % 3) {
    if (!node.hasFailed())
      node.error() << "expected queries, keys and values of one width, found "
                   << toString(shape);
    return {};
  }
  int64_t batch = shape[0], length = shape[1], width = shape[2] / 3;
  int64_t heads = node.integer("num_heads", 0);
  SmallVector<Value> parts;
  for (int64_t i = 0; i < 3; ++i)
    parts.push_back(splitHeads(
        node, node.slice(x, {0, 0, i * width}, {batch, length, width}), heads));
  if (node.hasFailed())
    return {};
  Value mask;
  if (node.hasInput(3))
    mask = maskOfIndex(node, node.input(3), batch, length);
  if (node.integer("unidirectional", 0))
    mask = bothMasks(node, mask, causalMask(node, length, length));
  float scale = node.number("scale", 0);
  if (scale == 0) {
    const int64_t headWidth = width / heads;
    scale = 1 / std::sqrt(float(headWidth));
  }
  return {joinHeads(node, attend(node, {parts[0], parts[1], parts[2], mask,
                                        node.input(5), scale}))};
}

/// Sum of word, position and (perhaps) segment embeddings, normalized. The
/// second output counts the ones of the mask, the third is the sum.
static Results embedLayerNorm(Node &node) {
  for (int i : {2, 3, 5, 6})
    if (!node.hasInput(i)) {
      node.error() << "expected tables of words and positions, gamma and beta, "
                      "found none at position "
                   << i;
      return {};
    }
  Value ids = node.input(0), segments = node.input(1), mask = node.input(7);
  Value positions = node.input(8);
  if (rankOf(ids) != 2 || rankOf(node.input(3)) != 2) {
    node.error() << "expected ids [batch, length] and a table of positions, "
                    "found "
                 << toString(shapeOf(ids)) << " and "
                 << toString(shapeOf(node.input(3)));
    return {};
  }
  int64_t length = shapeOf(ids)[1];
  Value sum = node.build<EmbeddingOp>(node.input(2), ids);
  Value place = positions ? node.build<EmbeddingOp>(node.input(3), positions)
                          : node.slice(node.input(3), {0, 0},
                                       {length, shapeOf(node.input(3))[1]});
  sum = node.build<AddOp>(sum, place);
  if (segments && node.hasInput(4))
    sum = node.build<AddOp>(sum,
                            node.build<EmbeddingOp>(node.input(4), segments));
  Value y = node.build<LayerNormOp>(
      sum, node.input(5), node.input(6), /*axis=*/2,
      APFloat(node.number("epsilon", 1e-12f)), /*rms=*/false);
  Value count;
  if (mask)
    count = node.build<ReduceOp>(ReduceKind::Sum, mask, ArrayRef<int64_t>{1},
                                 /*keepdims=*/false);
  return {y, count, sum};
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
      {"com.microsoft", "Attention", 1, 2, fusedAttention,
       "no past keys and values; first output only"},
      {"com.microsoft", "EmbedLayerNormalization", 1, 1, embedLayerNorm},
  };
  return table;
}
