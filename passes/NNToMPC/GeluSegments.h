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

/// How far the forms below may be from GELU, apart from rounding.
inline constexpr double kSinesError = 0.0195, kPolynomialsError = 8.2e-4,
                        kPumaError = 0.02;

/// (x/2)(1 + erf(x / sqrt 2)) with -1, seven sines of period 20 and 1 for erf:
/// SecFormer (arXiv 2401.00793v2), section 3.2. Off by kSinesError at most.
mlir::FailureOr<Secret> geluBySines(Emitter &emit, Secret x, double bound);

/// 0, a polynomial of degree 6 on each side of 0, and x, as in the first
/// version of SecFormer; ours is a minimax fit, off by
/// kPolynomialsError at most.
mlir::FailureOr<Secret> geluByPolynomials(Emitter &emit, Secret x,
                                          double bound);

/// 0, a cubic, a polynomial of degree 6, and x: Dong et al., PUMA (arXiv
/// 2307.12533), section 3.1. Off by kPumaError at most, just
/// above 3.
mlir::FailureOr<Secret> geluOfPuma(Emitter &emit, Secret x, double bound);

/// Is this an activation that the functions above compute?
inline bool isGelu(mlir::Operation *op) {
  auto unary = llvm::dyn_cast<nn::UnaryOp>(op);
  return unary && (unary.getKind() == nn::UnaryKind::Gelu ||
                   unary.getKind() == nn::UnaryKind::GeluTanh);
}
/// Binds the result of a GELU to what one of them makes of its operand.
mlir::LogicalResult
lowerGelu(nn::UnaryOp op, Lowering &state,
          llvm::function_ref<mlir::FailureOr<Secret>(Emitter &, Secret, double)>
              form);

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_GELUSEGMENTS_H
