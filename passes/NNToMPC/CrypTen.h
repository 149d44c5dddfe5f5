//===- CrypTen.h - CrypTen's approximations -------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Knott et al., CrypTen: secure multi-party computation meets machine learning
// (NeurIPS 2021), appendix C: the exponential by repeated squaring, and
// Newton's iterations that start from it.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_CRYPTEN_H
#define SECFORMER_PASSES_NNTOMPC_CRYPTEN_H

#include "passes/NNToMPC/Lowering.h"

namespace secformer {

/// exp(x) as (1 + x / 2^squarings)^(2^squarings), for -2^squarings <= x <= 1. A
/// squaring takes one opening.
Secret limitExponential(Emitter &emit, Secret x, unsigned squarings);

/// 1/x by y' = y (2 - x y) from 3 exp(1/2 - x) + 0.003: ten steps. An error
/// where they do not converge on the range.
mlir::FailureOr<Secret> newtonReciprocal(Emitter &emit, mlir::Value x,
                                         Range range);

/// 1/sqrt(x) by y' = y (3 - x y^2) / 2 from 2.2 exp(-x/2 - 0.2) + 0.2 - x/1024:
/// three steps, or as many as the range takes. Values above 64 are divided by a
/// power of four first.
mlir::FailureOr<Secret> newtonInverseRoot(Emitter &emit, mlir::Value x,
                                          Range range);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_CRYPTEN_H
