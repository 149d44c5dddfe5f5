//===- ImportAttention.cpp - attention of the ONNX standard ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Attention.h"
#include "frontend/Operators.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

/// Every head of keys or values serves as many query heads as there are more.
static Value repeatHeads(Node &node, Value x, int64_t heads) {
  Extents shape = shapeOf(x);
  if (node.hasFailed() || shape.size() != 4 || shape[1] == heads)
    return x;
  if (!shape[1] || heads % shape[1]) {
    node.error() << "expected a multiple of " << shape[1]
                 << " query heads, found " << heads;
    return {};
  }
  int64_t times = heads / shape[1];
  Value apart = node.reshape(x, {shape[0], shape[1], 1, shape[2], shape[3]});
  Value repeated =
      node.broadcast(apart, {shape[0], shape[1], times, shape[2], shape[3]});
  return node.reshape(repeated, {shape[0], heads, shape[2], shape[3]});
}

/// A mask that may be shorter than the keys; what it lacks is masked.
static Value lengthen(Node &node, Value mask, int64_t keys) {
  if (node.hasFailed() || !rankOf(mask) || shapeOf(mask).back() == 1 ||
      shapeOf(mask).back() >= keys)
    return mask;
  SmallVector<int64_t> low(rankOf(mask), 0), high(rankOf(mask), 0);
  high.back() = keys - shapeOf(mask).back();
  double masked = elementOf(mask) == Element::F32
                      ? -std::numeric_limits<double>::infinity()
                      : 0;
  return node.build<PadOp>(mask, low, high, APFloat(masked));
}

/// Which keys a query may look at by their positions: a query stands at its
/// number plus the number of keys before all queries.
static Value positionMask(Node &node, int64_t queries, int64_t keys,
                          int64_t past) {
  bool causal = node.integer("is_causal", 0);
  int64_t left = node.integer("left_window_size", -1);
  int64_t right = node.integer("right_window_size", -1);
  Value filled; // how many keys count, of each batch
  if (node.hasInput(6))
    filled = node.reshape(node.cast(node.input(6), Element::I64),
                          {sizeOf(shapeOf(node.input(6))), 1, 1, 1});
  Value key = node.positions(4, 3, keys), mask; // axes of the scores
  if (filled)
    mask = node.compare(CompareKind::Lt, key, filled);
  if (!causal && left < 0 && right < 0)
    return mask;
  Value query = node.positions(4, 2, queries);
  query = filled
              ? node.build<AddOp>(query, node.shift(filled, -double(queries)))
              : node.shift(query, double(past));
  auto allow = [&](CompareKind kind, double distance) {
    mask = bothMasks(node, mask,
                     node.compare(kind, key, node.shift(query, distance)));
  };
  if (causal)
    allow(CompareKind::Le, 0);
  if (left >= 0)
    allow(CompareKind::Ge, -double(left));
  if (right >= 0)
    allow(CompareKind::Le, double(right));
  return mask;
}

static Results attention(Node &node) {
  Value q = node.input(0), k = node.input(1), v = node.input(2);
  bool joined = rankOf(q) == 3;
  if (joined) {
    int64_t heads = node.integer("q_num_heads", 0);
    int64_t keyHeads = node.integer("kv_num_heads", heads);
    q = splitHeads(node, q, heads);
    k = splitHeads(node, k, keyHeads);
    v = splitHeads(node, v, keyHeads);
  }
  if (!node.hasFailed() && (rankOf(q) != 4 || rankOf(k) != 4 || rankOf(v) != 4))
    node.error() << "expected queries, keys and values of rank 3 or of rank 4, "
                    "found "
                 << toString(shapeOf(q)) << ", " << toString(shapeOf(k))
                 << " and " << toString(shapeOf(v));
  Value presentKeys = appendTo(node, node.input(4), k);
  Value presentValues = appendTo(node, node.input(5), v);
  if (node.hasFailed())
    return {};
  int64_t queries = shapeOf(q)[2], keys = shapeOf(presentKeys)[2];
  Value mask = positionMask(node, queries, keys, keys - shapeOf(k)[2]), bias;
  if (node.hasInput(3)) {
    Value given = lengthen(node, node.input(3), keys);
    if (elementOf(given) == Element::I1)
      mask = bothMasks(node, mask, given);
    else
      bias = given;
  }
  float scale = node.number("scale", 1 / std::sqrt(float(shapeOf(q)[3])));
  int64_t heads = shapeOf(q)[1];
  Attended all = attend(node,
                        {q, repeatHeads(node, presentKeys, heads),
                         repeatHeads(node, presentValues, heads), mask, bias,
                         scale, node.number("softcap", 0)},
                        /*steps=*/node.hasOutput(3));
  Value scores;
  switch (node.hasOutput(3) ? node.integer("qk_matmul_output_mode", 0) : -1) {
  case 0:
    scores = all.products;
    break;
  case 1:
    scores = all.capped;
    break;
  case 2: {
    Value least =
        node.scalar(-std::numeric_limits<double>::infinity(), all.biased);
    scores = mask ? node.select(node.cast(mask, Element::I1), all.biased, least)
                  : all.biased;
    break;
  }
  case 3:
    scores = all.weights;
    break;
  default:
    break;
  }
  return {joined ? joinHeads(node, all.result) : all.result, presentKeys,
          presentValues, scores};
}

//===----------------------------------------------------------------------===//
// Rotary embedding
//===----------------------------------------------------------------------===//

namespace {
/// Operands of a rotation; x is [batch, length, heads, width].
struct Rotation {
  Value x, cosines, sines;
  int64_t width; ///< how much of each head turns
};
} // namespace

/// Pairs (a, b) turn to (a cos - b sin, a sin + b cos): neighbours if
/// interleaved, else an element and the one half the width further.
static Value rotate(Node &node, const Rotation &rotation) {
  int64_t half = rotation.width / 2;
  bool interleaved = node.integer("interleaved", 0);
  int64_t step = interleaved ? 2 : 1, second = interleaved ? 1 : half;
  Value a = node.sliceAlong(rotation.x, 3, 0, half, step);
  Value b = node.sliceAlong(rotation.x, 3, second, half, step);
  auto product = [&](Value x, Value factor) {
    return node.build<MulOp>(x, factor);
  };
  Value turnedA = node.build<SubOp>(product(a, rotation.cosines),
                                    product(b, rotation.sines));
  Value turnedB = node.build<AddOp>(product(a, rotation.sines),
                                    product(b, rotation.cosines));
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> shape(shapeOf(a));
  if (interleaved) {
    SmallVector<int64_t> single(shape);
    single.push_back(1);
    turnedA = node.reshape(turnedA, single);
    turnedB = node.reshape(turnedB, single);
  }
  Value turned =
      node.build<ConcatOp>(ValueRange{turnedA, turnedB}, interleaved ? 4 : 3);
  shape[3] = rotation.width;
  turned = node.reshape(turned, shape);
  int64_t rest = shapeOf(rotation.x)[3] - rotation.width;
  if (!rest)
    return turned;
  return node.build<ConcatOp>(
      ValueRange{turned, node.sliceAlong(rotation.x, 3, rotation.width, rest)},
      3);
}

/// The rows of a table of angles for all positions, [batch, length, 1, half].
static Value anglesAt(Node &node, Value table, Value positions,
                      int64_t length) {
  if (positions && rankOf(positions) == 2)
    table = node.build<GatherOp>(table, positions, 0);
  else if (positions) // where the first element stands
    table = node.build<GatherOp>(
        table,
        node.build<AddOp>(node.cast(positions, Element::I64),
                          node.positions(1, 0, length)),
        0);
  SmallVector<int64_t> shape(shapeOf(table));
  if (node.hasFailed() || shape.size() < 2)
    return table;
  shape.insert(shape.end() - 1, 1);
  return node.reshape(table, shape);
}

/// \p x is [batch, length, heads * width] or [batch, heads, length, width].
static Results rotaryEmbedding(Node &node, Value cosines, Value sines,
                               Value positions) {
  Value x = node.input(0);
  bool joined = rankOf(x) == 3;
  int64_t heads = node.integer("num_heads", 0);
  int64_t turning = node.integer("rotary_embedding_dim", 0);
  if (!node.hasFailed() && joined) {
    Extents shape = shapeOf(x);
    // The tables tell the width of a head that turns as a whole.
    if (!heads && !turning && rankOf(cosines))
      heads = shape[2] / std::max<int64_t>(1, 2 * shapeOf(cosines).back());
    if (heads > 0 && shape[2] % heads == 0)
      x = node.reshape(x, {shape[0], shape[1], heads, shape[2] / heads});
  } else {
    x = node.transpose(x, {0, 2, 1, 3});
  }
  if (!node.hasFailed() && rankOf(x) != 4)
    node.error() << "expected [batch, length, width] with num_heads, or "
                    "[batch, heads, length, width], found "
                 << toString(shapeOf(node.input(0)));
  if (node.hasFailed())
    return {};
  int64_t length = shapeOf(x)[1];
  Rotation rotation{x, anglesAt(node, cosines, positions, length),
                    anglesAt(node, sines, positions, length),
                    turning ? turning : shapeOf(x)[3]};
  Value y = rotate(node, rotation);
  return {joined ? node.reshape(y, shapeOf(node.input(0)))
                 : node.transpose(y, {0, 2, 1, 3})};
}

static Results rotaryEmbedding(Node &node) {
  return rotaryEmbedding(node, node.input(1), node.input(2), node.input(3));
}

static Results fusedRotaryEmbedding(Node &node) {
  return rotaryEmbedding(node, node.input(2), node.input(3), node.input(1));
}

ArrayRef<Operator> secformer::frontend::attentionOperators() {
  static const Operator table[] = {
      {"", "Attention", 23, 3, attention},
      {"", "RotaryEmbedding", 23, 3, rotaryEmbedding},
      {"com.microsoft", "RotaryEmbedding", 1, 4, fusedRotaryEmbedding},
  };
  return table;
}
