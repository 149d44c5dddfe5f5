"""BERT's encoder as a module of phase nn, for costs and times: shapes, ranges, random weights.

usage: bert.py LAYERS WIDTH HEADS FEED_FORWARD LENGTH > bert.mlir
SPDX-License-Identifier: Apache-2.0
"""
import array
import math
import random
import re
import sys

# Ranges like those that samples give for BERT-base on sentences.
RANGES = {
    "hidden": (-12, 12), "weight": (-0.6, 0.6), "bias": (-1, 1), "gamma": (0.3, 1.2), "projection": (-10, 10),
    "scores": (-80, 80), "probabilities": (0, 1), "context": (-6, 6), "sum": (-24, 24), "argument": (-10, 8),
    "activated": (-0.171, 8),
}


def attribute(*names, **inner):
    low, high = RANGES[names[0]]
    parts = [f"nn.range = array<f64: {low:.6f}, {high:.6f}>"]
    parts += [f"nn.{name} = array<f64: {low:.6f}, {high:.6f}>" for name, (low, high) in inner.items()]
    return "{" + ", ".join(parts) + "}"


class Text:
    def __init__(self):
        self.weights, self.lines, self.offset, self.count = [], [], 0, 0

    def emit(self, text):
        self.count += 1
        self.lines.append(f"    %v{self.count} = {text}")
        return f"%v{self.count}"

    def param(self, name, kind, *shape):
        tensor = f"tensor<{'x'.join(map(str, shape))}xf32>"
        size = 4
        for extent in shape:
            size *= extent
        self.weights.append(f"  nn.weight @{name} offset {self.offset} : {tensor}")
        self.offset += size
        return self.emit(f"nn.param @{name} {attribute(kind)} : {tensor}"), tensor

    def dense(self, x, tensor, name, width, out, kind, rows):
        w, wt = self.param(f"{name}.weight", "weight", width, out)
        b, bt = self.param(f"{name}.bias", "bias", out)
        result = f"tensor<1x{rows}x{out}xf32>"
        y = self.emit(f"nn.matmul {x}, {w} {attribute(kind)} : {tensor}, {wt}")
        return self.emit(f"nn.add {y}, {b} {attribute(kind)} : {result}, {bt}"), result


def module(layers, width, heads, ff, n, quad_softmax=False, quad_gelu=False):
    text = Text()
    hidden, head = f"tensor<1x{n}x{width}xf32>", width // heads
    x = "%x"

    def split(y, last):
        shape = f"tensor<1x{n}x{heads}x{head}xf32>"
        y = text.emit(f"nn.reshape {y} {attribute('projection')} : {hidden} -> {shape}")
        return text.emit(f"nn.transpose {y} perm {last} {attribute('projection')} : {shape}")

    def norm(y, name):
        gamma, gt = text.param(f"{name}.gamma", "gamma", width)
        beta, bt = text.param(f"{name}.beta", "bias", width)
        inner = attribute("hidden", variance_range=(0.2, 12))
        return text.emit(
            f"nn.layer_norm {y} gamma {gamma} beta {beta} axis 2 eps 1.0e-12 {inner} : {hidden}, {gt}, {bt}")

    for layer in range(layers):
        name = f"layer{layer}"
        q, k, v = (text.dense(x, hidden, f"{name}.{part}", width, width, "projection", n)[0]
                   for part in ("query", "key", "value"))
        heads_of = f"tensor<1x{heads}x{n}x{head}xf32>"
        columns = f"tensor<1x{heads}x{head}x{n}xf32>"
        square = f"tensor<1x{heads}x{n}x{n}xf32>"
        q, k, v = split(q, "[0, 2, 1, 3]"), split(k, "[0, 2, 3, 1]"), split(v, "[0, 2, 1, 3]")
        scores = text.emit(f"nn.matmul {q}, {k} {attribute('scores')} : {heads_of}, {columns}")
        means = (20.0, 60.0) if quad_softmax else (1.0, 30.0)
        inner = attribute("probabilities", centered_range=(-10, 7), mean_numerator_range=means)
        quad = " quad 5.0" if quad_softmax else ""
        p = text.emit(f"nn.softmax {scores} axis 3 scale 1.250000e-01{quad} {inner} : {square}")
        c = text.emit(f"nn.matmul {p}, {v} {attribute('context')} : {square}, {heads_of}")
        c = text.emit(f"nn.transpose {c} perm [0, 2, 1, 3] {attribute('context')} : {heads_of}")
        c = text.emit(f"nn.reshape {c} {attribute('context')} : tensor<1x{n}x{heads}x{head}xf32> -> {hidden}")
        y, _ = text.dense(c, hidden, f"{name}.output", width, width, "projection", n)
        y = text.emit(f"nn.add {y}, {x} {attribute('sum')} : {hidden}, {hidden}")
        x = norm(y, f"{name}.norm1")
        y, wide = text.dense(x, hidden, f"{name}.in", width, ff, "argument", n)
        kind = "quad_gelu" if quad_gelu else "gelu"
        y = text.emit(f"nn.unary {kind} {y} {attribute('activated')} : {wide}")
        y, _ = text.dense(y, wide, f"{name}.out", ff, width, "projection", n)
        y = text.emit(f"nn.add {y}, {x} {attribute('sum')} : {hidden}, {hidden}")
        x = norm(y, f"{name}.norm2")
    return "\n".join([
        "module {", *text.weights,
        f'  func.func @main(%x: {hidden} {{nn.name = "x", {attribute("hidden")[1:-1]}}}) -> ({hidden} {{nn.name = "y"}}) {{',
        *text.lines, f"    return {x} : {hidden}", "  }", "}\n"])


def write_weights(module, path):
    """Random weights for a module: small ones, since only its time is of interest."""
    places = re.findall(r"nn.weight @\S+ offset (\d+) : tensor<([0-9x]+)xf32>", module)
    left = max(int(offset) + 4 * math.prod(map(int, shape.split("x"))) for offset, shape in places)
    generator = random.Random(1)
    block = array.array("f", [generator.uniform(-0.05, 0.05) for _ in range(1 << 16)]).tobytes()
    with open(path, "wb") as file:
        while left > 0:
            left -= file.write(block[:left])


if __name__ == "__main__":
    print(module(*map(int, sys.argv[1:6])))
