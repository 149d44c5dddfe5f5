//===- MPCOps.td - operations on secrets -*- tablegen -*-------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCOPS
#define SECFORMER_DIALECT_MPC_MPCOPS

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
class MPC_ProductOp<string mnemonic>
    : MPC_Op<mnemonic, [MPC_Cost]> {
  let hasVerifier = 1;
}

/// Sends messages: belongs into a round.
class MPC_MessageOp<string mnemonic, list<Trait> traits>
    : MPC_Op<mnemonic, traits> {
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Sources and the result
//===----------------------------------------------------------------------===//

def MPC_ParamOp : MPC_LocalOp<"param"> {
  let summary = "a weight of the model, owned by party 0";
  let description = [{
    Names a float32 slice of the weight file by its byte offset; party 0 encodes
    it as round(v * 2^scale) mod 2^ring.
    ```mlir
    %w = mpc.param "layer.0.query" at 4096 : !mpc.owned<128x128, scale 12, ring 31, by 0>
    ```
  }];
  let arguments = (ins StrAttr:$name, I64Attr:$offset);
  let results = (outs MPC_OwnedType:$result);
  let assemblyFormat = "$name `at` $offset attr-dict `:` type($result)";
}

def MPC_InputOp : MPC_LocalOp<"input"> {
  let summary = "an input of the model, owned by one party";
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
    Local numbers become a wire of the party that knows them; public ones of
    either.
  }];
  let arguments = (ins MPC_Plain:$input);
  let results = (outs MPC_OwnedType:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_PublicInputOp : MPC_MessageOp<"public_input", [MPC_Cost]> {
  let summary = "an input declared public: its owner sends it in the clear";
  let description = [{
    With `low` and `high` (a mask: 0 and 1) the owner refuses other values.
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$dtype, I32Attr:$owner,
                       OptionalAttr<F64Attr>:$low, OptionalAttr<F64Attr>:$high);
  let results = (outs MPC_Public:$result);
  let assemblyFormat = "$name `dtype` $dtype `by` $owner attr-dict `:` type($result)";
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
    operand that is local to one party the result is local to it, too.

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
    $kind $operands ($params^)? attr-dict `:` functional-type($operands, $result)
  }];
}

def MPC_RevealOp : MPC_MessageOp<"reveal", [MPC_CostAndRing]> {
  let summary = "give a shared value to one party";
  let description = [{
    The other party sends its share. `bound` is the largest absolute real value
    that the range analysis allows.
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
    model's in float32, on inputs like the calibration samples.
  }];
  let arguments = (ins StrAttr:$name, MPC_OwnedType:$input,
                       OptionalAttr<F64Attr>:$error);
  let assemblyFormat = "$name $input attr-dict `:` type($input)";
}

//===----------------------------------------------------------------------===//
// Between the kinds of wires
//===----------------------------------------------------------------------===//

def MPC_ShareOp : MPC_LinearOp<"share"> {
  let summary = "use an owned value as a share: the other party's share is zero";
  let arguments = (ins MPC_OwnedType:$input);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_MaskOp : MPC_MessageOp<"mask", [MPC_Cost]> {
  let summary = "an owner opens its value under a fresh mask of its own";
  let description = [{
    The mask comes from the seed of the owner alone, so that the message is one
    way: the owner sends x + delta.
  }];
  let arguments = (ins MPC_OwnedType:$input);
  let results = (outs MPC_MaskedType:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_OpenOp : MPC_MessageOp<"open", [MPC_Cost]> {
  let summary = "open a shared value under a fresh mask";
  let description = [{
    Each party adds its share of the mask to its share of the value and sends
    the sum: ring bits per element each way.
  }];
  let arguments = (ins MPC_SharedType:$input);
  let results = (outs MPC_MaskedType:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_UnmaskOp : MPC_LinearOp<"unmask"> {
  let summary = "shares of a masked value, without communication";
  let arguments = (ins MPC_MaskedType:$input);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Formats: scale and ring
//===----------------------------------------------------------------------===//

def MPC_TruncateOp : MPC_MessageOp<"truncate", [MPC_FullCost]> {
  let summary = "divide by a power of two, exactly, and enter any ring";
  let description = [{
    Known-sign truncation: the value is offset to be non-negative, then the
    carry of the two shares is the OR of their top bits, one product of two
    private bits (one bit each way). The carry is shared in the ring of the
    result, so the result may live in a smaller or a larger ring. Off by at
    most one unit of the result's scale. `bound` is the largest absolute real
    value; bound * 2^scale must stay below 2^(ring-2).
  }];
  let arguments = (ins MPC_SharedType:$input, F64Attr:$bound);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $input `bound` $bound attr-dict `:` type($input) `->` type($result)
  }];
}

def MPC_NarrowOp : MPC_Op<"narrow", [Pure, MPC_FullCost]> {
  let summary = "divide by a power of two into a ring that is as much smaller";
  let description = [{
    Each party shifts its share; the wrap of the shares vanishes modulo the
    smaller ring. Never fails, sends nothing; off by at most one unit.
  }];
  let arguments = (ins MPC_SharedType:$input);
  let results = (outs MPC_SharedType:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_ReduceOp : MPC_Op<"reduce", [Pure, MPC_CostAndRing]> {
  let summary = "drop high bits of a wire: go to a smaller ring, free";
  let arguments = (ins MPC_SharedOrMasked:$input);
  let results = (outs MPC_SharedOrMasked:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_RelabelOp : MPC_LocalOp<"relabel"> {
  let summary = "read the same integers at another scale: times a power of two, free";
  let arguments = (ins MPC_SharedOrMasked:$input);
  let results = (outs MPC_SharedOrMasked:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Linear operations
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Products and functions
//===----------------------------------------------------------------------===//

def MPC_MatmulOp : MPC_ProductOp<"matmul"> {
  let summary = "batched matrix product of two masked wires";
  let description = [{
    From Delta and the shares of the masks, with one dealer word (the product
    of the masks) per element of the result. Batch axes broadcast as in numpy.
  }];
  let arguments = (ins MPC_MaskedType:$lhs, MPC_MaskedType:$rhs);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
}

def MPC_MulOp : MPC_ProductOp<"mul"> {
  let summary = "element-wise product of masked wires, with broadcasting";
  let arguments = (ins MPC_MaskedType:$lhs, MPC_MaskedType:$rhs);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
}

def MPC_Mul3Op : MPC_ProductOp<"mul3"> {
  let summary = "element-wise product of three masked wires, with broadcasting";
  let description = [{
    Four dealer words per element of the result: the products of the masks two
    by two and of all three.
  }];
  let arguments = (ins MPC_MaskedType:$a, MPC_MaskedType:$b, MPC_MaskedType:$c);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $a `,` $b `,` $c attr-dict `:` functional-type(operands, $result)
  }];
}

def MPC_FitOp : MPC_Op<"fit", [Symbol]> {
  let summary = "a smooth function as a Fourier series of power-of-two period";
  let description = [{
    `value = constant + sum_j cosine[j] cos(j w x) + sine[j] sin(j w x)` with
    w = 2 pi / 2^input_ring in units of the input. Coefficients are integers
    with `coefficient_bits` fraction bits. Public factors are rounded to
    `factor_bits`, dealt cosines to `dealt_bits`. On [low, high] the result
    differs from the function named `formula` by at most `error`, a bound
    certified over every representable input and every mask. One value in 10^4
    may differ by more than `typical_error`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$formula,
      F64Attr:$low, F64Attr:$high, F64Attr:$error, BoolAttr:$relative,
      I32Attr:$input_scale, I32Attr:$input_ring, I32Attr:$factor_bits,
      I32Attr:$dealt_bits, I32Attr:$coefficient_bits, I64Attr:$constant,
      DenseI64ArrayAttr:$cosine, DenseI64ArrayAttr:$sine,
      OptionalAttr<F64Attr>:$typical_error);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $sym_name $formula `on` `[` $low `,` $high `]` `error` $error attr-dict-with-keyword
  }];
  let extraClassDeclaration = [{
    unsigned getHarmonics() { return getCosine().size(); }
    unsigned getResultScale() { return getFactorBits() + getDealtBits(); }
  }];
}

def MPC_UnivariateOp : MPC_Op<"univariate", [MPC_FullCost,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "apply a fitted function to a masked wire, locally";
  let description = [{
    Section 2.3 of SecFormer splits sin(x) = sin(Delta - delta) into public and
    dealt factors; here the whole function is one such series, its period a
    power of two so that reduction modulo the period drops high bits and the
    opened value stays perfectly masked. 2 * harmonics dealer words per element.
  }];
  let arguments = (ins FlatSymbolRefAttr:$fit, MPC_MaskedType:$input);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $fit $input attr-dict `:` type($input) `->` type($result)
  }];
  let extraClassDeclaration = [{
    /// The fit that the symbol names.
    FitOp lookupFit();
  }];
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

def MPC_CompareOp : MPC_MessageOp<"compare", [MPC_CostAndRing]> {
  let summary = "compare a masked wire with public thresholds";
  let description = [{
    Is x >= threshold? Thresholds are integers in units of the wire. The lowest
    `drop` bits are not compared: the answer is right where x is at least
    2^(drop-1) units from the threshold (with `drop` 0: everywhere) and may be
    either closer to it. The bits above are compared in chunks, given from the
    top; x must be within 2^(bits + drop - 1) - 2^(drop-1) of each threshold.
    The dealer deals 2^b bits for a chunk of b bits; 2 * chunks - 1 bits are
    opened for each threshold, under fresh masks.
    ```mlir
    %1 = mpc.compare %0 thresholds [0] drop 2 chunks [8, 7]
        : <1x21x512, scale 12, ring 31> -> <1x21x512, chunks 2, thresholds 1>
    ```
  }];
  let arguments = (ins MPC_MaskedType:$input, DenseI64ArrayAttr:$thresholds,
                       I32Attr:$drop, DenseI32ArrayAttr:$chunks);
  let results = (outs MPC_DecidedType:$result);
  let assemblyFormat = [{
    $input `thresholds` $thresholds `drop` $drop `chunks` $chunks attr-dict
    `:` type($input) `->` type($result)
  }];
}

class MPC_DecisionOp<string mnemonic>
    : MPC_Op<mnemonic, [DeclareOpInterfaceMethods<
          MPC_CostInterface, ["getCost", "getErrorBound"]>]> {
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The comparison that decides, in a round or not; null if it is not here.
    CompareOp lookupComparison();
  }];
}

def MPC_IndicatorOp : MPC_DecisionOp<"indicator"> {
  let summary = "1 where the value is at least the threshold, 0 elsewhere";
  let description = [{
    Local; the dealer deals it for every value that the opened bits but one may
    have: 1, 4, 16 or 64 words an element. `index` is that of the threshold.
  }];
  let arguments = (ins MPC_DecidedType:$decided, I32Attr:$index);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $decided `threshold` $index attr-dict `:` type($decided) `->` type($result)
  }];
}

def MPC_SelectOp : MPC_DecisionOp<"select"> {
  let summary = "a masked wire less an offset where the comparison holds, else 0";
  let description = [{
    The indicator times (input - offset), where the offset is in units of the
    input. Local, with twice the words of `mpc.indicator`. With the compared
    wire as input and the threshold as offset it is the ramp max(x - c, 0), and
    a decision that is wrong close to the threshold matters little.
  }];
  let arguments = (ins MPC_DecidedType:$decided, MPC_MaskedType:$input,
                       I32Attr:$index, I64Attr:$offset);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $decided `threshold` $index `,` $input `-` $offset attr-dict
    `:` type($decided) `,` type($input) `->` type($result)
  }];
}

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

def MPC_ProbeOp : MPC_Op<"probe", [MPC_CostAndRing]> {
  let summary = "here a value of the model stands, for those who watch a run";
  let description = [{
    Computes nothing and leaves no trace in a program. `index` is the place of
    the model's operation in its function; its value is the product of the
    inputs, of which all but the first are factors that are still apart.
  }];
  let arguments = (ins I64Attr:$index, Variadic<MPC_SharedOrMasked>:$inputs);
  let assemblyFormat = "$index $inputs attr-dict `:` type($inputs)";
}

class MPC_RegionOp<string mnemonic>
    : MPC_Op<mnemonic, [SingleBlockImplicitTerminator<"YieldOp">,
                        RecursiveMemoryEffects]> {
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Variadic<AnyType>:$results);
  let hasVerifier = 1;
  let assemblyFormat = [{
    (`->` `(` type($results)^ `)`)? $body attr-dict
  }];
}

def MPC_RoundOp : MPC_RegionOp<"round"> {
  let summary = "independent messages that travel together: one round";
}

def MPC_SetupOp : MPC_RegionOp<"setup"> {
  let summary = "what is done once per model: opening the weights under masks";
}

def MPC_YieldOp : MPC_Op<"yield", [Pure, Terminator, ReturnLike,
    ParentOneOf<["RoundOp", "SetupOp"]>]> {
  let summary = "the values a round or the setup makes";
  let arguments = (ins Variadic<AnyType>:$operands);
  let builders = [OpBuilder<(ins), [{ (void)$_builder; (void)$_state; }]>];
  let assemblyFormat = "($operands^ `:` type($operands))? attr-dict";
}

def MPC_FreeOp : MPC_Op<"free"> {
  let summary = "the last use of these values is over";
  let arguments = (ins Variadic<AnyType>:$operands);
  let assemblyFormat = "$operands attr-dict `:` type($operands)";
}

#endif // SECFORMER_DIALECT_MPC_MPCOPS
