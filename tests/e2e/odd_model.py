"""Writes a small ONNX model of the operators named, each on the input 'x' (1 x 4).

usage: odd_model.py OUT OPERATOR...        OPERATOR is TYPE or DOMAIN:TYPE
SPDX-License-Identifier: Apache-2.0
"""
import sys


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out + bytes([n]))


def field(number, value):
    """One protobuf field: an integer, a string or an encoded message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name):
    dims = b"".join(field(1, field(1, size)) for size in (1, 4))
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))


def node(index, operator):
    domain, _, kind = operator.rpartition(":")
    named = field(3, f"node_{index}") + field(4, kind) + field(7, domain)
    return field(1, "x") + field(2, f"y{index}") + named


out, *operators = sys.argv[1:]
graph = b"".join(field(1, node(i, op)) for i, op in enumerate(operators))
graph += field(2, "odd") + field(11, tensor("x"))
graph += b"".join(field(12, tensor(f"y{i}")) for i in range(len(operators)))
domains = {""} | {op.rpartition(":")[0] for op in operators}
opsets = b"".join(field(8, field(1, d) + field(2, 17 if not d else 1)) for d in sorted(domains))
with open(out, "wb") as file:
    file.write(field(1, 8) + opsets + field(7, graph))
