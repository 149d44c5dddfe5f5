"""Writes an .npz file with the standard library alone.

usage: write_npz.py OUT NAME:DTYPE:SHAPE:VALUES...     e.g. x:f4:2x3:1,2,3,4,5,6
SPDX-License-Identifier: Apache-2.0
"""
import struct
import sys
import zipfile

CODES = {"f4": "f", "f8": "d", "i4": "i", "i8": "q"}

with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for argument in sys.argv[2:]:
        name, dtype, shape, values = argument.split(":")
        extents = tuple(int(extent) for extent in shape.split("x"))
        numbers = [float(value) for value in values.split(",")]
        if dtype[0] == "i":
            numbers = [int(number) for number in numbers]
        header = repr({"descr": "<" + dtype, "fortran_order": False, "shape": extents})
        header += " " * (-(len(header) + 11) % 64) + "\n"
        data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
        data += struct.pack(f"<{len(numbers)}{CODES[dtype]}", *numbers)
        archive.writestr(name + ".npy", data)
