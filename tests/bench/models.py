"""Writes Transformers of real size with random weights, as exporters spell them.

usage: models.py [--opset 13|17] [--external] [--length N] [--samples S] FOLDER MODEL...

MODEL is one of bert-base, bert-large, gpt2, minilm or toy. FOLDER/MODEL.onnx has the axes 'batch' and 'sequence';
FOLDER/MODEL-N.npz has S samples of random token ids of length N, with what ONNX Runtime makes of the first of them if
it is installed. --external puts the weights into MODEL.onnx.data beside it, as exporters do beyond 2 GB. Weights are
those of a model before its training: normal, of deviation 0.02; gains 1 and biases 0 but for noise of 0.02.

It takes PyPI's onnx and numpy: python3 -m venv /tmp/venv && /tmp/venv/bin/pip install onnx numpy onnxruntime
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import dataclasses
import math
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DEVIATION = 0.02
LARGEST = float(np.finfo(np.float32).max)


@dataclasses.dataclass(frozen=True)
class Shape:
    layers: int
    width: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    causal: bool = False  # GPT-2: no types and no padding; logits of the token after the last
    pooled: bool = False  # the mean over the tokens that the mask keeps

    @property
    def epsilon(self):
        return 1e-5 if self.causal else 1e-12


SHAPES = {
    "bert-base": Shape(12, 768, 12, 3072, 30522, 512),
    "bert-large": Shape(24, 1024, 16, 4096, 30522, 512),
    "gpt2": Shape(12, 768, 12, 3072, 50257, 1024, causal=True),
    "minilm": Shape(6, 384, 12, 1536, 30522, 512, pooled=True),
    "toy": Shape(2, 32, 2, 64, 96, 64),
}


class Weights:
    """Random initializers, in the model or in a file beside it."""

    def __init__(self, file=None):
        self.generator = np.random.Generator(np.random.PCG64(1))
        self.file = file
        self.initializers = []

    def random(self, name, *shape, mean=0.0):
        values = self.generator.standard_normal(shape, dtype=np.float32)
        values *= DEVIATION
        values += np.float32(mean)
        return self.add(name, values)

    def add(self, name, values):
        tensor = TensorProto(name=name, dims=values.shape, data_type=helper.np_dtype_to_tensor_dtype(values.dtype))
        if self.file and values.nbytes > 1024:
            self.file.write(bytes(-self.file.tell() % 4096))
            tensor.data_location = TensorProto.EXTERNAL
            entries = {"location": pathlib.Path(self.file.name).name, "offset": self.file.tell(),
                       "length": values.nbytes}
            for key, value in entries.items():
                tensor.external_data.add(key=key, value=str(value))
            self.file.write(values.data)
        else:
            tensor.raw_data = values.tobytes()
        self.initializers.append(tensor)
        return name


class Graph:
    """Nodes named as torch's exporter names them: by their modules."""

    def __init__(self, shape, opset, weights):
        self.shape, self.opset, self.weights = shape, opset, weights
        self.nodes, self.scope, self.constants = [], [], {}

    def node(self, kind, *inputs, outputs=1, **attributes):
        name = "/" + "/".join([*self.scope, f"{kind}_{len(self.nodes)}"])
        names = [f"{name}_output_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=name, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value, kind=np.float32):
        key = (repr(value), kind)
        if key not in self.constants:
            self.constants[key] = self.node("Constant", value=numpy_helper.from_array(np.array(value, kind)))
        return self.constants[key]

    def integers(self, *values):
        return self.constant(list(values), np.int64)

    def parameter(self, name, *shape, mean=0.0):
        return self.weights.random(".".join([*self.scope, name]), *shape, mean=mean)

    def within(self, *names):
        return Scope(self, names)

    def length(self, ids):
        extent = self.node("Gather", self.node("Shape", ids), self.constant(1, np.int64), axis=0)
        return self.node("Unsqueeze", extent, self.integers(0))

    def dense(self, x, name, inner, outer):
        with self.within(name):
            weight = self.parameter("weight", inner, outer)
            return self.node("Add", self.parameter("bias", outer), self.node("MatMul", x, weight))

    def gemm(self, x, name, inner, outer):
        """GPT-2's Conv1D, which flattens the rows."""
        with self.within(name):
            weight, bias = self.parameter("weight", inner, outer), self.parameter("bias", outer)
            flat = self.node("Gemm", self.node("Reshape", x, self.integers(-1, inner)), weight, bias)
            shape = self.node("Concat", self.constant([1], np.int64), self.length(x), self.integers(outer), axis=0)
            return self.node("Reshape", flat, shape)

    def normalize(self, x, name):
        width, epsilon = self.shape.width, self.shape.epsilon
        with self.within(name):
            gain, bias = self.parameter("weight", width, mean=1.0), self.parameter("bias", width)
            if self.opset >= 17:
                return self.node("LayerNormalization", x, gain, bias, axis=-1, epsilon=epsilon)
            centered = self.node("Sub", x, self.node("ReduceMean", x, axes=[-1]))
            square = self.node("Pow", centered, self.constant(2.0))
            variance = self.node("ReduceMean", square, axes=[-1])
            deviation = self.node("Sqrt", self.node("Add", variance, self.constant(epsilon)))
            return self.node("Add", self.node("Mul", self.node("Div", centered, deviation), gain), bias)

    def gelu(self, x):
        if not self.shape.causal:
            error = self.node("Erf", self.node("Div", x, self.constant(math.sqrt(2))))
            both = self.node("Mul", x, self.node("Add", error, self.constant(1.0)))
            return self.node("Mul", both, self.constant(0.5))
        cube = self.node("Mul", self.node("Pow", x, self.constant(3.0)), self.constant(0.044715))
        inner = self.node("Mul", self.node("Add", x, cube), self.constant(math.sqrt(2 / math.pi)))
        factor = self.node("Add", self.node("Tanh", inner), self.constant(1.0))
        return self.node("Mul", self.node("Mul", x, self.constant(0.5)), factor)

    def attend(self, queries, keys, values, mask):
        """Attention of (1, n, width) with \\p mask of the scores."""
        heads, each = self.shape.heads, self.shape.width // self.shape.heads

        def split(x, order):
            return self.node("Transpose", self.node("Reshape", x, self.integers(0, 0, heads, each)), perm=order)

        scores = self.node("MatMul", split(queries, [0, 2, 1, 3]), split(keys, [0, 2, 3, 1]))
        scores = mask(self.node("Div", scores, self.constant(math.sqrt(each))))
        context = self.node("MatMul", self.node("Softmax", scores, axis=-1), split(values, [0, 2, 1, 3]))
        context = self.node("Transpose", context, perm=[0, 2, 1, 3])
        return self.node("Reshape", context, self.integers(0, 0, self.shape.width))

    def positions(self, ids):
        every = self.weights.add("position_ids", np.arange(self.shape.positions, dtype=np.int64)[None])
        return self.node("Slice", every, self.integers(0), self.length(ids), self.integers(1))

    def embedding(self, name, rows, indices):
        return self.node("Gather", self.parameter(f"{name}.weight", rows, self.shape.width), indices)


class Scope:
    def __init__(self, graph, names):
        self.graph, self.names = graph, names

    def __enter__(self):
        self.graph.scope += self.names

    def __exit__(self, *_):
        del self.graph.scope[-len(self.names):]


def bert(graph):
    """The last hidden states of a BERT, or their mean; (inputs, output, its shape)."""
    shape, width = graph.shape, graph.shape.width
    with graph.within("embeddings"):
        words = graph.embedding("word_embeddings", shape.vocabulary, "input_ids")
        types = graph.embedding("token_type_embeddings", 2, "token_type_ids")
        places = graph.embedding("position_embeddings", shape.positions, graph.positions("input_ids"))
        x = graph.normalize(graph.node("Add", graph.node("Add", words, types), places), "LayerNorm")
    kept = graph.node("Unsqueeze", graph.node("Unsqueeze", "attention_mask", graph.integers(1)), graph.integers(2))
    dropped = graph.node("Sub", graph.constant(1.0), graph.node("Cast", kept, to=TensorProto.FLOAT))
    bias = graph.node("Mul", dropped, graph.constant(-LARGEST))
    for layer in range(shape.layers):
        with graph.within("encoder", f"layer.{layer}"):
            with graph.within("attention"):
                with graph.within("self"):
                    parts = [graph.dense(x, part, width, width) for part in ("query", "key", "value")]
                    context = graph.attend(*parts, lambda scores: graph.node("Add", scores, bias))
                with graph.within("output"):
                    y = graph.dense(context, "dense", width, width)
                    x = graph.normalize(graph.node("Add", y, x), "LayerNorm")
            with graph.within("intermediate"):
                y = graph.gelu(graph.dense(x, "dense", width, shape.inner))
            with graph.within("output"):
                y = graph.dense(y, "dense", shape.inner, width)
                x = graph.normalize(graph.node("Add", y, x), "LayerNorm")
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    if not shape.pooled:
        return inputs, ("last_hidden_state", x), ["batch", "sequence", width]
    weight = graph.node("Unsqueeze", "attention_mask", graph.integers(-1))
    weight = graph.node("Cast", weight, to=TensorProto.FLOAT)
    total = graph.node("ReduceSum", graph.node("Mul", x, weight), graph.integers(1), keepdims=0)
    count = graph.node("ReduceSum", weight, graph.integers(1), keepdims=0)
    mean = graph.node("Div", total, graph.node("Clip", count, graph.constant(1e-9)))
    return inputs, ("sentence_embedding", mean), ["batch", width]


def gpt2(graph):
    """The logits of the token after the last."""
    shape, width = graph.shape, graph.shape.width
    with graph.within("transformer"):
        words = graph.embedding("wte", shape.vocabulary, "input_ids")
        x = graph.node("Add", words, graph.embedding("wpe", shape.positions, graph.positions("input_ids")))
        triangle = graph.weights.add("triangle", np.tri(shape.positions, dtype=bool)[None, None])
        n = graph.length("input_ids")
        for axis in (2, 3):
            triangle = graph.node("Slice", triangle, graph.integers(0), n, graph.integers(axis))

        def mask(scores):
            return graph.node("Where", triangle, scores, graph.constant(-LARGEST))

        for layer in range(shape.layers):
            with graph.within(f"h.{layer}"):
                y = graph.normalize(x, "ln_1")
                with graph.within("attn"):
                    joint = graph.gemm(y, "c_attn", width, 3 * width)
                    parts = graph.node("Split", joint, graph.integers(width, width, width), outputs=3, axis=2)
                    y = graph.gemm(graph.attend(*parts, mask), "c_proj", width, width)
                x = graph.node("Add", y, x)
                y = graph.normalize(x, "ln_2")
                with graph.within("mlp"):
                    y = graph.gelu(graph.gemm(y, "c_fc", width, shape.inner))
                    x = graph.node("Add", x, graph.gemm(y, "c_proj", shape.inner, width))
        x = graph.normalize(x, "ln_f")
    last = graph.node("Gather", x, graph.constant(-1, np.int64), axis=1)
    logits = graph.node("MatMul", last, graph.parameter("lm_head.weight", width, shape.vocabulary))
    return ["input_ids"], ("logits", logits), ["batch", shape.vocabulary]


def write_model(path, shape, opset, external):
    """Inputs of the model, in order."""
    data = path.with_suffix(".onnx.data")
    with open(data, "wb") if external else open("/dev/null", "wb") as file:
        weights = Weights(file if external else None)
        graph = Graph(shape, opset, weights)
        inputs, (name, value), extents = (gpt2 if shape.causal else bert)(graph)
        graph.nodes.append(helper.make_node("Identity", [value], [name], name="/Identity"))
    ids = [helper.make_tensor_value_info(each, TensorProto.INT64, ["batch", "sequence"]) for each in inputs]
    result = helper.make_tensor_value_info(name, TensorProto.FLOAT, extents)
    body = helper.make_graph(graph.nodes, "main_graph", ids, [result], initializer=weights.initializers)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return inputs


def write_samples(path, model, inputs, shape, length, count):
    """Random tokens, no padding; the last quarter is of type 1."""
    generator = np.random.Generator(np.random.PCG64(length))
    full = (count, 1, length)
    arrays = {
        "input_ids": generator.integers(0, shape.vocabulary, full, dtype=np.int64),
        "attention_mask": np.ones(full, np.int64),
        "token_type_ids": np.broadcast_to(np.arange(length) >= length - length // 4, full).astype(np.int64),
    }
    arrays = {name: arrays[name] for name in inputs}
    np.savez(path, **arrays)
    first = {name: values[0] for name, values in arrays.items()}
    try:
        import onnxruntime
    except ImportError:
        pass
    else:
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        first.update(zip(names, session.run(names, first)))
    np.savez(path.with_name(path.stem + "-first.npz"), **first)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--opset", type=int, choices=[13, 17], default=17)
    parser.add_argument("--external", action="store_true")
    parser.add_argument("--length", type=int, action="append")
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("models", nargs="+", choices=SHAPES, metavar="MODEL")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.models:
        shape, path = SHAPES[name], arguments.folder / f"{name}.onnx"
        inputs = write_model(path, shape, arguments.opset, arguments.external)
        for length in arguments.length or [128]:
            if length > shape.positions:
                parser.error(f"--length {length}: {name} has {shape.positions} positions")
            samples = path.with_name(f"{name}-{length}.npz")
            write_samples(samples, path, inputs, shape, length, arguments.samples)


if __name__ == "__main__":
    main()
