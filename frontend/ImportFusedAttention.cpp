//===- ImportFusedAttention.cpp - attention as ONNX Runtime fuses it ------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Limits.h"
#include "frontend/Attention.h"
#include "frontend/Operators.h"

#include <cmath>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// The mask operand as 0/1 over [batch, heads, queries, keys]: one row for each
/// batch, or one for each query, a square to cut from, or the number of keys
/// that count.
static Value maskOfIndex(Node &node, Value index, int64_t batch,
                         int64_t queries, int64_t keys) {
  Extents shape = shapeOf(index);
  if (shape == Extents{batch, keys})
    return node.reshape(index, {batch, 1, 1, keys});
  if (shape == Extents{batch, queries, keys})
    return node.reshape(index, {batch, 1, queries, keys});
  if (shape.size() == 4 && shape[0] == batch && shape[1] == 1 &&
      shape[2] == shape[3] && shape[3] >= keys)
    return node.slice(index, {0, 0, keys - queries, 0},
                      {batch, 1, queries, keys});
  if (shape == Extents{batch}) {
    Value key = node.cast(node.positions(1, 0, keys), Element::I32);
    Value count =
        node.reshape(node.cast(index, Element::I32), {batch, 1, 1, 1});
    return node.build<CompareOp>(CompareKind::Lt, key, count);
  }
  if (!node.hasFailed())
    node.error() << "expected a mask of shape [" << batch << "], [" << batch
                 << ", " << keys << "], [" << batch << ", " << queries << ", "
                 << keys << "] or [" << batch << ", 1, size, size], found "
                 << toString(shape);
  return {};
}

namespace {
/// Queries, keys and values of a node, split into heads.
struct Projections {
  Value queries, keys, values;
};
} // namespace

/// The attention itself, from where all its operators agree.
static Value attendMasked(Node &node, const Projections &heads, Value index,
                          Value bias) {
  for (Value each : {heads.queries, heads.keys, heads.values})
    if (!node.hasFailed() && rankOf(each) != 4)
      node.error() << "expected queries, keys and values of [batch, heads, "
                      "length, width], found "
                   << toString(shapeOf(each));
  if (node.hasFailed())
    return {};
  Extents shape = shapeOf(heads.queries);
  int64_t queries = shape[2], keys = shapeOf(heads.keys)[2];
  Value mask;
  if (index)
    mask = maskOfIndex(node, index, shape[0], queries, keys);
  if (node.integer("unidirectional", 0))
    mask = bothMasks(node, mask, causalMask(node, queries, keys));
  float scale = node.number("scale", 0);
  if (scale == 0)
    scale = 1 / std::sqrt(float(shape[3]));
  return joinHeads(node, attend(node, {heads.queries, heads.keys, heads.values,
                                       mask, bias, scale})
                             .result);
}

static void refuse(Node &node, bool refused, StringRef what) {
  if (refused && !node.hasFailed())
    node.error() << what << " is not supported";
}

/// Element \p i of the first axis, without that axis.
static Value part(Node &node, Value x, int64_t i) {
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> starts(rankOf(x), 0), sizes(shapeOf(x));
  starts[0] = i;
  sizes[0] = 1;
  return node.reshape(node.slice(x, starts, sizes), shapeOf(x).drop_front());
}

/// x, weights, bias, mask, past, bias of the scores: one product gives queries,
/// keys and values. The second output is keys and values with the past.
static Results attention(Node &node) {
  refuse(node, node.integer("do_rotary", 0), "do_rotary");
  refuse(node, node.integer("past_present_share_buffer", 0),
         "past_present_share_buffer");
  Value x = node.build<MatmulOp>(node.input(0), node.input(1));
  if (node.hasInput(2))
    x = node.build<AddOp>(x, node.input(2));
  Extents shape = shapeOf(x);
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> widths(3, shape.empty() ? 0 : shape.back() / 3);
  widths = node.integers("qkv_hidden_sizes").value_or(widths);
  if (shape.size() != 3 || widths.size() != 3 ||
      !llvm::all_of(widths, isCount) ||
      widths[0] + widths[1] + widths[2] != shape.back()) {
    node.error() << "expected queries, keys and values of widths "
                 << toString(widths) << ", found " << toString(shape);
    return {};
  }
  SmallVector<Value> parts;
  for (int64_t start = 0; int64_t width : widths) {
    Value one = node.slice(x, {0, 0, start}, {shape[0], shape[1], width});
    parts.push_back(splitHeads(node, one, node.integer("num_heads", 0)));
    start += width;
  }
  Value past = node.input(4), keys = parts[1], values = parts[2];
  if (node.hasFailed())
    return {};
  if (past && (rankOf(past) != 5 || shapeOf(past)[0] != 2)) {
    node.error() << "expected past keys and values of shape [2, batch, heads, "
                    "length, width], found "
                 << toString(shapeOf(past));
    return {};
  }
  if (past) {
    keys = appendTo(node, part(node, past, 0), keys);
    values = appendTo(node, part(node, past, 1), values);
  }
  Value y = attendMasked(node, {parts[0], keys, values}, node.input(3),
                         node.input(5));
  Value present;
  if (node.hasOutput(1) && !node.hasFailed()) {
    SmallVector<int64_t> one(shapeOf(keys));
    one.insert(one.begin(), 1);
    present = node.build<ConcatOp>(
        ValueRange{node.reshape(keys, one), node.reshape(values, one)},
        /*axis=*/0);
  }
  return {y, present};
}

/// [batch, length, heads, count, width], as packed operands are, to `count`
/// values of [batch, heads, length, width].
static SmallVector<Value> unpack(Node &node, Value packed, int64_t count) {
  Extents shape = shapeOf(packed);
  if (shape.size() != 5 || shape[3] != count) {
    if (!node.hasFailed())
      node.error() << "expected packed operands of shape [batch, length, "
                      "heads, "
                   << count << ", width], found " << toString(shape);
    return SmallVector<Value>(count);
  }
  Value moved = node.transpose(packed, {3, 0, 2, 1, 4});
  SmallVector<Value> parts;
  for (int64_t i = 0; i < count; ++i)
    parts.push_back(part(node, moved, i));
  return parts;
}

/// Adds elements `start` and following of a bias that queries, keys and values
/// share.
static Value addBias(Node &node, Value x, Value bias, int64_t start) {
  if (!x || !bias || rankOf(x) != 3)
    return x;
  return node.build<AddOp>(x, node.slice(bias, {start}, {shapeOf(x)[2]}));
}

/// query, key, value, bias, mask of keys, bias of the scores, past keys, past
/// values.
static Results multiHeadAttention(Node &node) {
  int64_t heads = node.integer("num_heads", 0);
  Value q = node.input(0), k = node.input(1), v = node.input(2);
  Value bias = node.input(3);
  Projections split;
  if (!k) {
    auto parts = unpack(node, q, 3);
    refuse(node, bool(bias), "a bias of packed operands");
    split = {parts[0], parts[1], parts[2]};
  } else {
    int64_t width = rankOf(q) == 3 ? shapeOf(q)[2] : 0;
    split.queries = splitHeads(node, addBias(node, q, bias, 0), heads);
    if (!v) {
      auto parts = unpack(node, k, 2);
      split.keys = parts[0];
      split.values = parts[1];
    } else if (rankOf(k) == 4) { // of another sequence, projected before
      split.keys = k;
      split.values = v;
    } else {
      split.keys = splitHeads(node, addBias(node, k, bias, width), heads);
      split.values = splitHeads(node, addBias(node, v, bias, 2 * width), heads);
    }
  }
  split.keys = appendTo(node, node.input(6), split.keys);
  split.values = appendTo(node, node.input(7), split.values);
  Value y = attendMasked(node, split, node.input(4), node.input(5));
  return {y, split.keys, split.values};
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
  Value places = node.input(3), positions = node.input(8);
  if (rankOf(ids) != 2 || rankOf(places) != 2) {
    node.error() << "expected ids [batch, length] and a table of positions, "
                    "found "
                 << toString(shapeOf(ids)) << " and "
                 << toString(shapeOf(places));
    return {};
  }
  int64_t length = shapeOf(ids)[1];
  Value sum = node.build<EmbeddingOp>(node.input(2), ids);
  Value place = positions
                    ? node.build<EmbeddingOp>(places, positions)
                    : node.slice(places, {0, 0}, {length, shapeOf(places)[1]});
  sum = node.build<AddOp>(sum, place);
  if (segments && node.hasInput(4))
    sum = node.build<AddOp>(sum,
                            node.build<EmbeddingOp>(node.input(4), segments));
  Value y = node.build<LayerNormOp>(
      sum, node.input(5), node.input(6), /*axis=*/2,
      APFloat(node.number("epsilon", 1e-12f)), /*rms=*/false);
  Value count =
      node.table<int32_t>({shapeOf(ids)[0]}, [](MutableArrayRef<int32_t>) {});
  if (mask)
    count = node.build<ReduceOp>(ReduceKind::Sum, mask, ArrayRef<int64_t>{1},
                                 /*keepdims=*/false);
  return {y, count, sum};
}

ArrayRef<Operator> secformer::frontend::fusedAttentionOperators() {
  static const Operator table[] = {
      {"com.microsoft", "Attention", 1, 2, attention,
       "no rotary embedding; outputs 1 and 2"},
      {"com.microsoft", "MultiHeadAttention", 1, 1, multiHeadAttention,
       "outputs 1 to 3"},
      {"com.microsoft", "EmbedLayerNormalization", 1, 1, embedLayerNorm},
  };
  return table;
}
