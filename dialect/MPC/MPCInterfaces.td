//===- MPCInterfaces.td - what a wire is and what an op costs -*- tablegen -*-//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCINTERFACES
#define SECFORMER_DIALECT_MPC_MPCINTERFACES

include "mlir/IR/OpBase.td"

def MPC_WireTypeInterface : TypeInterface<"WireTypeInterface"> {
  let cppNamespace = "::secformer::mpc";
  let description = [{A fixed-point tensor in the ring of integers mod 2^ring.}];
  let methods = [
    InterfaceMethod<"Extents.", "::llvm::ArrayRef<int64_t>", "getShape">,
    InterfaceMethod<"Fraction bits.", "unsigned", "getScale">,
    InterfaceMethod<"Ring bits k.", "unsigned", "getRing">,
    InterfaceMethod<"The same kind of wire with other extents.",
                    "::mlir::Type", "withShape",
                    (ins "::llvm::ArrayRef<int64_t>":$shape)>,
    InterfaceMethod<"The same kind of wire in another format.",
                    "::mlir::Type", "withFormat",
                    (ins "unsigned":$scale, "unsigned":$ring)>,
    InterfaceMethod<"Number of elements.", "int64_t", "getNumElements", (ins),
                    "", [{
      int64_t count = 1;
      for (int64_t extent : $_type.getShape())
        count *= extent;
      return count;
    }]>,
  ];
}

def MPC_CostInterface : OpInterface<"CostInterface"> {
  let cppNamespace = "::secformer::mpc";
  let description = [{
    What one execution of an operation sends. The scheduler, the cost report
    and the tests read it; there is no second table.
  }];
  let methods = [
    InterfaceMethod<[{Messages and correlated randomness of the op; an op with
      messages belongs into a round.}],
      "::secformer::mpc::Cost", "getCost">,
    InterfaceMethod<[{Bits of the ring that an operand must have for the result
      to be right in the ring of its type (the backward step of ring
      planning). Called with wire operands only.}],
      "unsigned", "getOperandRing", (ins "unsigned":$operand), "", [{
        return ::secformer::mpc::ringOfResults($_op);
      }]>,
    InterfaceMethod<[{Largest absolute error that the op adds to its first
      result, in real units.}],
      "double", "getErrorBound", (ins), "", [{ return 0.0; }]>,
    InterfaceMethod<[{Probability, at most, that the op gives something else
      than its error bound allows.}],
      "double", "getFailureBound", (ins), "", [{ return 0.0; }]>,
    InterfaceMethod<[{Statistical distance, at most, of what the op opens for
      any two values of its operands; 0: it tells nothing.}],
      "double", "getHidingBound", (ins), "", [{ return 0.0; }]>,
  ];
}

#endif // SECFORMER_DIALECT_MPC_MPCINTERFACES
