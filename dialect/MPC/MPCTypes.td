//===- MPCTypes.td - types that carry the protocol state -*- tablegen -*---===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCTYPES
#define SECFORMER_DIALECT_MPC_MPCTYPES

include "dialect/MPC/MPCDialect.td"
include "dialect/MPC/MPCInterfaces.td"
include "mlir/IR/AttrTypeBase.td"

class MPC_Type<string name, string typeMnemonic>
    : TypeDef<MPC_Dialect, name,
              [DeclareTypeInterfaceMethods<MPC_WireTypeInterface>]> {
  let mnemonic = typeMnemonic;
  let genVerifyDecl = 1;
  let hasCustomAssemblyFormat = 1;
}

def MPC_SharedType : MPC_Type<"Shared", "shared"> {
  let summary = "additive shares: x = x0 + x1 mod 2^ring";
  let description = [{
    `!mpc.shared<1x128x768, scale 24, ring 48>`: each party holds a uniformly
    distributed array; their sum is the value.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "unsigned":$scale,
                        "unsigned":$ring);
}

def MPC_MaskedType : MPC_Type<"Masked", "masked"> {
  let summary = "opened under a fresh mask: x + delta is public to the parties";
  let description = [{
    `!mpc.masked<1x128x768, scale 12, ring 31>`: both parties hold
    Delta = x + delta mod 2^ring and one share each of the mask delta; the
    dealer knows delta and nothing else.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "unsigned":$scale,
                        "unsigned":$ring);
}

def MPC_OwnedType : MPC_Type<"Owned", "owned"> {
  let summary = "known to one owner";
  let description = [{
    `!mpc.owned<768x768, scale 12, ring 31, by 0>`: party 0 knows the value
    (a weight of the model), the other party and the dealer know nothing. Of a
    value `by client` (inputs, results) or `by provider` (weights) neither party
    knows anything.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "unsigned":$scale,
                        "unsigned":$ring, "unsigned":$owner);
}

def MPC_LocalType : TypeDef<MPC_Dialect, "Local"> {
  let mnemonic = "local";
  let summary = "real numbers that one owner knows and computes with itself";
  let description = [{
    `!mpc.local<1x128, by 1>`: float64 numbers in the clear at party 1 (its token
    ids, say); the other party and the dealer know nothing. With `by client` the
    client computes before it shares. `mpc.encode` makes an owned wire of it.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "unsigned":$owner);
  let genVerifyDecl = 1;
  let hasCustomAssemblyFormat = 1;
}

def MPC_DecidedType : TypeDef<MPC_Dialect, "Decided"> {
  let summary = "opened under fresh masks: bits that decide comparisons";
  let description = [{
    `!mpc.decided<1x128x768, chunks 2, thresholds 1>`: per element and threshold
    both parties hold 2 * chunks - 1 bits, each XOR a mask bit that the dealer
    knows.
  }];
  let mnemonic = "decided";
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "unsigned":$chunks,
                        "unsigned":$thresholds);
  let genVerifyDecl = 1;
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    int64_t getNumElements() const;
    /// Bits opened for one element and threshold.
    unsigned getBits() const { return 2 * getChunks() - 1; }
    /// Values that the opened bits but one may have: a word is dealt for each.
    int64_t getCases() const { return int64_t(1) << (getBits() - 1); }
  }];
}

#endif // SECFORMER_DIALECT_MPC_MPCTYPES
