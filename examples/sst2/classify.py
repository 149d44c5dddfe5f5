#!/usr/bin/env python3
"""Says whether a text sounds positive or negative, from secret shares of its words.

usage: classify.py TEXT ...     one answer a text
       classify.py              asks for texts, until an empty line

Both parties and the dealer run on this machine, to try it.
SPDX-License-Identifier: Apache-2.0
"""
import math
import sys

import program


def classify(texts):
    for text in texts:
        tokens = len(program.tokenizer.tokens(text)) + 2
        if tokens > program.LENGTH:
            print(f"note: {tokens} tokens, the first {program.LENGTH} are read", file=sys.stderr)
    logits, cost = program.run_private(texts)
    for text, (negative, positive) in zip(texts, logits):
        probability = 100 / (1 + math.exp(-abs(positive - negative)))
        label = "positive" if positive > negative else "negative"
        print(f"{label}  {probability:.1f} %  (logits {negative:.3f}, {positive:.3f})  {text}")
    between = cost["bytes_p0_to_p1"] + cost["bytes_p1_to_p0"]
    dealt = cost["bytes_dealer_to_p0"] + cost["bytes_dealer_to_p1"]
    print(
        f"each: {cost['rounds']} rounds, {between / 1e6:.2f} MB between the parties, "
        f"{dealt / 1e6:.2f} MB from the dealer, {cost['seconds']:.2f} s"
    )


def main(texts):
    if texts:
        return classify(texts)
    program.ensure_program()
    try:
        while text := input("text: ").strip():
            classify([text])
    except EOFError:
        print()


if __name__ == "__main__":
    if sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__)
    else:
        main(sys.argv[1:])
