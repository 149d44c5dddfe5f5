#!/usr/bin/env python3
"""Writes the tokens of a WordPiece vocabulary that sentences use most, so that a client's one-hot tokens are short.

Every word of ASCII letters and digits stays spellable.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import collections
import string

from sentences import read_sentences
from tokenizer import CONTINUED, END, MASK, PAD, START, UNKNOWN, Tokenizer


def restricted(full, sentences, size):
    """At least the given number of tokens, in the order they have in the full vocabulary."""
    tokenizer = Tokenizer(full)
    uses = collections.Counter(t for text, _ in sentences for t in tokenizer.tokens(text))
    letters = string.ascii_lowercase + string.digits
    kept = {PAD, UNKNOWN, START, END, MASK, *letters, *string.punctuation}
    kept.update(CONTINUED + letter for letter in letters)
    kept.update(token for token, _ in uses.most_common(size))
    return [token for token in full if token in kept]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("full", help="a WordPiece vocabulary, e.g. of bert-base-uncased")
    parser.add_argument("sentences", help="train.tsv of SST-2")
    parser.add_argument("output", help="vocabulary.txt")
    parser.add_argument("--size", type=int, default=8000, help="tokens kept for their use")
    arguments = parser.parse_args()
    with open(arguments.full, encoding="utf-8") as file:
        full = file.read().splitlines()
    kept = restricted(full, read_sentences(arguments.sentences), arguments.size)
    with open(arguments.output, "w", encoding="utf-8") as file:
        file.writelines(token + "\n" for token in kept)
    print(f"{len(kept)} tokens of {len(full)}")
