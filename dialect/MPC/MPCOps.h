//===- MPCOps.h - the mpc dialect in C++ ----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCOPS_H
#define SECFORMER_DIALECT_MPC_MPCOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace secformer::mpc {

/// What one execution of an operation costs. Bytes are whole: every tensor is
/// packed on its own.
struct Cost {
  int64_t bytesToParty0 = 0; ///< sent by party 1
  int64_t bytesToParty1 = 0; ///< sent by party 0
  int64_t dealerBytes = 0;   ///< corrections from the dealer to party 1

  bool communicates() const { return bytesToParty0 || bytesToParty1; }
  Cost &operator+=(const Cost &other) {
    bytesToParty0 += other.bytesToParty0;
    bytesToParty1 += other.bytesToParty1;
    dealerBytes += other.dealerBytes;
    return *this;
  }
};

/// Ring of the first wire among the results: what element-wise operations need
/// of their operands.
unsigned ringOfResults(mlir::Operation *op);

/// Bits of the smallest ring that holds every |v| <= bound at a scale as a
/// signed number.
unsigned signedBits(double bound, unsigned scale);

/// Is the operation one that sends messages (and so belongs into a round)?
bool isMessage(mlir::Operation *op);

/// The name that a location carries (the model's operation it comes from), of a
/// fused location the first; "" without one.
llvm::StringRef sourceName(mlir::Location location);

/// Of a public tensor or local numbers: the shape, and the party that the value
/// is local to (nothing: public).
llvm::ArrayRef<int64_t> plainShape(mlir::Value value);
std::optional<unsigned> plainOwner(mlir::Value value);

} // namespace secformer::mpc

#include "dialect/MPC/MPCDialect.h.inc"
#include "dialect/MPC/MPCEnums.h.inc"
#include "dialect/MPC/MPCOpInterfaces.h.inc"
#include "dialect/MPC/MPCTypeInterfaces.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/MPC/MPCTypes.h.inc"

#define GET_OP_CLASSES
#include "dialect/MPC/MPCOps.h.inc"

namespace secformer::mpc {

/// What truncating values up to \p bound inside an opening of a ring risks: the
/// probability that one fails or, with short masks, the statistical distance
/// of what is opened for two inputs; at most.
double openingChance(SharedType type, double bound, unsigned ring,
                     bool statistical);

} // namespace secformer::mpc

#endif // SECFORMER_DIALECT_MPC_MPCOPS_H
