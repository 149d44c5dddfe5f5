"""BERT-tiny on SST-2 under every suite.

usage: labels.py FOLDER [COMPILER]
SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import npz  # noqa: E402

SAME_FUNCTIONS = ("fast", "puma", "exact")
DISTILLED = ("secformer", "mpcformer")


def run(compiler, folder, suite, sentence, *more):
    length = npz.load(sentence)["embeddings"][1][1]
    command = [compiler, folder / "model_op17.onnx", f"--suite={suite}", "--dim", "batch=1", "--dim",
               f"sequence={length}", "--public-input", "attention_mask", "--calibrate", sentence,
               "--error-bound=false", *more]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stderr


def sentences(folder):
    return sorted(folder.glob("sentence_*.npz"))


def labels(compiler, folder, suite):
    """How many sentences have the model's label, and the largest error of a logit."""
    same, largest = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "out.npz"
        for sentence in sentences(folder):
            run(compiler, folder, suite, sentence, "--run-private", "--input", sentence, "--output", out)
            expected, found = npz.load(sentence)["logits"][2], npz.load(out)["logits"][2]
            same += expected.index(max(expected)) == found.index(max(found))
            largest = max(largest, *(abs(a - b) for a, b in zip(expected, found)))
    return same, largest


def main():
    folder = pathlib.Path(sys.argv[1])
    compiler = sys.argv[2] if len(sys.argv) > 2 else "secformer-compile"
    for suite in SAME_FUNCTIONS:
        same, largest = labels(compiler, folder, suite)
        print(f"{suite}: {same} of {len(sentences(folder))} labels, logits within {largest:.4f}")
    for suite in DISTILLED:
        warnings = run(compiler, folder, suite, sentences(folder)[0], "--compile-to=nn", "-o", "/dev/null")
        print(f"{suite}:", *(line[line.index("warning") :] for line in warnings.splitlines() if "warning" in line))


if __name__ == "__main__":
    main()
