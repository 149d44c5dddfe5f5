"""Labelled sentences, a tab-separated file of SST-2's form: sentence, label.

SPDX-License-Identifier: Apache-2.0
"""
# SST-2 is split as a treebank is; this is how people type.
TYPED = (("-lrb-", "("), ("-rrb-", ")"), (" n't", "n't"))


def read_sentences(path):
    """Pairs of text and label (0: negative, 1: positive)."""
    sentences = []
    with open(path, encoding="utf-8") as file:
        if next(file, "").rstrip("\n").split("\t") != ["sentence", "label"]:
            raise SystemExit(f"{path}: the first line must be 'sentence', a tab, 'label'")
        for number, line in enumerate(file, 2):
            text, _, label = line.rstrip("\n").rpartition("\t")
            if label not in ("0", "1"):
                raise SystemExit(f"{path}:{number}: expected a sentence, a tab, 0 or 1")
            for split, typed in TYPED:
                text = text.replace(split, typed)
            sentences.append((text, int(label)))
    return sentences
