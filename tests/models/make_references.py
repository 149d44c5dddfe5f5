"""Writes inputs and ONNX Runtime's outputs beside the models of this folder.

usage: make_references.py            (needs numpy and onnxruntime; run once)
SPDX-License-Identifier: Apache-2.0
"""
import pathlib

import numpy
import onnxruntime

onnxruntime.set_default_logger_severity(3)

HERE = pathlib.Path(__file__).resolve().parent
LENGTH = 16
random = numpy.random.default_rng(0)


def ids(shape, vocabulary):
    return random.integers(0, vocabulary, shape, dtype=numpy.int64)


def ones(shape):
    return numpy.ones(shape, numpy.int64)


def normal(shape):
    return random.standard_normal(shape, dtype=numpy.float32)


INPUTS = {
    "optimum/distilbert_sequence_classification": {
        "input_ids": ids((1, LENGTH), 30522),
        "attention_mask": ones((1, LENGTH)),
    },
    "onnxruntime/bert_toy_optimized": {
        "input_ids": ids((1, LENGTH), 99),
        "token_type_ids": ids((1, LENGTH), 2),
        "input_mask": ones((1, LENGTH)),
    },
    # One new token after seven: the table of positions has 8 rows.
    "onnxruntime/gpt2_past": {
        "input_ids": ids((1, 1), 20),
        **{f"past_{i}": normal((2, 1, 2, 7, 2)) for i in range(12)},
    },
    "onnxruntime/gpt2_megatron": {
        "input_ids": ids((1, LENGTH), 10),
        "position_ids": numpy.arange(LENGTH)[None],
        "attention_mask": numpy.tril(numpy.ones((64, 64), numpy.float32))[None, None],
        "past_0": normal((2, 1, 2, 8, 4)),
    },
}

for name, inputs in INPUTS.items():
    session = onnxruntime.InferenceSession(HERE / f"{name}.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(names, inputs)))
    numpy.savez(HERE / f"{name}.npz", **inputs, **outputs)
    print(name, {key: value.shape for key, value in outputs.items()})
