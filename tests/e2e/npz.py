"""Compares and alters .npz files with the standard library alone.

usage: npz.py close A B NAME LIMIT      largest |A - B| <= LIMIT and the same largest entry
       npz.py rename A NAME NEW OUT     A with one array renamed
       npz.py cast A NAME DTYPE OUT     ... as another type, e.g. <f8
       npz.py shorten A NAME OUT        ... without its last entry of axis 1
       npz.py pad A NAME LENGTH OUT     ... with zeros up to LENGTH entries of axis 1
       npz.py set A NAME INDEX X OUT    ... with entry INDEX (flat) set to X, e.g. nan
SPDX-License-Identifier: Apache-2.0
"""
import math
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "examples" / "sst2"))
from arrays import CODES, load, save


def close(a, b, name, limit):
    (type_a, shape_a, a), (type_b, shape_b, b) = load(a)[name], load(b)[name]
    assert type_a == type_b, f"types differ: {type_a} and {type_b}"
    assert shape_a == shape_b, f"shapes differ: {shape_a} and {shape_b}"
    errors = [abs(x - y) for x, y in zip(a, b)]
    print(f"largest error {max(errors):.6f}, labels {a.index(max(a))} and {b.index(max(b))}")
    # all(), not max(): a NaN fails every comparison.
    assert all(error <= float(limit) for error in errors), f"error above {limit}"
    assert a.index(max(a)) == b.index(max(b)), "labels differ"


def alter(edit, source, name, *rest):
    *arguments, out = rest
    arrays = load(source)
    dtype, shape, values = arrays[name]
    if edit == "rename":
        arrays[arguments[0]] = arrays.pop(name)
    elif edit == "cast":
        convert = float if CODES[arguments[0]] in "fd" else int
        arrays[name] = (arguments[0], shape, [convert(x) for x in values])
    elif edit == "shorten":
        kept = (shape[0], shape[1] - 1, *shape[2:])
        assert shape[0] == 1
        arrays[name] = (dtype, kept, values[: math.prod(kept)])
    elif edit == "pad":
        assert shape[0] == 1
        padded = (shape[0], int(arguments[0]), *shape[2:])
        zeros = [0] * (math.prod(padded) - len(values))
        arrays[name] = (dtype, padded, values + zeros)
    elif edit == "set":
        convert = float if CODES[dtype] in "fd" else int
        values[int(arguments[0])] = convert(arguments[1])
    else:
        sys.exit(__doc__)
    save(out, arrays)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    try:
        close(*arguments) if command == "close" else alter(command, *arguments)
    except AssertionError as problem:
        sys.exit(f"npz.py: {problem}")
