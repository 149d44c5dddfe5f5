"""Checks what a weight declared public changes.

usage: public_weight.py cost SECRET.json PUBLIC.json ROWS TABLE     numbers in the one-hot rows, in the table
       public_weight.py program FOLDER MODEL.onnx NAME SHAPE        a program with one public weight
       public_weight.py close FOLDER OUT.npz EXPECTED.npz           within the bound that the program states
SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import pathlib
import sys

from npz import load


def read(path):
    return json.loads(pathlib.Path(path).read_text())


def cost(secret, public, rows, table):
    """The client sends no one-hot rows, party 0 no masked table: at least a byte a number."""
    secret, public = read(secret), read(public)
    sent = {"inference": ("bytes_p1_to_p0", int(rows)), "setup": ("bytes_p0_to_p1", int(table))}
    for phase, (counter, least) in sent.items():
        before, after = secret[phase][counter], public[phase][counter]
        print(f"{phase} {counter}: {before}, public {after}")
        assert before - after >= least
    # No product of rows and table.
    dealt = [report["by_operation"]["matmul"]["bytes_dealer_to_p1"] for report in (secret, public)]
    assert dealt[1] < dealt[0], dealt


def program(folder, model, name, shape):
    manifest = read(f"{folder}/manifest.json")
    shape = [int(extent) for extent in shape.split("x")]
    assert manifest["public_weights"] == [{"name": name, "offset": 0, "shape": shape}]
    values = pathlib.Path(folder, "public.bin").read_bytes()
    assert len(values) == 4 * math.prod(shape)
    # The exporter wrote the table as it lies in memory.
    assert values in pathlib.Path(model).read_bytes()


def close(folder, found, expected):
    found, expected = load(found), load(expected)
    for output in read(f"{folder}/manifest.json")["outputs"]:
        (_, shape, x), (_, wanted, y) = (arrays[output["name"]] for arrays in (found, expected))
        errors = [abs(a - b) for a, b in zip(x, y)]
        print(f"{output['name']}: {max(errors)}, at most {output['error_bound']}")
        # all(), not max(): a NaN fails every comparison.
        assert shape == wanted and all(error <= output["error_bound"] for error in errors)


if __name__ == "__main__":
    {"cost": cost, "program": program, "close": close}[sys.argv[1]](*sys.argv[2:])
