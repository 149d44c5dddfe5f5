#!/usr/bin/env python3
"""Trains the classifier on SST-2.

Takes some minutes on one CPU core; needs PyTorch and numpy.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import pathlib
import random
import time

import torch
from torch.nn import functional

from model import Classifier, Shape
from sentences import read_sentences
from tokenizer import UNKNOWN, Tokenizer

HERE = pathlib.Path(__file__).parent
BATCH = 64
WEIGHT_DECAY = 0.05
SMOOTHING = 0.1  # of labels; keeps logits, and with them all ranges, small
DROPPED = 0.1  # tokens read as unknown


def batches(examples, shuffle):
    """Ids, mask and labels of sentences of about one length."""
    order = list(range(len(examples)))
    if shuffle:
        random.shuffle(order)
    for start in range(0, len(order), BATCH * 50):
        alike = sorted(order[start : start + BATCH * 50], key=lambda i: len(examples[i][0]))
        groups = [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
        if shuffle:
            random.shuffle(groups)
        for group in groups:
            length = max(len(examples[i][0]) for i in group)
            ids = [examples[i][0] + [0] * (length - len(examples[i][0])) for i in group]
            mask = [[1] * len(examples[i][0]) for i in group]
            mask = [row + [0] * (length - len(row)) for row in mask]
            labels = [examples[i][1] for i in group]
            yield torch.tensor(ids), torch.tensor(mask), torch.tensor(labels)


def accuracy(model, examples):
    model.eval()
    with torch.no_grad():
        right = sum(
            (model(ids, mask).argmax(1) == labels).sum().item()
            for ids, mask, labels in batches(examples, shuffle=False)
        )
    model.train()
    return 100 * right / len(examples)


def drop_words(ids, mask, unknown):
    """Some tokens, but never the first, become unknown."""
    dropped = (torch.rand(ids.shape) < DROPPED) & (mask == 1)
    dropped[:, 0] = False
    return ids.masked_fill(dropped, unknown)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path, help="folder with train, dev and test.tsv")
    parser.add_argument("output", type=pathlib.Path, help="where the weights go, e.g. model.pt")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--layers", type=int, default=Shape.layers)
    parser.add_argument("--dropout", type=float, default=Shape.dropout)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)

    tokenizer = Tokenizer.read(HERE / "vocabulary.txt")
    shape = Shape(len(tokenizer.ids), layers=arguments.layers, dropout=arguments.dropout)

    def examples(name):
        found = []
        for text, label in read_sentences(arguments.data / f"{name}.tsv"):
            ids, mask = tokenizer.encode(text, shape.length)
            found.append((ids[: sum(mask)], label))
        return found

    train, dev, test = (examples(name) for name in ("train", "dev", "test"))
    model = Classifier(shape)
    model.train()
    # The rate rises during a tenth of the steps, then falls to zero.
    steps = arguments.epochs * -(-len(train) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.rate, total_steps=steps, pct_start=0.1, anneal_strategy="linear"
    )
    for epoch in range(arguments.epochs):
        start = time.monotonic()
        for ids, mask, labels in batches(train, shuffle=True):
            logits = model(drop_words(ids, mask, tokenizer.ids[UNKNOWN]), mask)
            loss = functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(
            f"epoch {epoch + 1}: dev {accuracy(model, dev):.2f} %, test {accuracy(model, test):.2f} %, "
            f"{time.monotonic() - start:.0f} s",
            flush=True,
        )
    torch.save({"shape": shape.__dict__, "weights": model.state_dict()}, arguments.output)


if __name__ == "__main__":
    main()
