"""Inputs of operations.mlir, and the comparison of its results.

usage: operations.py inputs X.npz
       operations.py compare PLAIN.npz PRIVATE.npz
SPDX-License-Identifier: Apache-2.0
"""
import math
import random
import sys

from npz import load, save


def inputs(path):
    generator = random.Random(7)

    def floats(shape, low, high):
        count = math.prod(shape)
        return ("<f4", shape, [generator.uniform(low, high) for _ in range(count)])

    arrays = {
        "x": floats((2, 4, 6, 5), -2, 2),
        "k": floats((6, 2, 3, 2), -0.2, 0.2),
        "p": floats((4, 8), 0.4, 2),
        "m": ("<i8", (8,), [1, 0, 0, 1, 1, 0, 1, 0]),
    }
    save(path, arrays)


def compare(plain, private):
    """Errors are relative to values above 4; at most 3e-3."""
    plain, private = load(plain), load(private)
    assert plain.keys() == private.keys()
    bad = []
    for name in plain:
        (_, shape, expected), (_, found, values) = plain[name], private[name]
        assert shape == found, name
        error = max(abs(a - b) / max(1, abs(a) / 4) for a, b in zip(expected, values))
        print(f"{name:12} {error:.6f}")
        # `not <=`: a NaN fails, too.
        if not error <= 3e-3:
            bad.append(name)
    assert not bad, f"too large an error: {bad}"


if __name__ == "__main__":
    {"inputs": inputs, "compare": compare}[sys.argv[1]](*sys.argv[2:])
