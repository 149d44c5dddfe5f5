"""Cases of products, normalizations, images and attention."""

import numpy as np

from case_builder import INF, MICROSOFT, Family, b, bools, f, floats, i32, i64, ints, ints32, number

products = c = Family("products")
for variant, left, right in (("matrices", (2, 3), (3, 4)), ("vectors", (3,), (3,)),
                             ("left-vector", (3,), (2, 3, 4)), ("right-vector", (2, 3), (3,)),
                             ("batch", (2, 1, 2, 3), (4, 3, 2)), ("none", (2, 0), (0, 3)),
                             ("empty", (0, 2), (2, 3))):
    c("MatMul", [f(*left), f(*right)], 13, variant)
c("MatMul", [f(2, 3), f(3, 4)], [7, 9], "known", known=[1])
c("MatMul", [i32(2, 3), i32(3, 4)], 13, "int32")
c("MatMul", [i64(2, 3), i64(3, 4)], 13, "int64")
c("Gemm", [f(2, 3), f(3, 4), f(4)], [7, 9, 11, 13])
c("Gemm", [f(3, 2), f(4, 3), f(2, 1)], 13, "transposed", transA=1, transB=1, alpha=0.5, beta=2.0)
c("Gemm", [f(2, 3), f(3, 4)], [11, 13], "no-bias")
c("Gemm", [f(2, 3), f(3, 4), f()], 13, "scalar")
c("FusedMatMul", [f(2, 3), f(3, 4)], domain=MICROSOFT, alpha=0.5)
c("FusedMatMul", [f(2, 2, 3), f(3, 2, 2)], 17, "batches", domain=MICROSOFT, transBatchB=1)
c("TransposeMatMul", [f(3, 2), f(3, 4)], domain=MICROSOFT, transA=1)
c("FusedGemm", [f(2, 3), f(3, 4), f(4)], domain=MICROSOFT, activation="Relu")
c("FusedGemm", [f(2, 3), f(3, 4)], 17, "leaky", domain=MICROSOFT, activation="LeakyRelu",
  activation_alpha=0.2)
c("GemmFastGelu", [floats([1, 2]), floats([0.5], [-1]), floats(0.5)], domain=MICROSOFT,
  expected=[floats([-0.158808])])
c("FusedMatMul", [f(2, 2, 3), f(2, 4, 3)], 17, "transposed", domain=MICROSOFT, transB=1)
for variant, equation, shapes in (
        ("product", "ij,jk->ik", ((2, 3), (3, 4))), ("heads", "bhid,bhjd->bhij", ((1, 2, 3, 4),) * 2),
        ("transpose", "ij->ji", ((2, 3),)), ("sum", "ij->i", ((2, 3),)), ("trace", "ii", ((3, 3),)),
        ("diagonal", "bii->bi", ((2, 3, 3),)), ("implicit", "kj,ji", ((2, 3), (3, 4))),
        ("inner", "i,i", ((3,), (3,))), ("outer", "i,j->ij", ((2,), (3,))),
        ("ellipsis", "...ij,...jk->...ik", ((2, 2, 3), (3, 4))),
        ("broadcast", "...ij,...jk->...ik", ((2, 1, 2, 3), (1, 4, 3, 2))),
        ("three", "ij,jk,kl->il", ((2, 3), (3, 2), (2, 4))), ("spaces", "b i , i -> b", ((2, 3), (3,))),
        ("all", "ij->", ((2, 3),)), ("ellipsis-last", "i...->...", ((2, 3),))):
    c("Einsum", [f(*shape) for shape in shapes], 12, variant, equation=equation)

normalizations = c = Family("normalizations")
for op in ("Softmax", "LogSoftmax", "Hardmax"):
    # Before opset 13 the reference does not join axes.
    c(op, [f(2, 3, 4)], [7, 11, 13], by="runtime")
    for axis in (0, 1, -1):
        c(op, [f(2, 3, 4)], [11, 13], f"axis{axis}".replace("-", "n"), axis=axis, by="runtime")
    c(op, [floats([1000, 1001, -1000])], 13, "large", by="runtime")
    c(op, [f(3)], 13, "vector", axis=0)
c("BiasSoftmax", [floats([1, 2], [3, 4]), floats([0, 1], [1, 1])], domain=MICROSOFT, axis=1,
  is_inner_broadcast=0, expected=[floats([0.11920292, 0.880797], [0.26894143, 0.7310586])])
c("LayerNormalization", [f(2, 3, 4), f(4), f(4)], 17)
c("LayerNormalization", [f(2, 3, 4), f(4), f(4)], 17, "statistics", outputs=3)
c("LayerNormalization", [f(2, 3, 4), f(3, 4)], 17, "axis", axis=1, epsilon=0.1, outputs=3)
c("LayerNormalization", [f(2, 3, 4), f(2, 3, 4), f(2, 3, 4)], 17, "first", axis=-3)
c("SimplifiedLayerNormalization", [f(2, 3), f(3)], 17, by="runtime", axis=-1, epsilon=1e-5)
c("RMSNormalization", [f(2, 3, 4), f(4)], 23, by="reference")
c("RMSNormalization", [f(2, 3, 4), f(3, 4)], 23, "axis", axis=1, epsilon=0.1, by="reference")
c("SkipLayerNormalization", [f(1, 2, 4), f(1, 2, 4), f(4), f(4), f(4)], domain=MICROSOFT)
c("SkipLayerNormalization", [f(1, 2, 4), f(1, 2, 4), f(4), None, None], 17, "sum", domain=MICROSOFT,
  outputs=[True, False, False, True])
c("SkipSimplifiedLayerNormalization", [f(1, 2, 4), f(1, 2, 4), f(4)], domain=MICROSOFT)
c("SkipSimplifiedLayerNormalization", [f(1, 2, 4), f(1, 2, 4), f(4), f(4)], 17, "sum",
  domain=MICROSOFT, outputs=[True, False, False, True])
c("BatchNormalization", [f(2, 3, 2, 2), f(3), f(3), f(3), f(3, low=0.1)], [9, 14, 15],
  by="runtime")
c("BatchNormalization", [f(2, 3), f(3), f(3), f(3), f(3, low=0.1)], 15, "rank2", epsilon=0.01)
c("BatchNormalization", [f(2, 3, 4), f(3), f(3), f(3), f(3, low=0.1)], 15, "training", outputs=3,
  training_mode=1, momentum=0.8, by="reference")
c("InstanceNormalization", [f(2, 3, 4), f(3), f(3)], [6, 22])
c("InstanceNormalization", [f(1, 2, 2, 3), f(2), f(2)], 6, "epsilon", epsilon=0.1)
c("GroupNormalization", [f(2, 4, 3), f(2), f(2)], 18, num_groups=2, by="runtime")
c("GroupNormalization", [f(2, 4, 3), f(4), f(4)], 21, num_groups=2, epsilon=0.1)
c("MeanVarianceNormalization", [f(2, 2, 3, 2)], [9, 13])
c("MeanVarianceNormalization", [f(2, 3, 4)], 13, "axes", axes=[1, -1])
c("LpNormalization", [f(2, 3)], [7, 22])
c("LpNormalization", [f(2, 3)], 22, "first", axis=0, p=1, by="runtime")
c("LpNormalization", [floats([0, 0], [3, 4])], 22, "zero", expected=[floats([0, 0], [0.6, 0.8])])

images = c = Family("images")
c("Conv", [f(1, 2, 5, 5), f(3, 2, 3, 3)], [7, 11], "plain")
c("Conv", [f(1, 2, 5, 5), f(3, 2, 3, 3), f(3)], 11, "bias", pads=[1, 1, 1, 1], strides=[2, 2],
  known=[1, 2])
c("Conv", [f(1, 4, 6), f(4, 2, 3)], 11, "groups", group=2, dilations=[2])
c("Conv", [f(1, 1, 5, 4), f(1, 1, 3, 2)], 11, "same-upper", auto_pad="SAME_UPPER", strides=[2, 2])
c("Conv", [f(1, 1, 5, 4), f(1, 1, 3, 2)], 11, "same-lower", auto_pad="SAME_LOWER")
c("Conv", [f(1, 1, 3, 3, 3), f(1, 1, 2, 2, 2)], 11, "three", auto_pad="VALID")
c("FusedConv", [f(1, 1, 4, 4), f(2, 1, 3, 3), f(2)], domain=MICROSOFT, activation="Relu")
c("FusedConv", [f(1, 1, 4, 4), f(2, 1, 3, 3), f(2), f(1, 2, 2, 2)], 17, "sum", domain=MICROSOFT,
  activation="LeakyRelu", activation_params=[0.1])
c("ConvTranspose", [f(1, 2, 3, 3), f(2, 3, 3, 3)], [7, 11])
c("ConvTranspose", [f(1, 2, 3), f(2, 1, 3), f(1)], 11, "bias", strides=[2], pads=[1, 0],
  output_padding=[1])
c("ConvTranspose", [f(1, 4, 3), f(4, 1, 2)], 11, "groups", group=2, dilations=[2])
c("ConvTranspose", [f(1, 1, 3, 3), f(1, 2, 3, 3)], 11, "shape", strides=[3, 2],
  output_shape=[10, 8], output_padding=[1, 1])
c("ConvTranspose", [f(1, 1, 3, 3), f(1, 2, 3, 3)], 11, "same", strides=[2, 2],
  auto_pad="SAME_UPPER", kernel_shape=[3, 3])
POOLS = (("plain", {}), ("strides", {"strides": [2, 2]}), ("pads", {"pads": [1, 0, 1, 1]}),
         ("ceil", {"strides": [2, 2], "ceil_mode": 1}),
         ("same-upper", {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
         ("same-lower", {"auto_pad": "SAME_LOWER"}))
for op, opset in (("MaxPool", 12), ("AveragePool", 11), ("LpPool", 18)):
    for variant, attributes in POOLS:
        c(op, [f(1, 2, 5, 4)], opset, variant, kernel_shape=[3, 2], **attributes,
          by=None if op == "AveragePool" else "runtime")
    c(op, [f(1, 1, 6)], 22 if op != "LpPool" else 18, "one", kernel_shape=[3],
      by="runtime" if op == "LpPool" else None)
c("AveragePool", [f(1, 1, 4, 4)], [7, 11], "counts", kernel_shape=[3, 3], pads=[1, 1, 1, 1],
  count_include_pad=1)
c("AveragePool", [f(1, 1, 4, 4)], 19, "counts-ceil", kernel_shape=[3, 3], pads=[1, 1, 1, 1],
  count_include_pad=1, strides=[2, 2], ceil_mode=1)
c("AveragePool", [f(1, 1, 6, 6)], 19, "dilations", kernel_shape=[2, 2], dilations=[2, 2])
c("MaxPool", [f(1, 1, 6, 6)], 12, "dilations", kernel_shape=[2, 2], dilations=[2, 2])
c("MaxPool", [f(2, 2, 4, 4)], 12, "indices", kernel_shape=[2, 2], strides=[2, 2], outputs=2)
c("MaxPool", [f(1, 1, 4, 3)], 12, "columns", kernel_shape=[2, 2], pads=[1, 1, 0, 0], outputs=2,
  storage_order=1, by="runtime")
c("LpPool", [f(1, 1, 4, 4)], 18, "cubes", kernel_shape=[2, 2], p=3)
for op in ("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"):
    c(op, [f(2, 3, 2, 4)], [2, 7] if op == "GlobalLpPool" else [7, 22])
c("GlobalMaxPool", [f(1, 2, 5)], 1, "one", by="runtime")
c("LRN", [f(1, 5, 2, 2)], [7, 13], size=3, by="runtime")
c("LRN", [f(1, 5, 2, 1)], 13, "wide", size=5, alpha=0.2, beta=0.5, bias=2.0, by="runtime")
NONE = floats()
TRANSFORMATIONS = ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")
for mode in ("nearest", "linear", "cubic"):
    for transformation in TRANSFORMATIONS:
        c("Resize", [f(1, 1, 2, 4), NONE, floats(1, 1, 2, 0.6)], [11, 13],
          f"{mode}-{transformation}", known=[1], mode=mode,
          coordinate_transformation_mode=transformation, by="reference")
    c("Resize", [f(1, 1, 2, 4), None, None, ints(1, 1, 3, 3)], [13, 19], f"{mode}-sizes", mode=mode,
      by="reference")
c("Resize", [f(1, 1, 2, 4), floats(1, 1, 2, 2)], 10, "old", mode="nearest", by="runtime")
for nearest in ("floor", "ceil", "round_prefer_floor", "round_prefer_ceil"):
    c("Resize", [f(1, 1, 3), None, None, ints(1, 1, 6)], 13, nearest, nearest_mode=nearest,
      coordinate_transformation_mode="half_pixel")
c("Resize", [f(1, 1, 4, 4), None, floats(1, 1, 0.8, 0.8)], 18, "antialias-linear", mode="linear",
  antialias=1, by="reference")
c("Resize", [f(1, 1, 4, 4), None, floats(1, 1, 0.6, 0.6)], 18, "antialias-cubic", mode="cubic",
  antialias=1, by="reference")
c("Resize", [f(1, 1, 4, 4), None, floats(1, 1, 2, 0.7)], 13, "excluded", mode="cubic",
  exclude_outside=1, cubic_coeff_a=-0.5, by="reference")
c("Resize", [f(1, 1, 4, 4), floats(0, 0, 0.4, 0.6, 1, 1, 1.2, 0.8), None, ints(1, 1, 3, 3)], 13,
  "crop", mode="linear", coordinate_transformation_mode="tf_crop_and_resize",
  extrapolation_value=10.0, by="reference")
c("Resize", [f(1, 1, 2, 4), None, None, ints(7, 8)], 18, "not-larger", mode="nearest", axes=[2, 3],
  keep_aspect_ratio_policy="not_larger", by="reference")
c("Resize", [f(1, 1, 2, 4), None, None, ints(7, 8)], 18, "not-smaller", mode="nearest",
  axes=[2, 3], keep_aspect_ratio_policy="not_smaller", by="reference")
c("Resize", [f(1, 1, 4), None, floats(2.3)], 19, "symmetric", mode="linear", axes=[2],
  coordinate_transformation_mode="half_pixel_symmetric", by="reference")
c("Upsample", [f(1, 1, 2, 2)], 7, scales=[1.0, 1.0, 2.0, 3.0], by="runtime")
c("Upsample", [f(1, 1, 2, 2), floats(1, 1, 2, 3)], 9, by="runtime")

losses = c = Family("losses")
for op in ("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"):
    for reduction in ("none", "sum", "mean"):
        c(op, [f(3, 4), ints(0, 3, 1)], [12, 13], reduction, reduction=reduction)
        c(op, [f(2, 3, 2), ints([0, 2], [1, 1]), f(3, low=0.1)], 13, f"weighted-{reduction}",
          reduction=reduction)
    c(op, [f(3, 4), ints(0, -1, 1)], 13, "ignored", ignore_index=-1, by="runtime")
    c(op, [f(3, 4), ints(0, 2, 1), f(4, low=0.1)], 13, "ignored-weighted", ignore_index=2)
c("SoftmaxCrossEntropyLoss", [f(3, 4), ints(0, 3, 1)], 13, "logs", outputs=2)

attention = c = Family("attention")
q, k, v = (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 3)
for opset in (23, 24):
    c("Attention", [f(*q), f(*k), f(*v)], opset, by="reference")
    c("Attention", [f(*q), f(*k), f(*v), f(3, 5)], opset, "bias", by="reference", scale=0.3)
    c("Attention", [f(*q), f(*k), f(*v), bools([True, True, False, True, False],
                                              [True, False, True, True, True],
                                              [False, True, True, True, True])], opset, "mask",
      by="reference")
    c("Attention", [f(*q), f(*k), f(*v)], opset, "causal", is_causal=1, by="reference")
    c("Attention", [f(*q), f(*k), f(*v), None, f(1, 2, 2, 4), f(1, 2, 2, 3)], opset, "past",
      is_causal=1, outputs=3, by="reference")
    c("Attention", [f(1, 4, 3, 4), f(1, 2, 5, 4), f(1, 2, 5, 3)], opset, "grouped", by="reference")
    c("Attention", [f(1, 3, 8), f(1, 5, 4), f(1, 5, 6)], opset, "joined", q_num_heads=2,
      kv_num_heads=1, by="reference")
    c("Attention", [f(*q), f(*k), f(*v)], opset, "softcap", softcap=2.0, by="reference")
for mode in range(4):
    c("Attention", [f(*q), f(*k), f(*v), f(3, 5)], 24, f"scores{mode}", outputs=[1, 0, 0, 1],
      qk_matmul_output_mode=mode, by="reference")
c("Attention", [f(*q), f(*k), f(*v), b(3, 4), None, None, ints(4)], 24, "filled", by="reference")
c("Attention", [f(2, 1, 2, 4), f(2, 1, 4, 4), f(2, 1, 4, 4), None, None, None, ints(3, 4)], 24,
  "filled-causal", is_causal=1, by="reference")
c("Attention", [f(*q), f(*k), f(*v), bools([False] * 5, [True] * 5, [False, True] * 2 + [True])], 24,
  "row-masked", by="reference")
for interleaved in (0, 1):
    c("RotaryEmbedding", [f(1, 2, 3, 4), f(5, 2), f(5, 2), ints([0, 3, 1])], 23,
      f"heads{interleaved}", interleaved=interleaved, by="reference")
    c("RotaryEmbedding", [f(1, 3, 8), f(1, 3, 2), f(1, 3, 2)], 23, f"joined{interleaved}",
      interleaved=interleaved, num_heads=2, by="reference")
    c("RotaryEmbedding", [f(1, 3, 8), ints([0, 1, 2]), f(5, 2), f(5, 2)], 17, f"{interleaved}",
      domain=MICROSOFT, interleaved=interleaved)
c("RotaryEmbedding", [f(1, 2, 3, 6), f(5, 2), f(5, 2), ints([0, 3, 1])], 23, "part",
  rotary_embedding_dim=4, by="reference")
c("RotaryEmbedding", [f(1, 2, 3, 4), ints(1), f(5, 2), f(5, 2)], 17, "offset", domain=MICROSOFT)
weights = (f(2, 3, 4), f(4, 12), f(12))
c("Attention", weights, domain=MICROSOFT, num_heads=2)
c("Attention", [*weights, ints32([1, 1, 0], [1, 1, 1])], 17, "mask", domain=MICROSOFT, num_heads=2)
c("Attention", [*weights, ints32(2, 3)], 17, "lengths", domain=MICROSOFT, num_heads=2)
c("Attention", weights, 17, "causal", domain=MICROSOFT, num_heads=2, unidirectional=1)
c("Attention", [*weights, None, f(2, 2, 2, 3, 2)], 17, "past", domain=MICROSOFT, num_heads=2,
  unidirectional=1, outputs=2)
c("MultiHeadAttention", [f(1, 3, 4), f(1, 5, 4), f(1, 5, 4)], domain=MICROSOFT, num_heads=2)
c("MultiHeadAttention", [f(1, 3, 4), f(1, 5, 4), f(1, 5, 4), f(12), None, f(1, 2, 3, 5)], 17, "bias",
  domain=MICROSOFT, num_heads=2)
c("MultiHeadAttention", [f(1, 3, 4), f(1, 5, 4), f(1, 5, 4), None, ints32([1, 1, 0, 1, 0])], 17,
  "mask", domain=MICROSOFT, num_heads=2)
ids = np.array([[1, 0, 3]], np.int32)
tables = (f(5, 4), f(3, 4), f(2, 4), f(4), f(4))
c("EmbedLayerNormalization", [ids, np.array([[0, 1, 1]], np.int32), *tables], domain=MICROSOFT,
  outputs=2, known=[2, 3, 4, 5, 6], by="runtime")
c("EmbedLayerNormalization", [ids, np.array([[0, 1, 1]], np.int32), *tables,
                              np.array([[1, 1, 0]], np.int32)], 17, "mask", domain=MICROSOFT,
  outputs=2, known=[2, 3, 4, 5, 6])
