"""Compiles whole models, runs them on shares and in float32, and prints a table.

usage: run.py [options] FOLDER MODEL...          FOLDER is one that models.py filled

For each model and length: seconds and peak memory of the compiler; seconds of setup, offline phase and online phase of
all roles in one process; of the online phase those of party 0's products of matrices (what no protocol can save);
rounds and bytes; the peak memory of each role, streamed, as processes over loopback; and ONNX Runtime in float32 with
as many threads. With --networks, instead: the seconds that the compiler predicts on every network that it knows by
name, and those of runs with such links. --json FILE also writes the figures, more than the table shows. Arguments
after -- go to the compiler, for example -- --public-weight '*embeddings*'.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

COLUMNS = [
    ("model", "{model}"), ("length", "{length}"), ("compile s", "{compile_seconds:.1f}"),
    ("compiler GB", "{compile_memory:.2f}"), ("setup s", "{setup_seconds:.2f}"), ("offline s", "{offline_seconds:.2f}"),
    ("online s", "{online_seconds:.2f}"), ("of that products s", "{product_seconds:.2f}"),
    ("online / products", "{online_over_products:.2f}"), ("float32 s", "{float_seconds:.3f}"),
    ("online / float32", "{online_over_float:.1f}"), ("offline / online", "{offline_over_online:.2f}"),
    ("rounds", "{rounds}"), ("parties MB", "{party_megabytes:.1f}"), ("of that openings", "{opening_megabytes:.1f}"),
    ("dealer MB", "{dealer_megabytes:.1f}"), ("GB of party 0", "{memory_party0:.2f}"), ("party 1", "{memory_party1:.2f}"),
    ("dealer", "{memory_dealer:.2f}"), ("error", "{error:.2g}"),
]

# Round trip in ms and Mb/s are the compiler's, in what it prints for them.
NETWORKS = ["loopback", "lan", "metro", "wan"]
NETWORK_COLUMNS = [
    ("model", "{model}"), ("length", "{length}"), ("network", "{network}"),
    *((f"{phase} s, {kind}", f"{{{phase}_{kind}:.3f}}") for phase in ("offline", "online", "streamed")
      for kind in ("predicted", "measured")),
]


class Usage:
    """What a command took, with its children."""

    def __init__(self, command, environment=None):
        self.command = " ".join(map(str, command))
        self.start = time.monotonic()
        self.out, self.err = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([str(part) for part in command], stdout=self.out, stderr=self.err,
                                        env={**os.environ, **(environment or {})})

    def wait(self):
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = status
        self.seconds = time.monotonic() - self.start
        self.out.seek(0), self.err.seek(0)
        self.text, self.errors = self.out.read(), self.err.read()
        if status:
            sys.exit(f"{self.command} failed:\n{self.errors[-4000:]}")
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 2**20  # GB
        return self


def run(command, environment=None):
    return Usage(command, environment).wait()


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


def elsewhere(function, *arguments):
    """In a process that ends: what this one has in memory counts as a peak of its children."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def timing(text, name):
    """Seconds of an entry of --mlir-timing."""
    for line in text.splitlines():
        if line.rstrip().endswith(f"  {name}"):
            return float(line.split()[0])
    return None


class Model:
    """A model of FOLDER at one length."""

    def __init__(self, arguments, name, length, extra):
        self.arguments, self.name, self.length = arguments, name, length
        self.onnx = arguments.folder / f"{name}.onnx"
        self.first = arguments.folder / f"{name}-{length}-first.npz"
        self.program = arguments.folder / f"{name}-{length}.mpc"
        self.threads = ["--threads", arguments.threads] if arguments.threads > 1 else []
        self.compiler = [arguments.compiler, self.onnx, "--dim", "batch=1", "--dim", f"sequence={length}", "--calibrate",
                         arguments.folder / f"{name}-{length}.npz", *extra]

    def compile(self):
        return run([*self.compiler, "--mlir-timing", "-o", self.program], {"CCACHE_DISABLE": "1"})

    def stats(self, *options):
        """Of all roles in one process."""
        ran = run([self.program / "program", "run", "--input", self.first, "--stats", *self.threads, *options])
        return json.loads(ran.text), ran

    def memory(self):
        """Of each role as a process of its own, streamed."""
        parties = pathlib.Path(__file__).resolve().parent.parent / "e2e" / "parties.py"
        with tempfile.TemporaryDirectory() as scratch:
            config = pathlib.Path(scratch) / "parties.toml"
            run([sys.executable, parties, config])
            common = ["--config", config, "--timeout", 3600, *self.threads]
            roles = {
                "dealer": Usage([self.program / "program", "dealer", *common]),
                "party0": Usage([self.program / "program", "party", 0, *common]),
                "party1": Usage([self.program / "program", "party", 1, *common, "--input", self.first]),
            }
            try:
                return {f"memory_{name}": roles[name].wait().memory for name in ("party1", "party0", "dealer")}
            finally:
                for role in roles.values():
                    if role.process.returncode is None:
                        role.process.kill()


def profiled(path):
    """Seconds of party 0's products of matrices, bytes that both parties queued for openings."""
    events = [event for event in json.loads(path.read_text())["traceEvents"] if event.get("ph") == "X"]
    products = sum(each["dur"] for each in events if each["tid"] == 0 and each["name"] == "matmul")
    return products / 1e6, sum(each["args"]["bytes"] for each in events if each["name"].startswith("open"))


def measure(model):
    arguments = model.arguments
    compiled = model.compile()
    manifest = json.loads((model.program / "manifest.json").read_text())
    links = ["--shape", arguments.shape] if arguments.shape else []
    with tempfile.TemporaryDirectory() as scratch:
        timeline = pathlib.Path(scratch) / "timeline.json"
        stats, ran = model.stats("--reference", model.first, "--offline-first", "--profile", timeline, *links)
        products, openings = profiled(timeline)
    setup, inference = stats["setup"], stats["inference"]
    offline, online = inference["offline_seconds"], inference["seconds"]
    output, = stats["outputs"].values()
    row = {
        "model": model.name, "length": model.length, "threads": arguments.threads, "kernel": stats["kernel"],
        "compile_seconds": compiled.seconds, "compile_processor_seconds": compiled.processor,
        "build_seconds": timing(compiled.errors, "C++ compiler"), "compile_memory": compiled.memory,
        "setup_seconds": setup["seconds"], "offline_seconds": offline, "online_seconds": online,
        "product_seconds": products, "online_over_products": online / products, "offline_over_online": offline / online,
        "processor_seconds": ran.processor, "rounds": inference["rounds"],
        "party_megabytes": (inference["bytes_p0_to_p1"] + inference["bytes_p1_to_p0"]) / 1e6,
        "opening_megabytes": openings / 1e6,
        "dealer_megabytes": (inference["bytes_dealer_to_p0"] + inference["bytes_dealer_to_p1"]) / 1e6,
        "run_memory": ran.memory,
        "float_seconds": elsewhere(float_seconds, model.onnx, model.first, arguments.threads),
        "error": output.get("largest_difference"), "bound": manifest["outputs"][0].get("error_bound"), **model.memory(),
    }
    if row["float_seconds"]:
        row["online_over_float"] = online / row["float_seconds"]
    return [row]


def compare(model):
    """One row a network: what the compiler predicts for the program, and what it takes."""
    arguments = model.arguments
    model.compile()
    optimizer = pathlib.Path(shutil.which(arguments.compiler)).with_name("secformer-opt")
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        module = pathlib.Path(scratch) / "rounds.mlir"
        run([*model.compiler, "--compile-to=rounds", "-o", module])
        for name in NETWORKS:
            cost = run([optimizer, module, f"--secformer-cost=json=true network={name}", "-o", os.devnull])
            network = json.loads(cost.text)["network"]
            links = ["--shape", f"{network['rtt_ms']},{network['bandwidth_mbits']}"]
            apart, streamed = (model.stats(*links, *way)[0]["inference"] for way in (["--offline-first"], []))
            rows.append({
                "model": model.name, "length": model.length, "threads": arguments.threads, "network": name,
                **{f"{phase}_predicted": network[f"{phase}_seconds"] for phase in ("offline", "online", "streamed")},
                "offline_measured": apart["offline_seconds"], "online_measured": apart["seconds"],
                "streamed_measured": streamed["seconds"],
            })
    return rows


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
    parser.add_argument("--networks", action="store_true", help="predicted and measured seconds on each known network")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("models", nargs="+")
    arguments = parser.parse_args(own)
    if arguments.networks and arguments.shape:
        parser.error("--networks has its own --shape for each")
    columns, rows_of = (NETWORK_COLUMNS, compare) if arguments.networks else (COLUMNS, measure)
    rows = []
    print("|", " | ".join(title for title, _ in columns), "|")
    print("|" + "---|" * len(columns), flush=True)
    for name in arguments.models:
        for length in arguments.length or [128]:
            for row in rows_of(Model(arguments, name, length, extra)):
                rows.append(row)
                print("|", " | ".join(cell(form, row) for _, form in columns), "|", flush=True)
            if arguments.json:
                arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
