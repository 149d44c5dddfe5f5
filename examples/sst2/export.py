#!/usr/bin/env python3
"""Exports the trained classifier to ONNX with the exporter of PyTorch; axes batch and sequence are dynamic.

Needs PyTorch and, unless --torchscript is given, onnxscript.
SPDX-License-Identifier: Apache-2.0
"""
import argparse

import torch

from model import Classifier, Shape


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", help="what train.py wrote")
    parser.add_argument("output", help="model.onnx")
    parser.add_argument("--opset", type=int, default=18)
    parser.add_argument("--torchscript", action="store_true", help="use the older exporter")
    arguments = parser.parse_args()

    trained = torch.load(arguments.weights)
    shape = Shape(**trained["shape"])
    model = Classifier(shape)
    model.load_state_dict(trained["weights"])
    model.encoder.normalize_embeddings()
    model.eval()

    names = ["input_ids", "attention_mask"]
    axes = {0: "batch", 1: "sequence"}
    if arguments.torchscript:
        dynamic = {"dynamic_axes": {name: axes for name in names}}
    else:
        limits = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence", max=shape.length)}
        dynamic = {"dynamic_shapes": {name: limits for name in names}, "external_data": False}
    ids = torch.ones(2, 8, dtype=torch.int64)
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids)),
        arguments.output,
        input_names=names,
        output_names=["logits"],
        opset_version=arguments.opset,
        dynamo=not arguments.torchscript,
        **dynamic,
    )


if __name__ == "__main__":
    main()
