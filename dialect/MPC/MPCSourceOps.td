//===- MPCSourceOps.td - sources and results -*- tablegen -*---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCSOURCEOPS
#define SECFORMER_DIALECT_MPC_MPCSOURCEOPS

include "dialect/MPC/MPCOpBase.td"

def MPC_ParamOp : MPC_LocalOp<"param"> {
  let summary = "a weight of the model, owned by party 0 or the provider";
  let description = [{
    Names a float32 slice of the weight file by its byte offset; its owner encodes
    it as round(v * 2^scale) mod 2^ring.
    ```mlir
    %w = mpc.param "layer.0.query" at 4096 : !mpc.owned<128x128, scale 12, ring 31, by 0>
    ```
  }];
  let arguments = (ins StrAttr:$name, I64Attr:$offset);
  let results = (outs MPC_OwnedType:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$name `at` $offset attr-dict `:` type($result)";
}

def MPC_InputOp : MPC_LocalOp<"input"> {
  let summary = "an input of the model, owned by a party or the client";
  let description = [{
    `range` is what the program was compiled for; the owner refuses an input
    outside it. The result is an owned wire, or local numbers where the owner
    computes with them first.
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$dtype, F64Attr:$low, F64Attr:$high);
  let results = (outs MPC_OwnedOrLocal:$result);
  let extraClassDeclaration = [{
    unsigned getOwner();
    ::llvm::ArrayRef<int64_t> getShape();
  }];
  let hasVerifier = 1;
  let assemblyFormat = [{
    $name `dtype` $dtype `range` `[` $low `,` $high `]` attr-dict `:` type($result)
  }];
}

def MPC_PublicParamOp : MPC_LocalOp<"public_param"> {
  let summary = "a weight declared public: both parties have it in a file";
  let arguments = (ins StrAttr:$name, I64Attr:$offset);
  let results = (outs MPC_Public:$result);
  let assemblyFormat = "$name `at` $offset attr-dict `:` type($result)";
}

def MPC_EncodeOp : MPC_LocalOp<"encode"> {
  let summary = "numbers in the clear as a fixed-point wire of an owner";
  let description = [{
    Local numbers become a wire of the owner that knows them; public ones of
    any.
  }];
  let arguments = (ins MPC_Plain:$input);
  let results = (outs MPC_OwnedType:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_PublicInputOp : MPC_MessageOp<"public_input", [MPC_Cost]> {
  let summary = "an input declared public: its owner sends it in the clear";
  let description = [{
    With `low` and `high` (a mask: 0 and 1) the owner refuses other values. The
    client's stands in its files of shares: then no message is sent.
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$dtype, I32Attr:$owner,
                       OptionalAttr<F64Attr>:$low, OptionalAttr<F64Attr>:$high);
  let results = (outs MPC_Public:$result);
  let assemblyFormat = "$name `dtype` $dtype `by` custom<Owner>($owner) attr-dict `:` type($result)";
}

def MPC_ConstantOp
    : MPC_LocalOp<"constant", [AllTypesMatch<["value", "result"]>]> {
  let summary = "a public constant tensor";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs MPC_Public:$result);
  let assemblyFormat = "$value attr-dict";
}

def MPC_PlainKind : I32EnumAttr<"PlainKind", "arithmetic in the clear", [
    I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Sub", 1, "sub">,
    I32EnumAttrCase<"Mul", 2, "mul">, I32EnumAttrCase<"Div", 3, "div">,
    I32EnumAttrCase<"Max", 4, "max">, I32EnumAttrCase<"Min", 5, "min">,
    I32EnumAttrCase<"Equal", 6, "equal">, I32EnumAttrCase<"Less", 7, "less">,
    I32EnumAttrCase<"LessEqual", 8, "less_equal">,
    I32EnumAttrCase<"Select", 9, "select">,
    I32EnumAttrCase<"NotZero", 10, "not_zero">,
    I32EnumAttrCase<"Not", 11, "not">, I32EnumAttrCase<"Abs", 12, "abs">,
    I32EnumAttrCase<"Floor", 13, "floor">, I32EnumAttrCase<"Ceil", 14, "ceil">,
    I32EnumAttrCase<"Round", 15, "round">,
    I32EnumAttrCase<"Trunc", 16, "trunc">, I32EnumAttrCase<"Sqrt", 17, "sqrt">,
    I32EnumAttrCase<"SumLast", 18, "sum_last">,
    I32EnumAttrCase<"MaxLast", 19, "max_last">,
    I32EnumAttrCase<"CumsumLast", 20, "cumsum_last">,
    I32EnumAttrCase<"OneHot", 21, "one_hot">,
    I32EnumAttrCase<"Gather", 22, "gather">,
    I32EnumAttrCase<"Reshape", 23, "reshape">,
    I32EnumAttrCase<"Broadcast", 24, "broadcast">,
    I32EnumAttrCase<"Transpose", 25, "transpose">,
    I32EnumAttrCase<"Slice", 26, "slice">,
    I32EnumAttrCase<"Concat", 27, "concat">]> {
  let cppNamespace = "::secformer::mpc";
}

def MPC_PlainOp : MPC_LocalOp<"plain"> {
  let summary = "arithmetic on public tensors or local numbers, in the clear";
  let description = [{
    On public tensors both parties compute it, in IEEE operations only, so that
    they get the same bits; the dealer does not have the values of a run. With an
    operand that is local to an owner the result is local to it, too.

    `equal` to `cumsum_last` give or take 1 for true and 0 for false; `*_last` go
    along the last axis, which stays with extent 1 (but for the running sum);
    `one_hot` adds a last axis; `gather` takes rows of its first operand by the
    second. Both count negative indices from the end and stop the run at others
    that are out of range. `params`: the permutation of `transpose`, starts and
    steps of `slice`, the axis of `concat`.
  }];
  let arguments = (ins MPC_PlainKind:$kind, Variadic<MPC_Plain>:$operands,
                       OptionalAttr<DenseI64ArrayAttr>:$params);
  let results = (outs MPC_Plain:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $kind $operands (`params` $params^)? attr-dict `:` functional-type($operands, $result)
  }];
}

def MPC_RevealOp : MPC_MessageOp<"reveal", [MPC_CostAndRing]> {
  let summary = "give a shared value to the owner of the results";
  let description = [{
    The other party sends its share; the client gets one of each party, in files.
    `bound` is the largest absolute real value that the range analysis allows.
  }];
  let arguments = (ins MPC_SharedType:$input, F64Attr:$bound);
  let results = (outs MPC_OwnedType:$result);
  let assemblyFormat = [{
    $input `bound` $bound attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_OutputOp : MPC_Op<"output", [MPC_Cost]> {
  let summary = "a result of the model, decoded by its owner";
  let description = [{
    `error`, where it is known, is how far the result may be from the
    model's in float32, on inputs like the calibration samples. Integers and
    bool (`dtype`) are rounded to the nearest.
  }];
  let arguments = (ins StrAttr:$name, MPC_OwnedType:$input,
                       OptionalAttr<F64Attr>:$error,
                       DefaultValuedStrAttr<StrAttr, "float32">:$dtype);
  let hasVerifier = 1;
  let assemblyFormat = "$name $input attr-dict `:` type($input)";
}

#endif // SECFORMER_DIALECT_MPC_MPCSOURCEOPS
