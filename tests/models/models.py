"""Compiles models and runs them in the clear and on shares.

usage: models.py [--write] [--only TEXT] [COMPILER]

The models are the example, those in this folder, and those of the folder
$SECFORMER_MODELS: every .onnx with an .npz of inputs and outputs beside it.
Inputs of another length may stand in $SECFORMER_REFERENCES, as FOLDER/MODEL.npz
(make_references.py makes them). For each of them
  the float32 result (--run-plain) is the reference's to 1e-4,
  the private result (--run-private) is it to the bound that the compiler states,
  that bound is at most 0.02 for trained weights, and for random ones, whose
  outputs are near zero, 0.02 standard deviations of the output.
--write puts the figures into docs/models.md. Without it, the exit status is 1
if a model fails that is not among those in UNFINISHED.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import npz  # noqa: E402

# Weights that were trained; all others are random.
TRAINED = ("bert-tiny-sst2/",)

EXAMPLE = ROOT / "examples" / "bert-tiny-sst2"
# Inputs that need not be secret; all others are the client's.
PUBLIC = {"bert-tiny-sst2": ["attention_mask"], "onnxruntime/gpt2_megatron": ["attention_mask", "position_ids"]}

# What the dynamic axes of a model stand for: (input, axis).
AXES = {
    "onnxruntime/gpt2_past": {"batch_size": ("input_ids", 0), "seq_len": ("past_0", 3)},
    "onnxruntime/gpt2_megatron": {
        "batch_size": ("input_ids", 0),
        "seq_len": ("input_ids", 1),
        "past_seq_len": ("past_0", 3),
    },
    "onnxruntime/bert_toy_optimized": {
        "batch": ("input_ids", 0),
        "max_seq_len_in_batch": ("input_ids", 1),
    },
}

# Models that are known not to compile: ReLU, convolution, nearly constant values.
UNFINISHED = set()


def models():
    """(name, model, arrays)"""
    for opset, sentence in ((11, "c"), (13, "c"), (17, "c"), (17, "b"), (17, "a")):
        yield (f"bert-tiny-sst2/opset {opset}", EXAMPLE / f"model_op{opset}.onnx",
               EXAMPLE / f"sentence_{sentence}.npz")
    folders, others = ([pathlib.Path(os.environ[name])] if os.environ.get(name) else []
                       for name in ("SECFORMER_MODELS", "SECFORMER_REFERENCES"))
    folders.insert(0, HERE)
    seen = set()
    for folder in folders:
        for model in sorted(folder.rglob("*.onnx")):
            name, arrays = f"{model.parent.name}/{model.stem}", model.with_suffix(".npz")
            if arrays.exists() and name not in seen and not name.startswith("bert-tiny-sst2"):
                seen.add(name)
                yield name, model, arrays
                for other in others:
                    if (other / f"{name}.npz").exists():
                        yield name, model, other / f"{name}.npz"


class Failed(Exception):
    pass


class Model:
    def __init__(self, compiler, name, model, arrays, scratch):
        self.compiler, self.model, self.path = compiler, model, arrays
        self.trained = name.startswith(TRAINED)
        self.arrays = npz.load(arrays)
        self.scratch = pathlib.Path(scratch)
        self.options = self.dims(name)
        for pattern, inputs in PUBLIC.items():
            if name.startswith(pattern):
                self.options += [option for x in inputs for option in ("--public-input", x)]

    def run(self, *options):
        command = [self.compiler, self.model, *map(str, options)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if "error:" in line]
            last = done.stderr.strip().splitlines()[-1:]
            raise Failed(re.sub(r"^.*?error: ", "", (errors or last or ["no message"])[0]))
        return done.stdout

    def first(self):
        """The input whose axes are batch and sequence."""
        inputs = [array for array, (_, shape, _) in self.arrays.items() if len(shape) >= 2]
        return "input_ids" if "input_ids" in inputs else inputs[0]

    def dims(self, name):
        """The sizes of the dynamic axes, as far as the model has them."""
        first = self.first()
        axes = AXES.get(name, {"batch": (first, 0), "sequence": (first, 1)})
        options = []
        for axis, (array, index) in axes.items():
            option = ["--dim", f"{axis}={self.arrays[array][1][index]}"]
            try:
                self.run(*option, "--compile-to=nn", "-o", os.devnull)
            except Failed as problem:
                if "has no dynamic axis" in str(problem):
                    continue
            options += option
        return options

    def length(self):
        """Of the sequence, and of what went before it."""
        shape = self.arrays[self.first()][1]
        if len(shape) == 4:
            return "image"
        past = self.arrays.get("past_0")
        return f"{shape[1]} after {past[1][3]}" if past else str(shape[1])

    def errors(self, file):
        """Largest error and standard deviation of the reference, by output."""
        result = {}
        for name, (_, shape, found) in npz.load(file).items():
            _, _, expected = self.arrays[name]
            mean = sum(expected) / len(expected)
            deviation = math.sqrt(sum((x - mean) ** 2 for x in expected) / len(expected))
            # A NaN is larger than everything.
            error = max((abs(x - y) for x, y in zip(found, expected)), key=lambda e: (e != e, e))
            result[name] = (error, deviation)
        return result

    def check(self):
        """A row of the table."""
        out = self.scratch / "out.npz"
        self.run(*self.options, "--run-plain", "--input", self.path, "--output", out)
        plain = self.errors(out)
        for name, (error, deviation) in plain.items():
            if not error <= 1e-4 * (1 + deviation):
                raise Failed(f"in the clear '{name}' is off by {error:.2g}")
        options = [*self.options, "--calibrate", self.path]
        cost = json.loads(self.run(*options, "--cost-json"))
        bounds, fraction = cost["error_bound"], cost["fraction_bits"]
        # The bits are known now: nothing is searched again.
        self.run(*options, "--error-bound=false", "--fraction-bits", fraction, "--run-private",
                 "--input", self.path, "--output", out)
        private = self.errors(out)
        for name, (error, deviation) in private.items():
            if not error <= bounds[name]:
                raise Failed(f"'{name}' is off by {error:.2g}, the bound is {bounds[name]:.2g}")
        unit = {name: 1 if self.trained else deviation for name, (_, deviation) in private.items()}
        worst = max(private, key=lambda name: bounds[name] / unit[name])
        error, deviation = private[worst]
        if not bounds[worst] <= 0.02 * unit[worst]:
            raise Failed(f"the bound of '{worst}' is {bounds[worst]:.2g}, its deviation {deviation:.2g}")
        inference = cost["inference"]
        return [
            self.length(), f"{max(error for error, _ in plain.values()):.1e}", str(fraction), f"{deviation:.2g}",
            f"{error:.1e}", f"{bounds[worst]:.2g}", str(inference["rounds"]),
            str(inference["bytes_p0_to_p1"] + inference["bytes_p1_to_p0"]),
            str(inference["bytes_dealer_to_p1"]),
        ]


HEAD = """# Models
What `tests/models/models.py --write` found: every model in float32 against ONNX Runtime, and on shares (`--run-private`). Ranges are
calibrated on the very input that is then run, and the bound is for that input: other inputs take more samples ([ranges.md](ranges.md)).
*Length* is that of the sequence, *clear* the largest error in float32, *deviation* the standard deviation of the output, *error* the
largest error of the private result, *bound* what the compiler states for it ([errors.md](errors.md)); of several outputs, the one with the
largest bound for its deviation. Bytes are those of one inference. A bound is at most 0.02 with trained weights (bert-tiny-sst2) and 0.02
deviations with random ones, whose outputs are near zero: more fraction bits.

| model | length | clear | fraction bits | deviation | error | bound | rounds | bytes between parties | bytes from dealer |
|---|---|---|---|---|---|---|---|---|---|
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("compiler", nargs="?", default="secformer-compile")
    arguments = parser.parse_args()
    rows, failures, wrong = [], [], 0
    for name, model, arrays in models():
        if arguments.only not in name:
            continue
        try:
            with tempfile.TemporaryDirectory() as scratch:
                row = Model(arguments.compiler, name, model, arrays, scratch).check()
            rows.append([name, *row])
            print(f"{name}: length {row[0]}, error {row[4]}, bound {row[5]}", flush=True)
            if name in UNFINISHED:
                print("  works now: take it out of UNFINISHED")
                wrong += 1
        except Failed as problem:
            failures.append([name, str(problem)])
            known = name in UNFINISHED
            wrong += not known
            print(f"{name}: {'known to fail' if known else 'FAILED'}: {problem}", flush=True)
    if arguments.write:
        text = HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)
        if failures:
            text += "\n| not yet | why |\n|---|---|\n"
            text += "".join(f"| {' | '.join(row)} |\n" for row in failures)
        (ROOT / "docs" / "models.md").write_text(text)
        return 0
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
