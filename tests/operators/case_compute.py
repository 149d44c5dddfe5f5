"""Cases of operators that work on elements and of activations."""

import numpy as np

from case_builder import (INF, MICROSOFT, NAN, SPECIAL, Family, b, bools, f, floats, i32, i64, ints,
                          ints32, number)

elementwise = c = Family("elementwise")
SHAPES = {"same": ((2, 3), (2, 3)), "row": ((2, 3), (3,)), "both": ((2, 1, 3), (4, 1)),
          "scalar": ((2, 3), ()), "scalars": ((), ()), "empty": ((0, 3), (1, 3))}

for op in ("Add", "Sub", "Mul", "Div"):
    for variant, (left, right) in SHAPES.items():
        c(op, [f(*left), f(*right, low=0.5)], 14, variant)
    c(op, [f(2, 3), f(3, low=0.5)], [7, 13])
    c(op, [i64(2, 3), i64(3, low=1)], [7, 14], "int64")
    c(op, [i32(2, 3), i32(2, 3, low=1)], 14, "int32")
    c(op, [SPECIAL, SPECIAL[::-1].copy()], 14, "special")
    c(op, [f(2, 3), f(3, low=0.5)], 14, "known", known=[1])
c("Add", [ints32(2**31 - 1, -2**31), ints32(1, -1)], 14, "wraps")
c("Mul", [ints(2**62, -2**62), ints(4, 3)], 14, "wraps")
c("Div", [ints(7, -7, 7, -7), ints(2, 2, -2, -2)], 14, "signs")
c("Div", [ints32(7, -7, 1, -1), ints32(3, 3, -3, -3)], 14, "signs32")

c("Pow", [f(2, 3, low=0.1), f(3)], [7, 12, 13, 15])
c("Pow", [floats(-2, 0, 3, INF, -INF, NAN), floats(3, 0, -1, 0, 3, 0)], 15, "special")
c("Pow", [f(2, 3), number(2)], 15, "square")
c("Pow", [f(2, 3), ints(1, 2, 3)], 13, "int-exponent")
c("Pow", [i64(2, 3, low=0), floats(0, 1, 2)], 13, "int-base")
c("Pow", [i32(4), ints(0, 1, 2, 3)], 13, "int-both")
c("Mod", [ints(7, -7, 7, -7, 0), ints(3, 3, -3, -3, 4)], [10, 13], "signs")
c("Mod", [ints(7, -7, 7, -7, 0), ints(3, 3, -3, -3, 4)], 13, "fmod-int", fmod=1)
c("Mod", [i32(2, 3), i32(3, low=1)], 13, "row")
c("Mod", [floats(5.5, -5.5, 5.5, -5.5, INF), floats(2, 2, -2, -2, 2)], [10, 13], "fmod", fmod=1)
for op in ("Max", "Min"):
    c(op, [f(2, 3), f(3), f(2, 1)], [8, 12, 13])
    c(op, [f(2, 3)], 13, "one")
    c(op, [i64(2, 3), i64(3)], 13, "int64")
    c(op, [i32(2, 3), i32(2, 1)], 13, "int32")
    c(op, [floats(NAN, 1, INF, -INF, NAN), floats(1, NAN, 2, 2, NAN)], 13, "nan")
for op in ("Sum", "Mean"):
    c(op, [f(2, 3), f(3), f(2, 1)], [8, 13])
    c(op, [f(2, 3)], 13, "one")

for op in ("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"):
    since = 12 if op.endswith("OrEqual") else 7
    c(op, [floats(1, 2, 3, NAN, INF, -0.0), floats(2, 2, 2, NAN, INF, 0.0)], [max(since, 11), 16])
    c(op, [i64(2, 3, low=0, high=3), i64(3, low=0, high=3)], max(since, 9), "int64")
    c(op, [i32(2, 1, 3, low=0, high=3), i32(2, 1, low=0, high=3)], 16, "both")
    c(op, [f(0, 2), f(2)], 16, "empty")
c("Equal", [b(2, 3), b(3)], [7, 13], "bool")
for op in ("And", "Or", "Xor"):
    c(op, [bools(False, False, True, True), bools(False, True, False, True)], 7)
    c(op, [b(2, 1, 3), b(4, 1)], 7, "both")
c("Not", [b(2, 3)], 1)
for op in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
    c(op, [i32(2, 3), i32(3)], 18, "int32")
    c(op, [i64(2, 3), i64(2, 1)], 18, "int64")
c("BitwiseNot", [i32(5)], 18)
c("Where", [b(2, 3), f(2, 3), f(3)], [9, 16])
c("Where", [b(3), i64(2, 3), i64()], 16, "int64")
c("Where", [b(2, 1), b(2, 3), b(3)], 16, "bool", by="reference")
c("Where", [bools(True, False), floats(INF, NAN), floats(NAN, 1)], 16, "special")
c("IsNaN", [SPECIAL], [9, 13, 20])
for positive in (0, 1):
    for negative in (0, 1):
        c("IsInf", [SPECIAL], [10, 20], f"{positive}{negative}", detect_positive=positive,
          detect_negative=negative)

for op in ("Neg", "Abs", "Sign"):
    c(op, [floats(1.5, -2, 0, -0.0, INF, -INF)], 13)
    c(op, [i64(2, 3)], 13, "int64")
    c(op, [i32(4)], 13, "int32")
for op in ("Floor", "Ceil", "Sqrt", "Exp", "Sin", "Cos", "Erf"):
    c(op, [f(2, 3, low=0.01)], [9, 13])
    c(op, [f(0, 3)], 13, "empty")
    c(op, [f(low=0.1)], 13, "scalar")
for op in ("Floor", "Ceil", "Exp", "Sin", "Cos", "Erf"):
    c(op, [f(2, 5, low=-9, high=9)], 13, "wide")
c("Sqrt", [floats(4, -1, 0, INF, NAN)], 13, "special")
c("Exp", [floats(-INF, INF, NAN, -100, 80)], 13, "special")
c("Log", [f(2, 3, low=0.01)], [6, 13])
c("Log", [floats(0, -1, INF, NAN)], 13, "special")
c("Reciprocal", [floats(4, -0.5, 0, -0.0, INF)], [6, 13])
c("Round", [floats(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.4, -0.6, INF)], [11, 22])
for op in ("Tan", "Atan", "Sinh", "Cosh", "Asinh"):
    c(op, [f(2, 4, low=-1.4, high=1.4)], 9)
for op in ("Asin", "Acos", "Atanh"):
    c(op, [floats(-1, -0.9, -0.1, 0, 0.001, 0.5, 0.99, 2)], [9, 22])
c("Acosh", [floats(1, 1.001, 1.5, 10, 0.5)], [9, 22])

FLOAT, INT32, INT64, BOOL = 1, 6, 7, 9
c("Cast", [floats(1.9, -1.9, 0, 0.4, 1e6)], [9, 13, 19], "float-int64", to=INT64)
c("Cast", [floats(1.9, -1.9, 0, 0.4)], 13, "float-int32", to=INT32)
c("Cast", [floats(1.9, -1.9, 0, 0.4, NAN, INF)], 13, "float-bool", to=BOOL)
c("Cast", [i64(2, 3)], 13, "int64-float", to=FLOAT)
c("Cast", [ints(1, 2**33 + 5, -1)], 13, "int64-int32", to=INT32)
c("Cast", [b(2, 3)], 13, "bool-float", to=FLOAT)
c("Cast", [b(2, 3)], 13, "bool-int64", to=INT64)
c("Cast", [f(2, 0)], 13, "empty", to=INT32)
c("CastLike", [floats(1.9, -1.9, 0), i32(1)], [15, 19], "float-int32")
c("CastLike", [i64(3), f(2)], 15, "int64-float")
c("CastLike", [i64(3), b(2)], 15, "int64-bool")
c("Clip", [f(2, 3)], [6, 11, 13], "none")
c("Clip", [f(2, 3)], 6, "both", min=-0.5, max=0.5)
c("Clip", [f(2, 3)], 6, "low", min=-0.5)
for opset in (11, 12, 13):
    c("Clip", [f(2, 3), number(-0.5), number(0.5)], opset, "both")
    c("Clip", [f(2, 3), number(-0.5)], opset, "low")
    c("Clip", [f(2, 3), None, number(0.5)], opset, "high", known=[2])
c("Clip", [i64(2, 3), number(-2, np.int64), number(2, np.int64)], 13, "int64")
c("Clip", [i32(2, 3), None, number(2, np.int32)], 13, "int32")
c("Clip", [floats(NAN, INF, -INF), number(-1), number(1)], 13, "special")
c("Clip", [f(2, 3), number(1), number(-1)], 13, "crossed")
c("Clip", [f(), number(-0.1), number(0.1)], 13, "scalar")
c("Identity", [f(2, 3)], [1, 16])
c("Identity", [b(2, 0)], 16, "bool")
c("Dropout", [f(2, 3)], [7, 10, 12, 13])
c("Dropout", [f(2, 3)], 10, "mask", outputs=2, by="reference")
c("Dropout", [f(2, 3)], [12, 13, 22], "mask", outputs=2)
c("Dropout", [f(2, 3), number(0.3)], 13, "ratio", outputs=2)
c("Dropout", [f(2, 3), number(0.3), number(False, np.bool_)], 13, "inference", outputs=2)
c("Dropout", [f(2, 3), number(0.0), number(True, np.bool_)], 13, "zero", outputs=2)

x = f(2, 3)
c("BitmaskDropout", [x], domain=MICROSOFT, expected=[x])
bias, rest = f(3), f(2, 3)
for op in ("BiasDropout", "BitmaskBiasDropout"):
    c(op, [x, bias, rest], domain=MICROSOFT, expected=[x + bias + rest])
    c(op, [x, bias], 17, "alone", domain=MICROSOFT, expected=[x + bias])
x, rest = f(1, 2, 3), f(1, 2, 3)
c("BiasAdd", [x, bias, rest], domain=MICROSOFT, expected=[x + bias + rest])

activations = c = Family("activations")
for op in ("Relu", "Tanh", "Sigmoid", "Softplus", "Softsign", "Elu", "Selu", "LeakyRelu",
           "HardSigmoid", "ThresholdedRelu"):
    c(op, [f(2, 3, low=-6, high=6)], 10 if op == "ThresholdedRelu" else [6, 16])
    c(op, [f(low=-3)], 16, "scalar")
    c(op, [floats(80, -80, 0)], 16, "wide")
c("Relu", [floats(NAN, INF, -INF)], 14, "special")
c("Relu", [i32(2, 3)], 14, "int32")
c("LeakyRelu", [f(2, 3)], 16, "alpha", alpha=0.1)
c("LeakyRelu", [f(2, 3)], 16, "steep", alpha=1.5)
c("Elu", [f(2, 3)], 6, "alpha", alpha=2.0)
c("Selu", [f(2, 3)], 6, "alpha", alpha=2.0, gamma=3.0)
c("ThresholdedRelu", [f(2, 3)], [10, 22], "alpha", alpha=0.5)
c("HardSigmoid", [f(2, 3)], 6, "alpha", alpha=0.5, beta=0.6)
c("Celu", [f(2, 3)], 12)
c("Celu", [f(2, 3)], 12, "alpha", alpha=2.0)
c("Shrink", [f(2, 5)], 9)
c("Shrink", [f(2, 5)], 9, "soft", lambd=1.0, bias=1.0)
c("PRelu", [f(2, 3), f(3)], [7, 9, 16])
c("PRelu", [f(2, 3, 2), f(3, 1)], 16, "channels", known=[1])
c("PRelu", [f(2, 3), f(2, 3)], 16, "same")
c("HardSwish", [f(2, 5, low=-5, high=5)], [14, 22])
c("Mish", [f(2, 5, low=-5, high=5)], 18)
c("Gelu", [f(2, 5, low=-5, high=5)], 20)
c("Gelu", [f(2, 5, low=-5, high=5)], 20, "tanh", approximate="tanh")
c("Swish", [f(2, 3)], 24, by="reference")
c("Swish", [f(2, 3)], 24, "alpha", by="reference", alpha=0.5)
c("Gelu", [f(2, 5)], domain=MICROSOFT)
c("BiasGelu", [f(2, 3), f(3)], domain=MICROSOFT)
c("FastGelu", [f(2, 3)], domain=MICROSOFT)
c("FastGelu", [f(2, 3), f(3)], 17, "bias", domain=MICROSOFT)
c("QuickGelu", [f(2, 3)], domain=MICROSOFT)
c("QuickGelu", [f(2, 3)], 17, "alpha", domain=MICROSOFT, alpha=1.0)

reductions = c = Family("reductions")
REDUCTIONS = ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1",
              "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp")
for op in REDUCTIONS:
    by_input = 13 if op == "ReduceSum" else 18
    before = 11 if op == "ReduceSum" else 13
    x = f(2, 3, 4, low=0.1)
    c(op, [x], [7, before], "all")
    c(op, [x], before, "axes", axes=[0, 2], keepdims=0)
    c(op, [x], before, "negative", axes=[-1], keepdims=1)
    c(op, [x], by_input, "all")
    c(op, [x, ints(1)], by_input, "axis", keepdims=0)
    c(op, [x, ints(-1, 0)], by_input, "negative", known=[1])
    c(op, [x, ints()], by_input, "noop", noop_with_empty_axes=1, by="reference")
    c(op, [x, ints()], by_input, "empty-axes")
    c(op, [f(low=0.1)], by_input, "scalar")
for op in ("ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceSumSquare",
           "ReduceMean"):
    c(op, [i64(2, 3, low=1)], 13, "int64")
    c(op, [i32(2, 3, low=1)], 13, "int32")
c("ReduceSum", [f(2, 0, 4), ints(1)], 13, "none")
c("ReduceProd", [f(2, 0, 4), ints(1)], 18, "none")
c("ReduceMax", [f(2, 0, 4), ints(1)], 18, "none", expected=[np.full((2, 1, 4), -INF, np.float32)])
c("ReduceLogSumExp", [floats(1000, 1000.5, 999)], 18, "large")
c("ReduceLogSumExp", [floats(-INF, -INF)], 18, "minus-infinity", expected=[floats(-INF)])
c("ReduceMax", [b(2, 3), ints(1)], 20, "bool", by="reference")
c("ReduceMin", [b(2, 3), ints(0)], 20, "bool", by="reference")
for op in ("ArgMax", "ArgMin"):
    x = floats([1, 3, 3, 0, 0], [2, 2, 2, 2, 2])
    c(op, [x], [7, 11, 13], "default")
    c(op, [x], 13, "axis", axis=1, keepdims=0)
    c(op, [x], 13, "negative", axis=-1)
    c(op, [x], [12, 13], "last", axis=1, select_last_index=1)
    c(op, [i32(3, 4)], 13, "int32", axis=0)
for exclusive in (0, 1):
    for reverse in (0, 1):
        c("CumSum", [f(2, 3), number(1, np.int64)], [11, 14], f"{exclusive}{reverse}",
          exclusive=exclusive, reverse=reverse)
c("CumSum", [i64(4), number(-1, np.int32)], 14, "int64")
