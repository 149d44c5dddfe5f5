//===- MPCLinearOps.td - linear operations on wires -*- tablegen -*--------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCLINEAROPS
#define SECFORMER_DIALECT_MPC_MPCLINEAROPS

include "dialect/MPC/MPCOpBase.td"

class MPC_BinaryLinearOp<string mnemonic> : MPC_LinearOp<mnemonic> {
  let arguments = (ins MPC_SharedOrMasked:$lhs, MPC_SharedOrMasked:$rhs);
  let results = (outs MPC_SharedOrMasked:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
}

def MPC_AddOp : MPC_BinaryLinearOp<"add"> {
  let summary = "element-wise sum, with broadcasting";
}
def MPC_SubOp : MPC_BinaryLinearOp<"sub"> {
  let summary = "element-wise difference, with broadcasting";
}

def MPC_ScaleByOp : MPC_ShapeOp<"scale_by", (ins I64Attr:$factor)> {
  let summary = "times a public integer";
  let assemblyFormat = [{
    $input `,` $factor attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_MulPublicOp : MPC_LocalOp<"mul_public"> {
  let summary = "times a public tensor, encoded with `fraction_bits` bits";
  let description = [{
    On shares only: the dealer does not know public values of a run. The scale
    of the result is the scale of the operand plus the fraction bits.
  }];
  let arguments = (ins MPC_SharedType:$input, MPC_Public:$factor,
                       I32Attr:$fraction_bits);
  let results = (outs MPC_SharedType:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `,` $factor `fraction_bits` $fraction_bits attr-dict `:`
    functional-type(operands, $result)
  }];
}

def MPC_MatmulPublicOp : MPC_LocalOp<"matmul_public"> {
  let summary = "batched matrix product of a share and a public tensor";
  let description = [{
    One operand is shared, the other public and encoded with `fraction_bits`
    bits, as for `mul_public`.
  }];
  let arguments = (ins AnyTypeOf<[MPC_SharedType, MPC_Public]>:$lhs,
                       AnyTypeOf<[MPC_SharedType, MPC_Public]>:$rhs,
                       I32Attr:$fraction_bits);
  let results = (outs MPC_SharedType:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $lhs `,` $rhs `fraction_bits` $fraction_bits attr-dict `:`
    functional-type(operands, $result)
  }];
}

def MPC_AddPublicOp : MPC_LinearOp<"add_public"> {
  let summary = "plus a public tensor, encoded at the operand's scale";
  let arguments = (ins MPC_SharedType:$input, MPC_Public:$term);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $input `,` $term attr-dict `:` functional-type(operands, $result)
  }];
}

def MPC_SumLastOp : MPC_ShapeOp<"sum_last", (ins)> {
  let summary = "sum over the last axis, which stays with extent 1";
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_ReshapeOp : MPC_ShapeOp<"reshape", (ins)> {
  let summary = "the same elements in another shape";
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_TransposeOp
    : MPC_ShapeOp<"transpose", (ins DenseI64ArrayAttr:$permutation)> {
  let summary = "permute the axes: result axis i is operand axis permutation[i]";
  let assemblyFormat = [{
    $input $permutation attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_BroadcastOp : MPC_ShapeOp<"broadcast", (ins)> {
  let summary = "repeat along axes of extent 1 and new leading axes";
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_SliceOp
    : MPC_ShapeOp<"slice", (ins DenseI64ArrayAttr:$starts,
                                DenseI64ArrayAttr:$strides)> {
  let summary = "a box of the operand; the result's shape gives the sizes";
  let description = [{
    Element i along an axis is element start + stride * i of the operand; a
    negative stride reads backwards.
  }];
  let assemblyFormat = [{
    $input `from` $starts `by` $strides attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_TakeOp : MPC_ShapeOp<"take", (ins DenseI64ArrayAttr:$indices,
                                          I64Attr:$axis)> {
  let summary = "slices of the operand along an axis, by public indices";
  let assemblyFormat = [{
    $input $indices `axis` $axis attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_PadOp : MPC_ShapeOp<"pad", (ins DenseI64ArrayAttr:$low,
                                        DenseI64ArrayAttr:$high)> {
  let summary = "zeros before and after the elements of every axis";
  let assemblyFormat = [{
    $input `low` $low `high` $high attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_ConcatOp : MPC_LinearOp<"concat"> {
  let summary = "put wires one after another along an axis";
  let arguments = (ins Variadic<MPC_SharedOrMasked>:$inputs, I64Attr:$axis);
  let results = (outs MPC_SharedOrMasked:$result);
  let assemblyFormat = [{
    $inputs `axis` $axis attr-dict `:` functional-type(operands, $result)
  }];
}

#endif // SECFORMER_DIALECT_MPC_MPCLINEAROPS
