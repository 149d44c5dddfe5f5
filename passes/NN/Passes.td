//===- Passes.td - nn to nn -*- tablegen -*--------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NN_PASSES
#define SECFORMER_PASSES_NN_PASSES

include "mlir/Pass/PassBase.td"

def Normalize : Pass<"secformer-normalize", "::mlir::func::FuncOp"> {
  let summary = "bring an nn function into the form that fusion expects";
  let description = [{
    Constants stand on the right; a division is a product with a reciprocal; a
    power with exponent 2, 3, 1/2, -1/2 or -1 is products and roots; a
    reciprocal of a root is `rsqrt`; a sum times 1/n is a mean; a mean
    square minus the squared mean is a variance; a limit of 3.4e38 is none;
    softmax is not NaN. Transposes and
    reshapes merge; operations that change nothing and operations on constants
    disappear, and so does everything that has no user.
  }];
}

def FuseSoftmax : Pass<"secformer-fuse-softmax", "::mlir::func::FuncOp"> {
  let summary = "recognize softmax that is spelled with exp and sum";
  let description = [{
    `exp(x - m) / sum(exp(x - m))`, where m has extent 1 on the axis of the sum
    (the maximum, as a rule) or is missing, becomes `nn.softmax x`.
  }];
}

def FuseSoftmaxMask
    : Pass<"secformer-fuse-softmax-mask", "::mlir::ModuleOp"> {
  let summary = "take scale and mask into nn.softmax";
  let description = [{
    The argument of a softmax is read as a function of scores and masks: of
    every combination of mask values it is evaluated whether the scores pass
    (times a constant: the `scale`) or drop below -1000 (masked). If the scores
    pass for exactly one value of every mask, the masks become the mask
    of `nn.softmax`, and the large negative constant is gone. So any spelling
    is recognized: `s + (1 - m) * -10000`, `select(m, s, -inf)`,
    `s * m - (1 - m) * 1e4`, constant triangles, and several of them together.
    Integer and float masks must be 0 or 1, as in every exporter. What is the
    same for all scores of a row is dropped. A bias of -10 for masked scores
    lets them take part, so it stays an addition. What looks like a mask but is
    not recognized gets a remark.

    Float constants of more than 64 elements stand in the weight file; `weights`
    names its folder (the C++ API takes the weight store), so that masks among
    them are recognized.
  }];
  let options = [
    Option<"weights", "weights", "std::string", /*default=*/"\"\"",
           "folder of the weight file">,
  ];
}

def FuseSoftmaxScale
    : Pass<"secformer-fuse-softmax-scale", "::mlir::func::FuncOp"> {
  let summary = "take factors of queries and keys into nn.softmax";
  let description = [{
    In `softmax(q k)` a constant factor of q or k, also behind rearrangements,
    becomes a factor of the scale, if nobody else uses the scaled value.
  }];
}

def FuseGelu : Pass<"secformer-fuse-gelu", "::mlir::func::FuncOp"> {
  let summary = "recognize GELU and its relatives in any spelling";
  let description = [{
    Around every `erf`, `tanh`, `sigmoid` and `exp` the element-wise expressions of
    one value x are evaluated at sample points and compared with `gelu` (erf),
    `gelu_tanh` (tanh), `quick_gelu` and `silu` (sigmoid) and `sigmoid` (exp),
    within 2e-3 |x|, which is the error of constants written with four digits.
    The order and association of the factors and the place of the constants do
    not matter. An expression that comes near without reaching the function gets a
    remark.
  }];
}

def FuseLayerNorm : Pass<"secformer-fuse-layer-norm", "::mlir::func::FuncOp"> {
  let summary = "recognize LayerNorm and RMSNorm";
  let description = [{
    `d * rsqrt(mean(d * d) + eps) * gamma + beta`, with `d = x - mean(x)`
    (LayerNorm) or `d = x` (RMSNorm), factors in any order, gamma and beta
    optional, becomes `nn.layer_norm`. A near miss gets a remark.
  }];
}

def DistilledForms
    : Pass<"secformer-distilled-forms", "::mlir::func::FuncOp"> {
  let summary = "use the functions that distilled models are trained with";
  let description = [{
    Softmax becomes 2Quad, (s + c)^2 / sum (s + c)^2 (MPCFormer, SecFormer), and
    GELU becomes x^2/8 + x/4 + 1/2 (MPCFormer). This changes what the model
    computes, so it stands before calibration, and warns once: the results are
    those of a model that was distilled to these functions.
  }];
  let options = [
    Option<"softmax", "softmax", "bool", /*default=*/"true", "2Quad softmax">,
    Option<"offset", "offset", "double", /*default=*/"5", "c of 2Quad">,
    Option<"gelu", "gelu", "bool", /*default=*/"false", "quadratic GELU">,
  ];
}

def AnnotateSecrecy
    : Pass<"secformer-annotate-secrecy", "::mlir::func::FuncOp"> {
  let summary = "say of every value who may know it";
  let description = [{
    Sets `nn.secrecy` on every operation with a result: "public", "client" or
    "model" (what one owner can compute alone) or "shared". Arguments belong to
    the client and weights to the model's owner unless they carry `nn.public`.
    Results are revealed to the client; a result with the attribute
    `nn.public_result` must be public or be declassified by `nn.declassify`.
  }];
}

def CalibratePass : Pass<"secformer-calibrate", "::mlir::ModuleOp"> {
  let summary = "measure the range of every value on samples";
  let description = [{
    Runs the model in the clear on every sample and sets `nn.range` on
    arguments and operations, `nn.centered_range` and `nn.mean_numerator_range` on
    softmax and `nn.variance_range` on layer_norm, widened by the margin. See
    docs/ranges.md.
  }];
  let options = [
    ListOption<"samples", "samples", "std::string",
               "npz files with one array for every input">,
    Option<"margin", "margin", "double", /*default=*/"0.25",
           "widen measured ranges by this share of their size">,
    Option<"weights", "weights", "std::string", /*default=*/"\".\"",
           "folder of the weight file">,
  ];
}

def DefaultRanges : Pass<"secformer-default-ranges", "::mlir::ModuleOp"> {
  let summary = "give a documented range to every value without one";
  let description = [{
    Follows interval arithmetic where it proves a bound (tanh, sigmoid, softmax,
    rearrangements, ...), and the table of docs/ranges.md elsewhere. Warns once,
    at the module, if the table was needed.
  }];
  let options = [
    Option<"weights", "weights", "std::string", /*default=*/"\"\"",
           "folder of the weight file, for exact ranges of weights">,
  ];
}

def CheckMagnitudes
    : Pass<"secformer-check-magnitudes", "::mlir::func::FuncOp"> {
  let summary = "refuse numbers that drown others in fixed point";
  let description = [{
    A sum, difference or selection on secrets is an error if one operand reaches
    1000 and 100 times what the other reaches, on the way to a softmax: the
    -10000, -3.4e38 or infinity of an attention mask that was not recognized.
    Elsewhere the limits are 1e6 and 1000 times.
  }];
}

#endif // SECFORMER_PASSES_NN_PASSES
