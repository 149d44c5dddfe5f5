"""Inputs of argmax.mlir, and the comparison of its results.

usage: argmax.py inputs X.npz
       argmax.py compare X.npz PLAIN.npz PRIVATE.npz
SPDX-License-Identifier: Apache-2.0
"""
import random
import sys

from npz import load, save

TIES = [[1, -2, 0.5], [3, -2, 0.5], [-1, -2, 0.25], [3, -2, 0.5], [3, -2, -4]]


def inputs(path):
    # All different, and far enough apart that their squares are, too.
    values = [sign * (20 + i) / 32 for i in range(42) for sign in (1, -1.01)]
    random.Random(5).shuffle(values)
    save(path, {"x": ("<f4", (3, 7, 4), values), "t": ("<f4", (5, 3), sum(TIES, []))})


def place(values, last=False):
    ordered = list(enumerate(values))
    return max(reversed(ordered) if last else ordered, key=lambda pair: pair[1])[0]


def compare(given, plain, private):
    x = load(given)["x"][2]

    def at(i, j, k):
        return x[(i * 7 + j) * 4 + k]

    rows = {
        "x0": [place([at(i, j, k) for i in range(3)]) for j in range(7) for k in range(4)],
        "x1": [place([at(i, j, k) for j in range(7)]) for i in range(3) for k in range(4)],
        "x2": [place([at(i, j, k) for k in range(4)]) for i in range(3) for j in range(7)],
        "first": [place(column) for column in zip(*TIES)],
        "last": [place(column, last=True) for column in zip(*TIES)],
        "number": [0] * 15,
        "square": [place([at(i, j, k) ** 2 for j in range(7)]) for i in range(3) for k in range(4)],
    }
    for results in load(plain), load(private):
        assert results.keys() == rows.keys()
        for name, expected in rows.items():
            dtype, _, found = results[name]
            assert dtype == {"x2": "<i4", "number": "<f4"}.get(name, "<i8"), (name, dtype)
            assert list(found) == expected, (name, found, expected)


if __name__ == "__main__":
    {"inputs": inputs, "compare": compare}[sys.argv[1]](*sys.argv[2:])
