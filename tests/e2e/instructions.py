"""Compares the instructions that callgrind counted with those of before.

usage: instructions.py CALLGRIND.out EXPECTED
SPDX-License-Identifier: Apache-2.0
"""
import re
import sys

TOLERANCE = 0.1

path, expected = sys.argv[1], int(sys.argv[2])
with open(path) as file:
    counted = int(re.search(r"^totals: (\d+)$", file.read(), re.MULTILINE).group(1))
if abs(counted - expected) > TOLERANCE * expected:
    sys.exit(f"{path}: {counted} instructions, expected {expected} within {TOLERANCE:.0%}".replace("%", " %"))
