#!/usr/bin/env python3
"""Compares the private classifier with the float32 model on labelled sentences.

Fails if their accuracies or labels differ by more than they may.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import os
import pathlib
import sys

import program
from sentences import read_sentences

ACCURACY_MAY_DIFFER = 0.3  # points
LABELS_MAY_DIFFER = 0.5  # percent of the sentences


def label(logits):
    return int(logits[1] > logits[0])


def percent(count, of):
    return f"{100 * count / of:.2f} %  ({count} of {of})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path, help="SST-2's folder, or a file of its form")
    parser.add_argument("--limit", type=int, help="read only the first sentences")
    parser.add_argument("--report", help="write the table there, too")
    arguments = parser.parse_args()
    file = arguments.data / "test.tsv" if arguments.data.is_dir() else arguments.data
    sentences = read_sentences(file)[: arguments.limit]
    texts = [text for text, _ in sentences]
    labels = [label for _, label in sentences]

    private, cost = program.run_private(texts)
    plain = program.run_plain(texts)

    def right(logits):
        return sum(label(x) == y for x, y in zip(logits, labels))

    number = len(texts)
    agreed = sum(label(x) == label(y) for x, y in zip(private, plain))
    difference = max(abs(a - b) for x, y in zip(private, plain) for a, b in zip(x, y))
    between = cost["bytes_p0_to_p1"] + cost["bytes_p1_to_p0"]
    dealt = cost["bytes_dealer_to_p0"] + cost["bytes_dealer_to_p1"]
    rows = {
        "accuracy, private": percent(right(private), number),
        "accuracy, float32": percent(right(plain), number),
        "same label": percent(agreed, number),
        "largest difference of a logit": f"{difference:.5f}",
        "rounds of one inference": cost["rounds"],
        "bytes between the parties": between,
        "bytes from the dealer": dealt,
        f"seconds of one inference, all roles on {os.cpu_count()} cores": f"{cost['seconds']:.3f}",
    }
    table = "".join(f"| {name} | {value} |\n" for name, value in rows.items())
    table = f"| {number} sentences of {program.LENGTH} tokens | |\n|---|---|\n{table}"
    print(table, end="")
    if arguments.report:
        with open(arguments.report, "w", encoding="utf-8") as report:
            report.write(f"# Results\n\nWritten by `evaluate.py` on SST-2.\n\n{table}")
    accuracies_differ = 100 * abs(right(private) - right(plain)) / number
    if accuracies_differ > ACCURACY_MAY_DIFFER or 100 * agreed < (100 - LABELS_MAY_DIFFER) * number:
        sys.exit("error: the private classifier is not the float32 one")


if __name__ == "__main__":
    main()
