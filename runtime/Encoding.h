//===- Encoding.h - real numbers as fixed point ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The real v is the integer round(v * 2^scale) modulo 2^ring.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_ENCODING_H
#define SECFORMER_RUNTIME_ENCODING_H

#include "runtime/Array.h"
#include "runtime/Tensor.h"

namespace secformer::runtime {

/// The numbers in the wire's type, reduced modulo 2^\p arrayRing. Throws Error
/// with \p what and the index (never the value) if one is not finite or does
/// not fit the wire's ring.
Array encode(const Tensor &tensor, const WireType &type, unsigned arrayRing,
             const std::string &what);
Array encode(std::span<const float> values, const WireType &type,
             unsigned arrayRing, const std::string &what);

/// Throws what encode throws, for numbers that are encoded later (Gemm.h).
void checkEncodable(std::span<const float> values, unsigned scale,
                    const std::string &what);

/// The inverse: signed residues of \p ring bits over 2^scale.
Tensor decode(const Array &value, const Shape &shape, unsigned scale,
              unsigned ring, DType dtype);

/// The tensor called \p name in \p inputs, of this shape; throws Error.
const Tensor &findInput(const TensorMap *inputs, const std::string &name,
                        const Shape &shape);
/// Numbers as float64 bits, for values in the clear.
Array toDoubles(std::span<const float> values);
Array toDoubles(const Tensor &tensor);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_ENCODING_H
