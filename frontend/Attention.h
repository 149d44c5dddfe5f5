//===- Attention.h - what attention operators have in common --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_ATTENTION_H
#define SECFORMER_FRONTEND_ATTENTION_H

#include "frontend/Node.h"

namespace secformer::frontend {

/// Operands of softmax(scale * q k^T + bias, where mask) v; queries, keys and
/// values are [batch, heads, length, width].
struct Heads {
  mlir::Value queries, keys, values;
  mlir::Value mask; ///< 0/1, broadcasts to the scores; null for none
  mlir::Value bias; ///< broadcasts to the scores; null for none
  float scale;
};

/// [batch, heads, length, width] of the values.
mlir::Value attend(Node &node, const Heads &heads);

/// [batch, length, heads * width] to [batch, heads, length, width].
mlir::Value splitHeads(Node &node, mlir::Value x, int64_t heads);
/// And back.
mlir::Value joinHeads(Node &node, mlir::Value x);

/// Position i may look at positions up to i + keys - queries.
mlir::Value causalMask(Node &node, int64_t queries, int64_t keys);
/// Where both masks are not 0; either may be null.
mlir::Value bothMasks(Node &node, mlir::Value a, mlir::Value b);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_ATTENTION_H
