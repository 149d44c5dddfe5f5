//===- GeluSegments.h - GELU in segments, as published --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What segments replace in the fast suite is one fitted function. The tanh form
// of GELU, which differs by 5e-4 at most, is computed in the same way.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_GELUSEGMENTS_H
#define SECFORMER_PASSES_NNTOMPC_GELUSEGMENTS_H

#include "passes/NNToMPC/Lowering.h"

namespace secformer {

/// One published form.
struct SegmentedGelu {
  mlir::FailureOr<Secret> (*compute)(Emitter &emit, Secret x, double bound);
  double error; ///< largest, apart from rounding
};

/// (x/2)(1 + erf(x / sqrt 2)) with -1, seven sines of period 20 and 1 for erf:
/// SecFormer (arXiv 2401.00793v2), section 3.2.
extern const SegmentedGelu geluBySines;

/// 0, a polynomial of degree 6 on each side of 0, and x, as in the first
/// version of SecFormer; ours is a minimax fit.
extern const SegmentedGelu geluByPolynomials;

/// 0, a cubic, a polynomial of degree 6, and x: Dong et al., PUMA (arXiv
/// 2307.12533), section 3.1. Off by the most just above 3.
extern const SegmentedGelu geluOfPuma;

/// Is this an activation that the forms above compute?
bool isGelu(mlir::Operation *op);
/// Binds the result of a GELU to what one of them makes of its operand.
mlir::LogicalResult lowerGelu(nn::UnaryOp op, Lowering &state,
                              const SegmentedGelu &form);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_GELUSEGMENTS_H
