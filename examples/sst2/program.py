"""The compiled classifier: made when there is none yet, run on texts.

SPDX-License-Identifier: Apache-2.0
"""
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import arrays
from sentences import read_sentences
from tokenizer import Tokenizer

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("SECFORMER_BUILD", HERE.parents[1] / "build"))
COMPILER = BUILD / "bin" / "secformer-compile"
RUNTIME = BUILD / "lib" / "libSecFormerRuntime.a"
PROGRAM = BUILD / "sst2" / "model.mpc"

LENGTH = 64  # tokens; shorter texts are padded, so a text's length stays secret
MODEL = HERE / "model.onnx"
OPTIONS = ["--dim", "batch=1", "--dim", f"sequence={LENGTH}", "--margin", "0.4"]
CALIBRATION = HERE / "calibration.tsv"
VOCABULARY = HERE / "vocabulary.txt"

tokenizer = Tokenizer.read(VOCABULARY)


def run(command):
    """What a command prints; its error ends this script."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr.strip() or f"{command[0]} failed")
    return done.stdout


def write_samples(path, texts):
    """The model's inputs, one sample a text."""
    ids, mask = [], []
    for text in texts:
        row, kept = tokenizer.encode(text, LENGTH)
        ids += row
        mask += kept
    shape = (len(texts), 1, LENGTH)
    arrays.save(path, {"input_ids": ("<i8", shape, ids), "attention_mask": ("<i8", shape, mask)})


def read_logits(path):
    """Negative and positive logit of every text."""
    _, _, values = arrays.load(path)["logits"]
    return list(zip(values[::2], values[1::2]))


def stamp():
    """Changes with everything that the program is made from."""
    files = [MODEL, CALIBRATION, VOCABULARY, COMPILER, RUNTIME]
    return repr((OPTIONS, [(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files]))


def ensure_program():
    for needed in (COMPILER, RUNTIME):
        if not needed.exists():
            sys.exit(
                f"error: there is no {needed}: run 'cmake --preset default' and "
                "'cmake --build --preset default --target secformer-compile SecFormerRuntime', "
                "or set SECFORMER_BUILD to your build folder"
            )
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    made_from = PROGRAM.with_suffix(".stamp")
    with open(PROGRAM.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made_from.exists() and made_from.read_text() == stamp():
            return
        print(f"compiling {MODEL.name} for {LENGTH} tokens ...", file=sys.stderr)
        samples = PROGRAM.with_suffix(".npz")
        write_samples(samples, [text for text, _ in read_sentences(CALIBRATION)])
        run([COMPILER, MODEL, *OPTIONS, "--calibrate", samples, "-o", PROGRAM])
        made_from.write_text(stamp())


def run_private(texts):
    """Logits of every text from secret shares, and the counters of one inference."""
    ensure_program()
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = folder + "/x.npz", folder + "/y.npz"
        write_samples(inputs, texts)
        command = [PROGRAM / "program", "run", "--stats", "--input", inputs, "--output", outputs]
        stats = json.loads(run(command))
        return read_logits(outputs), stats["inference"]


def run_plain(texts):
    """Logits of every text in float32, in the clear."""
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = folder + "/x.npz", folder + "/y.npz"
        write_samples(inputs, texts)
        run([COMPILER, MODEL, *OPTIONS, "--run-plain", "--input", inputs, "--output", outputs])
        return read_logits(outputs)
