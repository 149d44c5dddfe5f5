//===- NNEnums.td - kinds of nn operations -*- tablegen -*-----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_NNENUMS
#define SECFORMER_DIALECT_NN_NNENUMS

include "mlir/IR/EnumAttr.td"

class NN_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::secformer::nn";
}

def NN_CompareKind : NN_Enum<"CompareKind", "comparison", [
    I32EnumAttrCase<"Eq", 0, "eq">, I32EnumAttrCase<"Lt", 1, "lt">,
    I32EnumAttrCase<"Le", 2, "le">, I32EnumAttrCase<"Gt", 3, "gt">,
    I32EnumAttrCase<"Ge", 4, "ge">]>;

def NN_LogicalKind : NN_Enum<"LogicalKind", "logical connective", [
    I32EnumAttrCase<"And", 0, "and">, I32EnumAttrCase<"Or", 1, "or">,
    I32EnumAttrCase<"Xor", 2, "xor">]>;

def NN_ReduceKind : NN_Enum<"ReduceKind", "reduction", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Mean", 1, "mean">,
    I32EnumAttrCase<"Max", 2, "max">, I32EnumAttrCase<"Min", 3, "min">,
    I32EnumAttrCase<"Prod", 4, "prod">]>;

def NN_UnaryKind : NN_Enum<"UnaryKind", "function of one element", [
    I32EnumAttrCase<"Neg", 0, "neg">,
    I32EnumAttrCase<"Abs", 1, "abs">,
    I32EnumAttrCase<"Sign", 2, "sign">,
    I32EnumAttrCase<"Relu", 3, "relu">,
    I32EnumAttrCase<"Floor", 4, "floor">,
    I32EnumAttrCase<"Ceil", 5, "ceil">,
    I32EnumAttrCase<"Round", 6, "round">,
    I32EnumAttrCase<"Sqrt", 7, "sqrt">,
    I32EnumAttrCase<"Rsqrt", 8, "rsqrt">,
    I32EnumAttrCase<"Reciprocal", 9, "reciprocal">,
    I32EnumAttrCase<"Exp", 10, "exp">,
    I32EnumAttrCase<"Log", 11, "log">,
    I32EnumAttrCase<"Sin", 12, "sin">,
    I32EnumAttrCase<"Cos", 13, "cos">,
    I32EnumAttrCase<"Erf", 14, "erf">,
    I32EnumAttrCase<"Tanh", 15, "tanh">,
    I32EnumAttrCase<"Sigmoid", 16, "sigmoid">,
    I32EnumAttrCase<"Softplus", 17, "softplus">,
    I32EnumAttrCase<"Gelu", 18, "gelu">,
    I32EnumAttrCase<"GeluTanh", 19, "gelu_tanh">,
    I32EnumAttrCase<"QuickGelu", 20, "quick_gelu">,
    I32EnumAttrCase<"Silu", 21, "silu">,
    I32EnumAttrCase<"Tan", 22, "tan">,
    I32EnumAttrCase<"Asin", 23, "asin">,
    I32EnumAttrCase<"Acos", 24, "acos">,
    I32EnumAttrCase<"Atan", 25, "atan">,
    I32EnumAttrCase<"Sinh", 26, "sinh">,
    I32EnumAttrCase<"Cosh", 27, "cosh">,
    I32EnumAttrCase<"Asinh", 28, "asinh">,
    I32EnumAttrCase<"Acosh", 29, "acosh">,
    I32EnumAttrCase<"Atanh", 30, "atanh">,
    I32EnumAttrCase<"QuadGelu", 31, "quad_gelu">]>;

def NN_ScatterKind : NN_Enum<"ScatterKind", "what a scattered element does", [
    I32EnumAttrCase<"Set", 0, "set">, I32EnumAttrCase<"Add", 1, "add">,
    I32EnumAttrCase<"Mul", 2, "mul">, I32EnumAttrCase<"Max", 3, "max">,
    I32EnumAttrCase<"Min", 4, "min">]>;

#endif // SECFORMER_DIALECT_NN_NNENUMS
