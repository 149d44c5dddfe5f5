//===- Kernels.h - operations on arrays of ring words ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The array functions behind the roles' operations: results are new arrays,
// reduced modulo 2^ring.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_KERNELS_H
#define SECFORMER_RUNTIME_KERNELS_H

#include "runtime/Array.h"
#include "runtime/Gemm.h"
#include "runtime/ShapeMath.h"
#include "runtime/Stored.h"

#include <functional>
#include <string>

namespace secformer::runtime::kernels {

enum class Binary : uint8_t { Add, Sub, Mul };

/// Element-wise with numpy broadcasting to \p shape.
Array binary(Binary op, const Array &a, const Shape &aShape, const Array &b,
             const Shape &bShape, const Shape &shape, unsigned ring);
/// The same for arrays of one shape.
Array binary(Binary op, const Array &a, const Array &b, unsigned ring);
/// The same into \p out, which may be one of the two, in the caller's thread.
void binaryTo(Binary op, std::span<uint64_t> out, const uint64_t *a,
              const uint64_t *b, unsigned ring);
/// c += or -= a * b element-wise, broadcasting to c's \p shape.
void multiplyInto(Array &c, const Array &a, const Shape &aShape, const Array &b,
                  const Shape &bShape, const Shape &shape, unsigned ring,
                  Sign sign);
/// c += or -= a b, a batched matrix product.
void matmulInto(Array &c, const Factor &a, const Factor &b,
                const MatmulPlan &plan, unsigned ring, Sign sign);

/// One of the two above for given shapes and ring: c += or -= a * b.
using Bilinear =
    std::function<void(Array &c, const Factor &a, const Factor &b, Sign)>;

/// a * factor + term.
Array affine(const Array &a, uint64_t factor, uint64_t term, unsigned ring);
Array reduced(const Array &a, unsigned ring);
/// floor(a / 2^shift) of residues (not of signed values).
Array shiftRight(const Array &a, unsigned shift, unsigned ring);
/// ceil(a / 2^shift) of residues.
Array shiftRightUp(const Array &a, unsigned shift, unsigned ring);
/// floor(a / 2^shift) of int64 values.
Array shiftRightSigned(const Array &a, unsigned shift);
/// Sums of consecutive rows of \p length.
Array sumRows(const Array &a, size_t length, unsigned ring);

/// The elements at offset + index . strides for every index of \p shape:
/// transposition, slicing and broadcasting.
Array gather(const Array &a, const Shape &shape, const Shape &strides,
             size_t offset = 0);

/// The array of shape \p from, broadcast to \p to.
Array spread(const Array &a, const Shape &from, const Shape &to);

/// round(v * 2^scale) modulo 2^ring of the doubles in \p values (as bits);
/// throws Error if one is not finite or does not fit 63 bits.
Array encodePublic(const Array &values, unsigned scale, unsigned ring);

/// IEEE arithmetic on doubles held as bits.
Array plainBinary(PlainOp op, const Array &a, const Shape &aShape,
                  const Array &b, const Shape &bShape, const Shape &shape);
Array plainUnary(PlainOp op, const Array &a);
/// Along consecutive rows of \p length: SumLast, MaxLast, CumsumLast.
Array plainRows(PlainOp op, const Array &a, size_t length);
Array plainSelect(const Array &condition, const Shape &conditionShape,
                  const Array &a, const Shape &aShape, const Array &b,
                  const Shape &bShape, const Shape &shape);
/// Indices count from the end where negative; throws Error, which starts with
/// \p place and does not tell the value, at one that is out of range.
Array plainOneHot(const Array &ids, size_t depth, const std::string &place);
Array plainGather(const Array &table, size_t rows, const Array &ids,
                  const std::string &place);

} // namespace secformer::runtime::kernels

#endif // SECFORMER_RUNTIME_KERNELS_H
