//===- NNOps.td - operations of a model -*- tablegen -*--------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_NNOPS
#define SECFORMER_DIALECT_NN_NNOPS

include "dialect/NN/NNDialect.td"
include "dialect/NN/NNEnums.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class NN_TensorOf<list<Type> elements, string summary>
    : RankedTensorOf<elements, [HasStaticShapePred], summary>;
def NN_Tensor : NN_TensorOf<[F32, I64, I32, I1],
                            "static tensor of f32, i64, i32 or i1">;
def NN_Number : NN_TensorOf<[F32, I64, I32], "static tensor of f32, i64 or i32">;
def NN_Float : NN_TensorOf<[F32], "static tensor of f32">;
def NN_Int : NN_TensorOf<[I64, I32], "static tensor of i64 or i32">;
def NN_Bits : NN_TensorOf<[I64, I32, I1], "static tensor of i64, i32 or i1">;
def NN_Bool : NN_TensorOf<[I1], "static tensor of i1">;

/// Folds to a constant, by the evaluator, when all operands are constants.
def NN_FoldsConstants : NativeOpTrait<"FoldsConstants"> {
  let cppNamespace = "::secformer::nn";
}

class NN_Op<string mnemonic, list<Trait> traits = []>
    : Op<NN_Dialect, mnemonic, traits>;

class NN_PureOp<string mnemonic, list<Trait> traits = []>
    : NN_Op<mnemonic, !listconcat([Pure, NN_FoldsConstants], traits)>;

/// The result type is what `infer` (dialect/NN/NNShapes.h) says.
class NN_InferredOp<string mnemonic, string infer, list<Trait> traits = []>
    : NN_PureOp<mnemonic, !listconcat([InferTypeOpAdaptor], traits)> {
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *, ::std::optional<::mlir::Location> location,
        Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      ::mlir::FailureOr<::mlir::Type> type = }] # infer # [{;
      if (::mlir::failed(type))
        return ::mlir::failure();
      types.push_back(*type);
      return ::mlir::success();
    }
  }];
  let results = (outs NN_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// Weights and constants
//===----------------------------------------------------------------------===//

def NN_WeightOp : NN_Op<"weight", [Symbol]> {
  let summary = "a slice of the weight file";
  let description = [{
    Names little-endian float32 elements in C order from a byte offset of the
    file that the module attribute `nn.weight_file` names.
    ```mlir
    nn.weight @query offset 1024 : tensor<128x128xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$offset,
                       TypeAttrOf<NN_Float>:$type);
  let assemblyFormat = "$sym_name `offset` $offset attr-dict `:` $type";
}

def NN_ParamOp : NN_Op<"param",
    [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a weight";
  let arguments = (ins FlatSymbolRefAttr:$weight);
  let results = (outs NN_Float:$result);
  let assemblyFormat = "$weight attr-dict `:` type($result)";
}

def NN_ConstantOp : NN_Op<"constant",
    [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "a small constant";
  let description = [{
    Integers and booleans of any size; float32 up to 64 elements, or any number
    of two different values (a mask). Others live in the weight file
    (`nn.param`). Constants are public.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Element by element; operands broadcast as in numpy
//===----------------------------------------------------------------------===//

class NN_BinaryOp<string mnemonic, string what, list<Trait> traits = []>
    : NN_InferredOp<mnemonic, "inferBroadcast(location, adaptor.getOperands())",
                    traits> {
  let summary = what # ", broadcasting";
  let arguments = (ins NN_Number:$lhs, NN_Number:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type(operands)";
}

def NN_AddOp : NN_BinaryOp<"add", "lhs + rhs", [Commutative]>;
def NN_SubOp : NN_BinaryOp<"sub", "lhs - rhs">;
def NN_MulOp : NN_BinaryOp<"mul", "lhs * rhs", [Commutative]>;
def NN_DivOp : NN_BinaryOp<"div", "lhs / rhs, integers towards zero">;
def NN_PowOp : NN_BinaryOp<"pow", "lhs to the power rhs">;
def NN_MaxOp : NN_BinaryOp<"max", "the larger", [Commutative]>;
def NN_MinOp : NN_BinaryOp<"min", "the smaller", [Commutative]>;
def NN_ModOp : NN_BinaryOp<"mod",
    "remainder (of the divisor's sign on integers, the dividend's on f32)">;

def NN_CompareOp : NN_InferredOp<"compare",
    "inferPredicate(location, adaptor.getOperands())"> {
  let summary = "comparison, broadcasting";
  let arguments = (ins NN_CompareKind:$kind, NN_Tensor:$lhs, NN_Tensor:$rhs);
  let assemblyFormat = "$kind $lhs `,` $rhs attr-dict `:` type(operands)";
}

def NN_LogicalOp : NN_InferredOp<"logical",
    "inferBroadcast(location, adaptor.getOperands())"> {
  let summary = "logical connective, bit by bit on integers, broadcasting";
  let arguments = (ins NN_LogicalKind:$kind, NN_Bits:$lhs, NN_Bits:$rhs);
  let assemblyFormat = "$kind $lhs `,` $rhs attr-dict `:` type(operands)";
}

def NN_NotOp : NN_InferredOp<"not", "adaptor.getInput().getType()"> {
  let summary = "logical negation, bit by bit on integers";
  let arguments = (ins NN_Bits:$input);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def NN_SelectOp : NN_InferredOp<"select",
    "inferSelect(location, adaptor.getOperands())"> {
  let summary = "lhs where the condition holds, rhs elsewhere, broadcasting";
  let arguments = (ins NN_Bool:$condition, NN_Tensor:$lhs, NN_Tensor:$rhs);
  let assemblyFormat =
      "$condition `,` $lhs `,` $rhs attr-dict `:` type(operands)";
}

def NN_UnaryOp : NN_InferredOp<"unary",
    "inferUnary(location, adaptor.getKind(), adaptor.getInput())"> {
  let summary = "a function of every element";
  let description = [{
    `neg`, `abs`, `sign` and `relu` also take integers. `gelu` is
    x/2 (1 + erf(x/sqrt 2)), `gelu_tanh` its tanh approximation, `quick_gelu`
    x sigmoid(1.702 x), `silu` x sigmoid(x); `round` rounds halves to even.
    ```mlir
    %y = nn.unary gelu %x : tensor<1x21x512xf32>
    ```
  }];
  let arguments = (ins NN_UnaryKind:$kind, NN_Number:$input);
  let assemblyFormat = "$kind $input attr-dict `:` type($input)";
}

def NN_CastOp : NN_PureOp<"cast"> {
  let summary = "change of the element type";
  let description = [{
    f32 to an integer rounds towards zero; to i1 is `!= 0`.
  }];
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Along axes
//===----------------------------------------------------------------------===//

def NN_ReduceOp : NN_InferredOp<"reduce", [{
      inferReduce(location, adaptor.getInput(), adaptor.getAxes(),
                  adaptor.getKeepdims(), /*element=*/{})}]> {
  let summary = "sum, mean, max, min or product over axes";
  let description = [{
    ```mlir
    %m = nn.reduce mean %x axes [2] keepdims : tensor<1x21x128xf32>
    ```
  }];
  let arguments = (ins NN_ReduceKind:$kind, NN_Number:$input,
                       DenseI64ArrayAttr:$axes, UnitAttr:$keepdims);
  let assemblyFormat = [{
    $kind $input `axes` $axes (`keepdims` $keepdims^)? attr-dict
    `:` type($input)
  }];
}

def NN_ArgmaxOp : NN_InferredOp<"argmax", [{
      inferReduce(location, adaptor.getInput(), adaptor.getAxis(),
                  adaptor.getKeepdims(),
                  ::mlir::IntegerType::get(adaptor.getInput().getContext(), 64))}]> {
  let summary = "index (i64) of the largest element along an axis";
  let description = "Of equal elements the first or, with `last`, the last.";
  let arguments = (ins NN_Number:$input, I64Attr:$axis, UnitAttr:$keepdims,
                       UnitAttr:$last);
  let assemblyFormat = [{
    $input `axis` $axis (`keepdims` $keepdims^)? (`last` $last^)? attr-dict `:`
    type($input)
  }];
}

def NN_TopIdsOp : NN_InferredOp<"top_ids", [{
      inferTopIds(location, adaptor.getInput(), adaptor.getCount(),
                  adaptor.getAxis())}]> {
  let summary = "indices (i64) of the largest elements along an axis, sorted";
  let description = [{
    With `smallest`, of the smallest. Of equal elements the first comes first.
    ```mlir
    %i = nn.top_ids %x count 3 axis 1 : tensor<2x10xf32>
    ```
  }];
  let arguments = (ins NN_Number:$input, I64Attr:$count, I64Attr:$axis,
                       UnitAttr:$smallest);
  let assemblyFormat = [{
    $input `count` $count `axis` $axis (`smallest` $smallest^)? attr-dict
    `:` type($input)
  }];
}

class NN_AlongAxisOp<string mnemonic>
    : NN_InferredOp<mnemonic,
          "inferAlongAxis(location, adaptor.getInput(), adaptor.getAxis())">;

def NN_CumsumOp : NN_AlongAxisOp<"cumsum"> {
  let summary = "running sum along an axis";
  let arguments = (ins NN_Number:$input, I64Attr:$axis, UnitAttr:$exclusive,
                       UnitAttr:$reverse);
  let assemblyFormat = [{
    $input `axis` $axis (`exclusive` $exclusive^)? (`reverse` $reverse^)?
    attr-dict `:` type($input)
  }];
}

def NN_LogSoftmaxOp : NN_AlongAxisOp<"log_softmax"> {
  let summary = "logarithm of softmax along an axis";
  let arguments = (ins NN_Float:$input, I64Attr:$axis);
  let assemblyFormat = "$input `axis` $axis attr-dict `:` type($input)";
}

def NN_SoftmaxOp : NN_InferredOp<"softmax", [{
      inferSoftmax(location, adaptor.getInput(), adaptor.getMask(),
                   adaptor.getAxis())}]> {
  let summary = "softmax(scale * input) along an axis, where the mask is not 0";
  let description = [{
    Positions where the mask is 0 or the score minus infinity do not count and
    give 0; a row without any position that counts gives zeros. The mask broadcasts to the input.
    With `quad = c` it is (s + c)^2 / sum (s + c)^2 of the scaled scores s: the
    2Quad of MPCFormer, which models are distilled for.
    ```mlir
    %p = nn.softmax %s mask %m axis 3 scale 0.125
        : tensor<1x2x21x21xf32>, tensor<1x1x1x21xi64>
    ```
  }];
  let arguments = (ins NN_Float:$input, Optional<NN_Tensor>:$mask, I64Attr:$axis,
                       DefaultValuedAttr<F32Attr, "1.0f">:$scale,
                       OptionalAttr<F32Attr>:$quad);
  let assemblyFormat = [{
    $input (`mask` $mask^)? `axis` $axis (`scale` $scale^)? (`quad` $quad^)?
    attr-dict `:` type(operands)
  }];
  let builders = [OpBuilder<
      (ins "::mlir::Type":$result, "::mlir::Value":$input,
           "::mlir::Value":$mask, "int64_t":$axis, "::llvm::APFloat":$scale),
      [{
        build($_builder, $_state, result, input, mask,
              $_builder.getI64IntegerAttr(axis),
              $_builder.getF32FloatAttr(scale.convertToFloat()),
              ::mlir::FloatAttr());
      }]>];
}

def NN_LayerNormOp : NN_InferredOp<"layer_norm", [{
      inferLayerNorm(location, adaptor.getInput(), adaptor.getGamma(),
                     adaptor.getBeta(), adaptor.getAxis())}],
      [AttrSizedOperandSegments]> {
  let summary = "normalization over the axes from `axis` on";
  let description = [{
    y = (x - mean) / sqrt(variance + eps) * gamma + beta; with `rms`
    y = x / sqrt(mean of squares + eps) * gamma + beta. Gamma and beta have
    the shape of the normalized axes.
    ```mlir
    %y = nn.layer_norm %x gamma %g beta %b axis 2 eps 1.0e-12
        : tensor<1x21x128xf32>, tensor<128xf32>, tensor<128xf32>
    ```
  }];
  let arguments = (ins NN_Float:$input, Optional<NN_Float>:$gamma,
                       Optional<NN_Float>:$beta, I64Attr:$axis, F32Attr:$eps,
                       UnitAttr:$rms);
  let assemblyFormat = [{
    $input (`gamma` $gamma^)? (`beta` $beta^)? `axis` $axis `eps` $eps
    (`rms` $rms^)? attr-dict `:` type(operands)
  }];
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

def NN_MatmulOp : NN_InferredOp<"matmul",
    "inferMatmul(location, adaptor.getLhs(), adaptor.getRhs())"> {
  let summary = "matrix product as in numpy: leading axes broadcast";
  let arguments = (ins NN_Number:$lhs, NN_Number:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type(operands)";
}

def NN_ConvOp : NN_InferredOp<"conv", [{
      inferConv(location, adaptor.getInput(), adaptor.getKernel(),
                adaptor.getStrides(), adaptor.getLow(), adaptor.getHigh(),
                adaptor.getDilations(), adaptor.getGroups())}]> {
  let summary = "convolution over all axes after batch and channel";
  let description = [{
    input [batch, channels, spatial...], kernel [features, channels/groups,
    window...], result [batch, features, spatial...]; zeros are added before
    (`low`) and after (`high`) every spatial axis.
    ```mlir
    %y = nn.conv %x, %w strides [16, 16] low [0, 0] high [0, 0]
        dilations [1, 1] groups 1 : tensor<1x3x224x224xf32>, tensor<768x3x16x16xf32>
    ```
  }];
  let arguments = (ins NN_Float:$input, NN_Float:$kernel,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$low,
                       DenseI64ArrayAttr:$high, DenseI64ArrayAttr:$dilations,
                       I64Attr:$groups);
  let assemblyFormat = [{
    $input `,` $kernel `strides` $strides `low` $low `high` $high
    `dilations` $dilations `groups` $groups attr-dict `:` type(operands)
  }];
}

//===----------------------------------------------------------------------===//
// Rearrangement
//===----------------------------------------------------------------------===//

def NN_TransposeOp : NN_InferredOp<"transpose",
    "inferTranspose(location, adaptor.getInput(), adaptor.getPerm())"> {
  let summary = "axis i of the result is axis perm[i] of the input";
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$perm);
  let assemblyFormat = "$input `perm` $perm attr-dict `:` type($input)";
}

class NN_ReshapingOp<string mnemonic> : NN_PureOp<mnemonic> {
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}
def NN_ReshapeOp : NN_ReshapingOp<"reshape"> {
  let summary = "the same elements in C order, of another shape";
}
def NN_BroadcastOp : NN_ReshapingOp<"broadcast"> {
  let summary = "repetition to a larger shape, as numpy broadcasts";
}

def NN_ConcatOp : NN_InferredOp<"concat",
    "inferConcat(location, adaptor.getInputs(), adaptor.getAxis())"> {
  let summary = "inputs one after another along an axis";
  let arguments = (ins Variadic<NN_Tensor>:$inputs, I64Attr:$axis);
  let assemblyFormat = "$inputs `axis` $axis attr-dict `:` type($inputs)";
}

def NN_SliceOp : NN_InferredOp<"slice", [{
      inferSlice(location, adaptor.getInput(), adaptor.getStarts(),
                 adaptor.getSizes(), adaptor.getStrides())}]> {
  let summary = "elements starts[i] + strides[i] * (0 .. sizes[i]-1) of axis i";
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$starts,
                       DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides);
  let assemblyFormat = [{
    $input `starts` $starts `sizes` $sizes `strides` $strides attr-dict
    `:` type($input)
  }];
}

def NN_PadOp : NN_InferredOp<"pad", [{
      inferPad(location, adaptor.getInput(), adaptor.getLow(),
               adaptor.getHigh())}]> {
  let summary = "a constant before and after the elements of every axis";
  let arguments = (ins NN_Tensor:$input, DenseI64ArrayAttr:$low,
                       DenseI64ArrayAttr:$high, F64Attr:$value);
  let assemblyFormat = [{
    $input `low` $low `high` $high `value` $value attr-dict `:` type($input)
  }];
}

def NN_GatherOp : NN_InferredOp<"gather", [{
      inferGather(location, adaptor.getInput(), adaptor.getIds(),
                  adaptor.getAxis())}]> {
  let summary = "slices of the input along an axis, by index";
  let description = [{
    The axis is replaced by the axes of `ids`; negative ids count from the end.
  }];
  let arguments = (ins NN_Tensor:$input, NN_Int:$ids, I64Attr:$axis);
  let assemblyFormat = "$input `,` $ids `axis` $axis attr-dict `:` type(operands)";
}

def NN_ScatterOp : NN_InferredOp<"scatter", [{
      inferScatter(location, adaptor.getInput(), adaptor.getIds(),
                   adaptor.getUpdates())}]> {
  let summary = "the input with rows replaced by, or combined with, updates";
  let description = [{
    Row updates[i] goes to row ids[i] of the first axis; negative ids count from
    the end. Equal ids are handled one after another.
    ```mlir
    %y = nn.scatter add %x, %ids, %u
        : tensor<8x4xf32>, tensor<3xi64>, tensor<3x4xf32>
    ```
  }];
  let arguments = (ins NN_ScatterKind:$kind, NN_Tensor:$input, NN_Int:$ids,
                       NN_Tensor:$updates);
  let assemblyFormat = [{
    $kind $input `,` $ids `,` $updates attr-dict `:` type(operands)
  }];
}

def NN_EmbeddingOp : NN_InferredOp<"embedding",
    "inferEmbedding(location, adaptor.getTable(), adaptor.getIds())"> {
  let summary = "rows of a table, by token id";
  let arguments = (ins NN_Float:$table, NN_Int:$ids);
  let assemblyFormat = "$table `,` $ids attr-dict `:` type(operands)";
}

def NN_OneHotOp : NN_InferredOp<"one_hot", [{
      inferOneHot(location, adaptor.getIds(), adaptor.getDepth(),
                  adaptor.getAxis())}]> {
  let summary = "1.0 at the index along a new axis, 0.0 elsewhere";
  let arguments = (ins NN_Int:$ids, I64Attr:$depth, I64Attr:$axis);
  let assemblyFormat = "$ids `depth` $depth `axis` $axis attr-dict `:` type($ids)";
}

def NN_TriluOp : NN_InferredOp<"trilu",
    "inferTrilu(location, adaptor.getInput())"> {
  let summary = "lower (or upper) triangle of matrices, 0 elsewhere";
  let description = [{
    Keeps column <= row + k, or with `upper` column >= row + k.
  }];
  let arguments = (ins NN_Tensor:$input, UnitAttr:$upper, I64Attr:$k);
  let assemblyFormat = "$input (`upper` $upper^)? `k` $k attr-dict `:` type($input)";
}

#endif // SECFORMER_DIALECT_NN_NNOPS
