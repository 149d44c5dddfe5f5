//===- MPCOpBase.td - what all operations share -*- tablegen -*------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCOPBASE
#define SECFORMER_DIALECT_MPC_MPCOPBASE

include "dialect/MPC/MPCTypes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MPC_SharedOrMasked
    : AnyTypeOf<[MPC_SharedType, MPC_MaskedType], "shared or masked wire">;
def MPC_Public
    : RankedTensorOf<[F32], [HasStaticShapePred], "static public f32 tensor">;

/// In the clear, for both parties or for one.
def MPC_Plain : AnyTypeOf<[MPC_Public, MPC_LocalType],
                          "public tensor or local numbers">;
def MPC_OwnedOrLocal : AnyTypeOf<[MPC_OwnedType, MPC_LocalType],
                                 "owned wire or local numbers">;

class MPC_Op<string mnemonic, list<Trait> traits = []>
    : Op<MPC_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Groups of operations by what they do to formats
//===----------------------------------------------------------------------===//

def MPC_Cost : DeclareOpInterfaceMethods<MPC_CostInterface, ["getCost"]>;
def MPC_CostAndRing : DeclareOpInterfaceMethods<
    MPC_CostInterface, ["getCost", "getOperandRing"]>;
def MPC_FullCost : DeclareOpInterfaceMethods<
    MPC_CostInterface, ["getCost", "getOperandRing", "getErrorBound"]>;

/// Sends nothing; draws nothing.
class MPC_LocalOp<string mnemonic, list<Trait> traits = []>
    : MPC_Op<mnemonic, !listconcat([Pure, MPC_Cost], traits)>;

/// Linear and local, on shares and masked wires alike, format unchanged.
class MPC_LinearOp<string mnemonic, list<Trait> traits = []>
    : MPC_LocalOp<mnemonic, traits> {
  let hasVerifier = 1;
}

/// A one-operand rearrangement of elements.
class MPC_ShapeOp<string mnemonic, dag attributes>
    : MPC_LinearOp<mnemonic> {
  let arguments = !con((ins MPC_SharedOrMasked:$input), attributes);
  let results = (outs MPC_SharedOrMasked:$result);
}

/// Draws dealer words; local for the parties. Wider operands are reduced to the
/// ring of the result.
class MPC_ProductOp<string mnemonic, Trait cost = MPC_Cost>
    : MPC_Op<mnemonic, [cost]> {
  let hasVerifier = 1;
}

/// Sends messages: belongs into a round.
class MPC_MessageOp<string mnemonic, list<Trait> traits>
    : MPC_Op<mnemonic, traits> {
  let hasVerifier = 1;
}

#endif // SECFORMER_DIALECT_MPC_MPCOPBASE
