"""Reads and writes .npz files, numpy's archives of arrays, with the standard library alone.

SPDX-License-Identifier: Apache-2.0
"""
import ast
import math
import struct
import zipfile

CODES = {"<f4": "f", "<f8": "d", "<i4": "i", "<i8": "q", "|b1": "?"}


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
