"""Compares the example's tokens of the texts in tokens.json with the ids there (see write_tokens.py).

SPDX-License-Identifier: Apache-2.0
"""
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
example = here.parents[2] / "examples" / "sst2"
sys.path.append(str(example))
from tokenizer import Tokenizer

tokenizer = Tokenizer.read(example / "vocabulary.txt")
cases = json.loads((here / "tokens.json").read_text())
wrong = 0
for text, expected in cases:
    for length in (len(expected), len(expected) + 3, 3):
        kept = min(length, len(expected))
        ids, mask = tokenizer.encode(text, length)
        good = expected if kept == len(expected) else expected[: kept - 1] + expected[-1:]
        if ids != good + [0] * (length - kept) or mask != [1] * kept + [0] * (length - kept):
            wrong += 1
            print(f"{text!r} in {length} tokens: {ids} {mask}, expected {expected}")
print(f"{len(cases)} texts, {wrong} wrong")
sys.exit(wrong != 0)
