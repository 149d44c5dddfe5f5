"""Compares and alters .npz files with the standard library alone.

usage: npz.py close A B NAME LIMIT      largest |A - B| <= LIMIT and the same largest entry
       npz.py rename A NAME NEW OUT     A with one array renamed
       npz.py cast A NAME DTYPE OUT     ... as another type, e.g. <f8
       npz.py shorten A NAME OUT        ... without its last entry of axis 1
       npz.py pad A NAME LENGTH OUT     ... with zeros up to LENGTH entries of axis 1
       npz.py set A NAME INDEX X OUT    ... with entry INDEX (flat) set to X, e.g. nan
SPDX-License-Identifier: Apache-2.0
"""
import ast
import math
import struct
import sys
import zipfile

CODES = {"<f4": "f", "<f8": "d", "<i4": "i", "<i8": "q"}


def load(path):
    """name -> (dtype, shape, values)"""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            data = archive.read(entry)
            assert data[:6] == b"\x93NUMPY", entry
            wide = data[6] > 1
            (length,) = struct.unpack_from("<I" if wide else "<H", data, 8)
            start = 12 if wide else 10
            header = ast.literal_eval(data[start : start + length].decode())
            assert not header["fortran_order"], entry
            dtype, shape = header["descr"], header["shape"]
            form = f"<{math.prod(shape)}{CODES[dtype]}"
            values = list(struct.unpack_from(form, data, start + length))
            arrays[entry.removesuffix(".npy")] = (dtype, shape, values)
    return arrays


def save(path, arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, (dtype, shape, values) in arrays.items():
            header = repr({"descr": dtype, "fortran_order": False, "shape": shape})
            header += " " * (-(len(header) + 11) % 64) + "\n"
            data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header))
            data += header.encode()
            data += struct.pack(f"<{len(values)}{CODES[dtype]}", *values)
            archive.writestr(name + ".npy", data)


def close(a, b, name, limit):
    (_, shape_a, a), (_, shape_b, b) = load(a)[name], load(b)[name]
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


command, *arguments = sys.argv[1:]
try:
    close(*arguments) if command == "close" else alter(command, *arguments)
except AssertionError as problem:
    sys.exit(f"npz.py: {problem}")
