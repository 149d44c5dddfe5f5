//===- MPCVerify.h - checks that several operations share -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCVERIFY_H
#define SECFORMER_DIALECT_MPC_MPCVERIFY_H

#include "dialect/MPC/MPCOps.h"

namespace secformer::mpc {

inline WireTypeInterface wire(mlir::Value value) {
  return llvm::cast<WireTypeInterface>(value.getType());
}

/// Same scale and ring in `a` and `b`.
llvm::LogicalResult verifySameFormat(mlir::Operation *op, mlir::Value a,
                                     mlir::Value b);
/// Shared stays shared and masked stays masked.
llvm::LogicalResult verifySameKind(mlir::Operation *op, mlir::Value a,
                                   mlir::Value b);
/// All of one kind and format.
llvm::LogicalResult verifyLinear(mlir::Operation *op, mlir::ValueRange operands,
                                 mlir::Value result);
llvm::LogicalResult verifyShape(mlir::Operation *op,
                                llvm::ArrayRef<int64_t> expected,
                                mlir::Value result);
llvm::LogicalResult verifySameShape(mlir::Operation *op, mlir::Value a,
                                    mlir::Value b);
/// The result has the shape that the operands broadcast to.
llvm::LogicalResult
verifyBroadcast(mlir::Operation *op,
                llvm::ArrayRef<llvm::ArrayRef<int64_t>> operands,
                mlir::Value result);
/// The shape of a matrix product, batch axes broadcasting.
llvm::LogicalResult verifyMatmulShape(mlir::Operation *op,
                                      llvm::ArrayRef<int64_t> a,
                                      llvm::ArrayRef<int64_t> b,
                                      mlir::Value result);
/// The scale of a product is the sum of the scales; operands may be wider than
/// the ring of the result, never narrower but for a factor with a bound.
llvm::LogicalResult verifyProduct(mlir::Operation *op,
                                  mlir::ValueRange operands,
                                  mlir::Value result);

} // namespace secformer::mpc

#endif // SECFORMER_DIALECT_MPC_MPCVERIFY_H
