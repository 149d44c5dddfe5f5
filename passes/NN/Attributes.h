//===- Attributes.h - what the nn passes write into the IR ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Names of the attributes that annotate an nn module.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_ATTRIBUTES_H
#define SECFORMER_PASSES_NN_ATTRIBUTES_H

#include "llvm/ADT/StringRef.h"

namespace secformer::nn {

/// On arguments, nn.param and nn.weight: everybody may know the value.
inline constexpr llvm::StringLiteral publicAttr = "nn.public";
/// On results of a function: everybody will know the value.
inline constexpr llvm::StringLiteral publicResultAttr = "nn.public_result";
/// On results with nn.public_result: a secret may be made public here.
inline constexpr llvm::StringLiteral declassifyAttr = "nn.declassify";
/// On operations: who may know the result (Secrecy.h).
inline constexpr llvm::StringLiteral secrecyAttr = "nn.secrecy";

/// Ranges are array<f64: low, high> in real units. On operations and arguments:
/// of the value.
inline constexpr llvm::StringLiteral rangeAttr = "nn.range";
/// On nn.softmax: of scale * (x - mean of x), over unmasked positions.
inline constexpr llvm::StringLiteral centeredRangeAttr = "nn.centered_range";
/// On nn.softmax: of the mean of exp(centered), over unmasked positions.
inline constexpr llvm::StringLiteral meanNumeratorRangeAttr =
    "nn.mean_numerator_range";
/// On nn.layer_norm: of the variance (with `rms` the mean square) without eps.
inline constexpr llvm::StringLiteral varianceRangeAttr = "nn.variance_range";

/// On operations: the name of the suite that lowers it, instead of the
/// program's.
inline constexpr llvm::StringLiteral protocolAttr = "nn.protocol";

} // namespace secformer::nn

#endif // SECFORMER_PASSES_NN_ATTRIBUTES_H
