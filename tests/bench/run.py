"""Compiles whole models, runs them on shares and in float32, and prints a table.

usage: run.py [options] FOLDER MODEL...          FOLDER is one that models.py filled

For each model and length: seconds and peak memory of the compiler; seconds of setup and of one inference of all roles
in one process (with their offline part, where the program tells it); what they send; and ONNX Runtime in float32 with
as many threads. --json FILE also writes the figures. Arguments after -- go to the compiler, for example
-- --public-weight '*embeddings*'.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

COLUMNS = [
    ("model", "{model}"), ("length", "{length}"), ("compile s", "{compile_seconds:.1f}"),
    ("of that C++ s", "{build_seconds:.1f}"), ("compiler GB", "{compile_memory:.2f}"),
    ("setup s", "{setup_seconds:.2f}"), ("offline s", "{offline_seconds:.2f}"),
    ("online s", "{online_seconds:.2f}"), ("processor s", "{processor_seconds:.1f}"), ("rounds", "{rounds}"),
    ("parties MB", "{party_megabytes:.1f}"), ("dealer MB", "{dealer_megabytes:.1f}"), ("run GB", "{run_memory:.2f}"),
    ("float32 s", "{float_seconds:.3f}"), ("slower by", "{ratio:.1f}"), ("error", "{error:.2g}"), ("bound", "{bound:.2g}"),
]


class Usage:
    """What a command took, with its children."""

    def __init__(self, command, environment=None):
        start = time.monotonic()
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err,
                                       env={**os.environ, **(environment or {})})
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.monotonic() - start
            out.seek(0), err.seek(0)
            self.text, self.errors = out.read(), err.read()
        if status:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{self.errors[-4000:]}")
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 2**20  # GB


def float_seconds(model, samples, threads, repeats=5):
    """The least seconds of one inference in float32; None without ONNX Runtime."""
    try:
        import numpy
        import onnxruntime
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    arrays = numpy.load(samples)
    inputs = {each.name: arrays[each.name] for each in session.get_inputs()}
    best = None
    for _ in range(repeats + 1):  # the first one warms up
        start = time.monotonic()
        session.run(None, inputs)
        spent = time.monotonic() - start
        best = spent if best is None else min(best, spent)
    return best


def timing(text, name):
    """Seconds of an entry of --mlir-timing."""
    for line in text.splitlines():
        if line.rstrip().endswith(f"  {name}"):
            return float(line.split()[0])
    return None


def measure(arguments, name, length, extra):
    folder = arguments.folder
    model, samples = folder / f"{name}.onnx", folder / f"{name}-{length}.npz"
    first = folder / f"{name}-{length}-first.npz"
    program = folder / f"{name}-{length}.mpc"
    compiled = Usage([arguments.compiler, model, "--dim", "batch=1", "--dim", f"sequence={length}", "--calibrate",
                      samples, "--mlir-timing", "-o", program, *extra], {"CCACHE_DISABLE": "1"})
    manifest = json.loads((program / "manifest.json").read_text())
    command = [program / "program", "run", "--input", first, "--reference", first, "--stats", "--offline-first"]
    if arguments.threads > 1:
        command += ["--threads", arguments.threads]
    if arguments.shape:
        command += ["--shape", arguments.shape]
    ran = Usage(command)
    stats = json.loads(ran.text)
    setup, inference = stats["setup"], stats["inference"]
    offline = inference.get("offline_seconds")
    output, = stats["outputs"].values()
    row = {
        "model": name, "length": length, "threads": arguments.threads, "kernel": stats["kernel"],
        "compile_seconds": compiled.seconds, "compile_processor_seconds": compiled.processor,
        "build_seconds": timing(compiled.errors, "C++ compiler"), "compile_memory": compiled.memory,
        "setup_seconds": setup["seconds"], "offline_seconds": offline, "online_seconds": inference["seconds"],
        "processor_seconds": ran.processor, "rounds": inference["rounds"],
        "party_megabytes": (inference["bytes_p0_to_p1"] + inference["bytes_p1_to_p0"]) / 1e6,
        "dealer_megabytes": (inference["bytes_dealer_to_p0"] + inference["bytes_dealer_to_p1"]) / 1e6,
        "run_memory": ran.memory, "float_seconds": float_seconds(model, first, arguments.threads),
        "error": output.get("largest_difference"), "bound": manifest["outputs"][0].get("error_bound"),
    }
    if row["float_seconds"]:
        row["ratio"] = (inference["seconds"] + (offline or 0)) / row["float_seconds"]
    return row


def cell(form, row):
    try:
        return form.format(**row)
    except (KeyError, TypeError):  # not known here
        return "-"


def main():
    own, extra = sys.argv[1:], []
    if "--" in own:
        own, extra = own[: own.index("--")], own[own.index("--") + 1 :]
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("--compiler", default="secformer-compile")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the roles together, and of float32")
    parser.add_argument("--length", type=int, action="append")
    parser.add_argument("--shape", help="RTT_MS,MBIT of the links between the roles")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("models", nargs="+")
    arguments = parser.parse_args(own)
    rows = []
    print("|", " | ".join(title for title, _ in COLUMNS), "|")
    print("|" + "---|" * len(COLUMNS), flush=True)
    for name in arguments.models:
        for length in arguments.length or [128]:
            rows.append(measure(arguments, name, length, extra))
            print("|", " | ".join(cell(form, rows[-1]) for _, form in COLUMNS), "|", flush=True)
            if arguments.json:
                arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
