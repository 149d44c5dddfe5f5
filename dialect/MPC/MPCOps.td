//===- MPCOps.td - operations on secrets -*- tablegen -*-------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_MPC_MPCOPS
#define SECFORMER_DIALECT_MPC_MPCOPS

include "dialect/MPC/MPCSourceOps.td"
include "dialect/MPC/MPCLinearOps.td"

//===----------------------------------------------------------------------===//
// Between the kinds of wires
//===----------------------------------------------------------------------===//

def MPC_ShareOp : MPC_LinearOp<"share"> {
  let summary = "use an owned value as a share: the other party's share is zero";
  let description = [{
    A value of the client or the provider has been shared by its owner: party 0
    holds uniform words, party 1 the value less these. Both come from files
    (docs/protocols.md, section 18), so that nothing is sent.
  }];
  let arguments = (ins MPC_OwnedType:$input);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def MPC_MaskOp : MPC_MessageOp<"mask", [MPC_Cost]> {
  let summary = "a party opens its own value under a fresh mask";
  let description = [{
    The mask comes from the seed of the owner alone, so that the message is one
    way: the owner sends x + delta. What others own is shared and opened.
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

    `narrowable`: the elements are so few that a wider ring before costs less
    than the round, so secformer-plan-rings makes it a narrowing if it can.
  }];
  let arguments = (ins MPC_SharedType:$input, F64Attr:$bound,
                       UnitAttr:$narrowable);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $input `bound` $bound (`narrowable` $narrowable^)? attr-dict `:`
    type($input) `->` type($result)
  }];
}

def MPC_TruncateOpenOp : MPC_MessageOp<"truncate_open", [
    DeclareOpInterfaceMethods<MPC_CostInterface, [
        "getCost", "getOperandRing", "getErrorBound", "getFailureBound",
        "getHidingBound"]>]> {
  let summary = "divide by a power of two and open, in one round";
  let description = [{
    The value is opened before it is divided; the parties divide what they see,
    and the dealer deals shares of the mask divided alike. Both are integers, so
    the result may live in any ring. Off by at most one unit of its scale.

    The operand's ring k is opened, and the wider it is the better. For values
    up to B at scale s:
    - the mask is uniform modulo 2^k, hides perfectly and wraps with probability
      B 2^(s-k) at most for an element, which is then off by 2^(k-shift);
    - `statistical`: the mask is the sum of two numbers of k - 2 bits and never
      wraps; openings of two values differ by B 2^(s+3-k) at most in statistical
      distance.

    `bound` is B; B * 2^s must stay below 2^(k-2).
    ```mlir
    %1 = mpc.truncate_open %0 bound 7.5 statistical
        : <2x2, scale 24, ring 64> -> <2x2, scale 12, ring 40>
    ```
  }];
  let arguments = (ins MPC_SharedType:$input, F64Attr:$bound,
                       UnitAttr:$statistical);
  let results = (outs MPC_MaskedType:$result);
  let assemblyFormat = [{
    $input `bound` $bound (`statistical` $statistical^)? attr-dict `:`
    type($input) `->` type($result)
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

def MPC_MulOp : MPC_ProductOp<"mul", MPC_CostAndRing> {
  let summary = "element-wise product of masked wires, with broadcasting";
  let description = [{
    One dealer word an element of the result. A factor with a `bound` (largest
    absolute real value) may be masked in a ring k narrower than that of the
    result, as long as bound * 2^scale < 2^(k-2): whether its mask wraps is a bit
    of the mask that the dealer shares, unless a bit of the opened value says no.
    That takes two more words for the factor's elements and one or two for the
    result's, and neither a truncation nor a round before.
    ```mlir
    %1 = mpc.mul %x bound 24.0, %y
        : (!mpc.masked<2x4, scale 12, ring 19>, !mpc.masked<4, scale 12, ring 40>)
          -> !mpc.shared<2x4, scale 24, ring 40>
    ```
  }];
  let arguments = (ins MPC_MaskedType:$lhs, MPC_MaskedType:$rhs,
                       OptionalAttr<F64Attr>:$lhs_bound,
                       OptionalAttr<F64Attr>:$rhs_bound);
  let results = (outs MPC_SharedType:$result);
  let assemblyFormat = [{
    $lhs (`bound` $lhs_bound^)? `,` $rhs (`bound` $rhs_bound^)? attr-dict `:`
    functional-type(operands, $result)
  }];
  let extraClassDeclaration = [{
    /// Of the operand, if it may be masked in a ring narrower than the
    /// result's.
    std::optional<llvm::APFloat> getBound(unsigned operand) {
      return operand == 0 ? getLhsBound() : getRhsBound();
    }
    /// Is it masked so?
    bool extends(unsigned operand);
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
    `value = constant + sum_j cosine[j] cos(f_j w x) + sine[j] sin(f_j w x)`,
    f_j = first_frequency + j frequency_step, with w = 2 pi / 2^input_ring in
    units of the input. Coefficients are integers with `coefficient_bits`
    fraction bits. Public factors are rounded to `factor_bits`, the dealt
    cosines of harmonic j to `dealt_bits[j]`. On [low, high] the result
    differs from the function named `formula` by at most `error`, a bound
    certified over every representable input and every mask. One value in 10^4
    may differ by more than `typical_error`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$formula,
      F64Attr:$low, F64Attr:$high, F64Attr:$error, BoolAttr:$relative,
      I32Attr:$input_scale, I32Attr:$input_ring, I32Attr:$factor_bits,
      DenseI32ArrayAttr:$dealt_bits, I32Attr:$coefficient_bits,
      I64Attr:$constant, DenseI64ArrayAttr:$cosine, DenseI64ArrayAttr:$sine,
      DefaultValuedAttr<I32Attr, "1">:$first_frequency,
      DefaultValuedAttr<I32Attr, "1">:$frequency_step,
      OptionalAttr<F64Attr>:$typical_error);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $sym_name $formula `on` `[` $low `,` $high `]` `error` $error attr-dict-with-keyword
  }];
  let extraClassDeclaration = [{
    unsigned getHarmonics() { return getCosine().size(); }
    unsigned getResultScale() { return getFactorBits() + getFinestDealtBits(); }
    /// The largest of the dealt bits.
    unsigned getFinestDealtBits() {
      return unsigned(*llvm::max_element(getDealtBits()));
    }
  }];
}

def MPC_UnivariateOp : MPC_Op<"univariate", [MPC_FullCost,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "apply a fitted function to a masked wire, locally";
  let description = [{
    Section 2.3 of SecFormer splits sin(x) = sin(Delta - delta) into public and
    dealt factors; here the whole function is one such series, its period a
    power of two so that reduction modulo the period drops high bits and the
    opened value stays perfectly masked. Two dealer words a harmonic and element,
    each as much narrower than the result's ring as its dealt bits are fewer than
    the most.
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
