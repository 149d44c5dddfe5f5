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
  /// In files of shares: from client or provider to the parties, and from each
  /// party to the client.
  int64_t outsideToParty0 = 0, outsideToParty1 = 0, toOutside = 0;

  bool communicates() const { return bytesToParty0 || bytesToParty1; }
  bool usesFiles() const {
    return outsideToParty0 || outsideToParty1 || toOutside;
  }
  Cost &operator+=(const Cost &other) {
    bytesToParty0 += other.bytesToParty0;
    bytesToParty1 += other.bytesToParty1;
    dealerBytes += other.dealerBytes;
    outsideToParty0 += other.outsideToParty0;
    outsideToParty1 += other.outsideToParty1;
    toOutside += other.toOutside;
    return *this;
  }
};

/// Who brings values and takes results. The parties compute; the client (of
/// inputs) and the provider (of weights) are outside and share with both.
enum Owner : unsigned { kParty0, kParty1, kClient, kProvider };

inline bool isOutside(unsigned owner) { return owner >= kClient; }

/// "party0", "party1", "client", "provider", and back.
llvm::StringRef ownerName(unsigned owner);
std::optional<unsigned> ownerNamed(llvm::StringRef name);

/// Who gets the results of the program that \p op is in: the attribute
/// kResultsTo of an operation around it, party 1 without one.
inline constexpr llvm::StringLiteral kResultsTo = "mpc.results_to";
unsigned resultsOwner(mlir::Operation *op);
/// An error unless a party or the client may own an input.
llvm::LogicalResult verifyOwnerOfInput(mlir::Operation *op, unsigned owner);

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

/// Of a public tensor or local numbers: the shape, and the owner that the value
/// is local to (nothing: public).
llvm::ArrayRef<int64_t> plainShape(mlir::Value value);
std::optional<unsigned> plainOwner(mlir::Value value);

} // namespace secformer::mpc

namespace secformer::mpc {
/// The directive `custom<Owner>` of formats: a party's number or a name.
mlir::ParseResult parseOwner(mlir::OpAsmParser &parser,
                             mlir::IntegerAttr &owner);
void printOwner(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                mlir::IntegerAttr owner);
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
