//===- Attention.h - parts of attention operators -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_ATTENTION_H
#define SECFORMER_FRONTEND_ATTENTION_H

#include "frontend/Node.h"

namespace secformer::frontend {

/// Operands of softmax(softcap(scale * q k^T) + bias, where mask) v; queries,
/// keys and values are [batch, heads, length, width].
struct Heads {
  mlir::Value queries, keys, values;
  mlir::Value mask; ///< 0/1, broadcasts to the scores; null for none
  mlir::Value bias; ///< broadcasts to the scores; null for none
  float scale;
  float softcap = 0; ///< 0 for none
};

/// The result, and the scores at each step.
struct Attended {
  mlir::Value result, products, capped, biased, weights;
};

/// With \p steps all of them are named; else some may be null.
Attended attend(Node &node, const Heads &heads, bool steps = false);

/// [batch, length, heads * width] to [batch, heads, length, width].
mlir::Value splitHeads(Node &node, mlir::Value x, int64_t heads);
/// And back.
mlir::Value joinHeads(Node &node, mlir::Value x);

/// Position i may look at positions up to i + keys - queries.
mlir::Value causalMask(Node &node, int64_t queries, int64_t keys);

/// Either may be null.
mlir::Value bothMasks(Node &node, mlir::Value a, mlir::Value b);

/// Values of earlier positions, if there are any, and then new ones, along the
/// axis of positions.
mlir::Value appendTo(Node &node, mlir::Value past, mlir::Value x);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_ATTENTION_H
