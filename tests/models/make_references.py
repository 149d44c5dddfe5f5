"""Writes inputs and ONNX Runtime's outputs for models.

usage: make_references.py                          beside the models of this folder
       make_references.py MODELS OUTPUT LENGTH     OUTPUT/FOLDER/MODEL.npz for every model of
                                                   MODELS with an axis 'sequence' and an .npz
Needs numpy and onnxruntime; the second form, onnx. Two samples, the second of
them padded where the model has a mask.
SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys

import numpy
import onnxruntime

onnxruntime.set_default_logger_severity(3)

HERE = pathlib.Path(__file__).resolve().parent
random = numpy.random.default_rng(0)


def ids(shape, vocabulary):
    return random.integers(0, vocabulary, shape, dtype=numpy.int64)


def ones(shape):
    return numpy.ones(shape, numpy.int64)


def normal(shape):
    return random.standard_normal(shape, dtype=numpy.float32)


def write(model, inputs, file):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(names, inputs)))
    file.parent.mkdir(parents=True, exist_ok=True)
    numpy.savez(file, **inputs, **outputs)
    print(file, {key: value.shape for key, value in outputs.items()})


def own():
    """The models of this folder."""
    length = 16
    inputs = {
        "optimum/distilbert_sequence_classification": {
            "input_ids": ids((1, length), 30522),
            "attention_mask": ones((1, length)),
        },
        "onnxruntime/bert_toy_optimized": {
            "input_ids": ids((1, length), 99),
            "token_type_ids": ids((1, length), 2),
            "input_mask": ones((1, length)),
        },
        # One new token after seven: the table of positions has 8 rows.
        "onnxruntime/gpt2_past": {
            "input_ids": ids((1, 1), 20),
            **{f"past_{i}": normal((2, 1, 2, 7, 2)) for i in range(12)},
        },
        "onnxruntime/gpt2_megatron": {
            "input_ids": ids((1, length), 10),
            "position_ids": numpy.arange(length)[None],
            "attention_mask": numpy.tril(numpy.ones((64, 64), numpy.float32))[None, None],
            "past_0": normal((2, 1, 2, 8, 4)),
        },
    }
    for name, arrays in inputs.items():
        write(HERE / f"{name}.onnx", arrays, HERE / f"{name}.npz")


def vocabulary(graph, name):
    """The rows of the table that an input of ids indexes."""
    rows = {tensor.name: tensor.dims[0] for tensor in graph.initializer if tensor.dims}
    found, same = [], {name}
    for node in graph.node:
        if node.op_type in ("Cast", "Reshape") and node.input[0] in same:
            same.add(node.output[0])
        if node.op_type == "Gather" and node.input[1] in same and node.input[0] in rows:
            found.append(rows[node.input[0]])
    if not found:
        sys.exit(f"make_references.py: no table is indexed by '{name}'")
    return min(found)


def of_others(folder, output, length):
    import onnx

    global random
    for model in sorted(folder.rglob("*.onnx")):
        if not model.with_suffix(".npz").exists():
            continue
        random = numpy.random.default_rng(0)  # whatever models there are
        graph = onnx.load(model).graph
        constants = {tensor.name for tensor in graph.initializer}
        arrays = {}
        for value in graph.input:
            axes = [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
            if value.name in constants or "sequence" not in axes:
                continue
            shape = [{"batch": 2, "sequence": length}.get(axis, axis) for axis in axes]
            if value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT:
                arrays[value.name] = normal(shape)
            elif "mask" in value.name:
                arrays[value.name] = ones(shape)
                arrays[value.name][1, length - length // 4:] = 0
            else:
                arrays[value.name] = ids(shape, vocabulary(graph, value.name))
        if arrays:
            write(model, arrays, output / model.parent.name / f"{model.stem}.npz")


if len(sys.argv) == 1:
    own()
elif len(sys.argv) == 4:
    of_others(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]))
else:
    sys.exit(__doc__)
