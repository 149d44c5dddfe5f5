//===- MPCDialect.td - the dialect of computing on secrets -*- tablegen -*-===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCDIALECT
#define SECFORMER_DIALECT_MPC_MPCDIALECT

include "mlir/IR/DialectBase.td"

def MPC_Dialect : Dialect {
  let name = "mpc";
  let cppNamespace = "::secformer::mpc";
  let summary = "Fixed-point arithmetic on secret shares of two parties.";
  let description = [{
    The program that party 0 and party 1 run on secret-shared data, with a
    dealer handing out correlated randomness. The types carry the protocol
    state of a value, and only a few operations change it:

    | type | who holds what | how it is made |
    |---|---|---|
    | `tensor<...>` | public, known to both parties | `mpc.constant`, `mpc.public_input`, `mpc.plain` |
    | `!mpc.owned<..., by p>` | p knows the value: party 0 or 1 or, outside of them, the client or the provider of the weights | `mpc.param`, `mpc.input`, `mpc.reveal` |
    | `!mpc.shared<...>` | x = x0 + x1 mod 2^ring | products, `mpc.truncate`, `mpc.share`, ... |
    | `!mpc.masked<...>` | x + delta is public, delta is known to the dealer only and shared between the parties | `mpc.open`, `mpc.truncate_open`, `mpc.mask` |
    | `!mpc.decided<...>` | bits of comparisons, opened under fresh mask bits that the dealer knows | `mpc.compare` |

    `mpc.open`, `mpc.truncate_open` and `mpc.mask` are the only ways to a masked
    value and draw a fresh mask each, so every mask is used for one opening. Products
    take masked operands and give shared results; linear operations take and
    give either kind. All communication happens inside `mpc.setup` and
    `mpc.round` once the program is scheduled. What comes from the client or the
    provider enters by `mpc.share`, and results go to one owner: party 1, or whom
    the attribute `mpc.results_to` of the function names.

    Every type says its scale (fraction bits: the real value v is the integer
    round(v * 2^scale)) and its ring (bits k: arithmetic is modulo 2^k).
  }];
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    void registerTypes();
  }];
}

#endif // SECFORMER_DIALECT_MPC_MPCDIALECT
