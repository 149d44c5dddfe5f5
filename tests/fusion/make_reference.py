#!/usr/bin/env python3
"""Writes reference.json: sizes, inputs and ONNX Runtime's outputs of every graph.

Needs numpy, onnx and onnxruntime; the tests do not need this script. Inputs are
numbers that FusionTest.cpp makes again, and of an output a few elements stand
for all.
SPDX-License-Identifier: Apache-2.0
"""
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime

here = pathlib.Path(__file__).parent
# Axes with a meaning; other dynamic axes are 2.
AXES = {"K": 3, "N": 4, "L": 5, "seq_len": 3, "past_seq_len": 2,
        "past_seq_len+seq_len": 5, "total_seq_len": 5, "None": 4, "unk_3": 3}
# Graphs with one name for axes that differ, and inputs that must fit.
GRAPH_AXES = {
    "reshape_fusion_input_is_graph_input.onnx":
        {"input_dim_0": 10, "input_dim_1": 20, "input_dim_2": 30},
    "bias_gelu_fusion_recompute.onnx": {"unk_5": 1, "unk_6": 3072},
}
for layout in ("int8", "uint8", "zp_not_provided"):
    GRAPH_AXES[f"qdq_fusion_{layout}.onnx"] = {"unk_1": 1, "unk_2": 1}
TWO_POSITIONS = {"input_ids:1": 2, "input_mask:1": 2}
for layout in ("8", "8_opset13", "9", "9_opset13"):
    GRAPH_AXES[f"embed_layer_norm_format{layout}.onnx"] = TWO_POSITIONS
FILLS = {"div_mul.onnx": {"A": 1, "B": 1, "C": 2, "D": 1},
         "embed_layer_norm_format1.onnx": {"X": 0, "Y": 0}}
KEPT = 24  # elements of an output
LARGE = 1 << 24  # elements of an input


def random_bits(count, salt):
    """splitmix64 of the numbers from salt * 2^32 on."""
    with numpy.errstate(over="ignore"):
        z = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(salt << 32)
        z = (z + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return z ^ (z >> numpy.uint64(31))


def make_input(name, dtype, shape, salt):
    """Masks, integers and booleans are 0 or 1, floats uniform in [-1, 1)."""
    bits = random_bits(int(numpy.prod(shape)), salt)
    if dtype.kind in "iub" or "mask" in name:
        return (bits >> numpy.uint64(63)).astype(dtype).reshape(shape)
    unit = (bits >> numpy.uint64(40)).astype(numpy.float32) / (1 << 23) - 1
    return unit.astype(dtype).reshape(shape)


def uses_half(model):
    """Does any value have 16 bits? ONNX Runtime rounds it, the compiler not."""
    half = onnx.TensorProto.FLOAT16
    graph = model.graph
    return (any(v.type.tensor_type.elem_type == half
                for v in [*graph.input, *graph.output, *graph.value_info])
            or any(t.data_type == half for t in graph.initializer)
            or any(a.name == "to" and a.i == half
                   for n in graph.node for a in n.attribute))


def describe(path):
    model = onnx.load(path)
    known = {tensor.name for tensor in model.graph.initializer}
    dims, feed = {}, {}
    for value in model.graph.input:
        if value.name in known:
            continue
        kind = value.type.tensor_type
        shape = []
        for axis, dim in enumerate(kind.shape.dim):
            if dim.HasField("dim_value") and dim.dim_value >= 0:
                shape.append(dim.dim_value)
                continue
            name = dim.dim_param or f"{value.name}:{axis}"
            sizes = {**AXES, **GRAPH_AXES.get(path.name, {})}
            dims[name] = sizes.get(name, 3 if name.endswith(":1") else 2)
            shape.append(dims[name])
        if numpy.prod(shape) > LARGE:
            return {"dims": dims, "skipped": "an input is larger than 2^24"}
        dtype = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type)
        if dtype.kind not in "fiub":
            return {"dims": dims, "skipped": f"input of {dtype}"}
        feed[value.name] = make_input(value.name, dtype, shape, len(feed))
        if value.name in FILLS.get(path.name, {}):
            feed[value.name].fill(FILLS[path.name][value.name])
    entry = {"dims": dims}
    if path.name in FILLS:
        entry["fill"] = FILLS[path.name]
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL)
    try:
        session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
        results = session.run(None, feed)
    except Exception as problem:
        text = str(problem).split(" : ", 3)[-1].splitlines()[0]
        return {**entry, "skipped": f"onnxruntime: {text}"}
    outputs = {}
    for value, result in zip(session.get_outputs(), results):
        flat = result.astype(numpy.float64).ravel()
        step = max(1, -(-flat.size // KEPT))
        outputs[value.name] = {
            "shape": list(result.shape), "step": step,
            "values": [float(f"{x:.7g}") for x in flat[::step]]}
    return {**entry, "outputs": outputs, "half": uses_half(model)}


def main():
    onnxruntime.set_default_logger_severity(4)
    table = {path.name: describe(path)
             for path in sorted((here / "graphs").glob("*.onnx"))}
    rows = [f"{json.dumps(name)}: {json.dumps(entry)}"
            for name, entry in table.items()]
    (here / "reference.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
    skipped = {n: e["skipped"] for n, e in table.items() if "skipped" in e}
    print(len(table), "graphs,", len(skipped), "without outputs", file=sys.stderr)
    for name, why in skipped.items():
        print(f"  {name}: {why[:150]}", file=sys.stderr)


if __name__ == "__main__":
    main()
