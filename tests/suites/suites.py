"""Measures every protocol suite and writes docs/suites.md.

usage: suites.py [--small] [--write] [COMPILER] [OPT]

For every suite and operation: rounds, bytes each way, bytes from the dealer,
the largest and the mean error of a private run against float64, and its
seconds. For whole encoders (bert.py): what the compiler predicts. --small takes
small shapes and compares with the limits that docs/suites.md promises; --write
makes that file.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import bert  # noqa: E402
import labels  # noqa: E402
import npz  # noqa: E402

SUITES = ["fast", "secformer", "secformer, polynomials", "puma", "mpcformer", "exact"]
TRUNCATIONS = ["exact", "merged"]
QUAD = {"secformer", "mpcformer"}


def options(suite):
    name, _, form = suite.partition(", ")
    return [f"--suite={name}"] + (["--gelu=polynomial-segments"] if form else [])


def name_of(suite):
    return suite.partition(",")[0]


class Operation:
    """One operation of the nn dialect: its text, its inputs, what it should give."""

    generator = random.Random()

    def __init__(self, title, shapes, body, result, draw, expected, where, suites=SUITES):
        self.title, self.shapes, self.body, self.result = title, shapes, body, result
        self.draw, self.expected, self.where, self.suites = draw, expected, where, suites

    def module(self, suite):
        def tensor(shape, element="f32"):
            return f"tensor<{'x'.join(map(str, shape))}x{element}>"

        arguments = ", ".join(
            f'%{name}: {tensor(shape)} {{nn.name = "{name}"}}' for name, shape in self.shapes.items()
        )
        types = {name: tensor(shape) for name, shape in self.shapes.items()}
        result = tensor(self.result)
        body = self.body(name_of(suite)).format(**types, y=result)
        return (
            f'func.func @main({arguments}) -> ({result} {{nn.name = "y"}}) {{\n'
            f"  %y = {body}\n  return %y : {result}\n}}\n"
        )


def rows_of(values, width):
    return [values[i : i + width] for i in range(0, len(values), width)]


def quotient(numerators):
    total = sum(numerators)
    return [x / total for x in numerators]


def softmax(suite, arrays, width):
    result = []
    for row in rows_of(arrays["x"], width):
        most = max(row)
        terms = [(x + 5) ** 2 if suite in QUAD else math.exp(x - most) for x in row]
        result += quotient(terms)
    return result


def layer_norm(_, arrays, width):
    result = []
    for row in rows_of(arrays["x"], width):
        mean = sum(row) / width
        deviation = math.sqrt(sum((x - mean) ** 2 for x in row) / width + 1e-12)
        result += [(x - mean) / deviation for x in row]
    return result


def gelu(suite, arrays):
    if suite == "mpcformer":
        return [0.125 * x * x + 0.25 * x + 0.5 for x in arrays["x"]]
    return [x / 2 * (1 + math.erf(x / math.sqrt(2))) for x in arrays["x"]]


def product(arrays, m, k, n):
    columns = list(zip(*rows_of(arrays["w"], n)))
    return [sum(a * b for a, b in zip(row, column)) for row in rows_of(arrays["x"], k) for column in columns]


def operations(small):
    n, width, heads, ff = (16, 64, 2, 256) if small else (128, 768, 12, 3072)
    generator = Operation.generator

    def uniform(low, high, count):
        return [generator.uniform(low, high) for _ in range(count)]

    def deviations(rows, columns, low, high):
        """Rows with deviations from low to high."""
        values = []
        for i in range(rows):
            deviation = low * (high / low) ** (i / (rows - 1))
            values += [generator.gauss(0.3 * deviation, deviation) for _ in range(columns)]
        return values

    def by_kind(kind):
        return lambda suite: f"nn.unary {kind} %x : {{x}}"

    yield Operation(
        f"GELU, {n} x {ff}", {"x": (n, ff)},
        lambda suite: f"nn.unary {'quad_gelu' if suite == 'mpcformer' else 'gelu'} %x : {{x}}",
        (n, ff), lambda: {"x": uniform(-8, 8, n * ff)}, gelu, "x in [-8, 8]",
    )
    yield Operation(
        f"softmax, {heads} x {n} x {n}", {"x": (heads, n, n)},
        lambda suite: f"nn.softmax %x axis 2 scale 1.0 {'quad 5.0' if suite in QUAD else ''} : {{x}}",
        (heads, n, n),
        lambda: {"x": [generator.gauss(0, 1.2) for _ in range(heads * n * n)]},
        lambda suite, arrays: softmax(suite, arrays, n), "normal scores of deviation 1.2",
        [suite for suite in SUITES if "," not in suite],
    )
    for title, low, high, where in (("LayerNorm", 0.1, 30, "rows of deviation 0.1 to 30"),
                                    ("LayerNorm of few deviations", 0.5, 4, "rows of deviation 0.5 to 4, as in BERT")):
        yield Operation(
            f"{title}, {n} x {width}", {"x": (n, width)},
            lambda suite: "nn.layer_norm %x axis 1 eps 1.0e-12 : {x}",
            (n, width), lambda low=low, high=high: {"x": deviations(n, width, low, high)},
            lambda suite, arrays: layer_norm(suite, arrays, width), where,
            [suite for suite in SUITES if "," not in suite],
        )
    yield Operation(
        f"1/x, {n}", {"x": (n,)}, by_kind("reciprocal"), (n,),
        lambda: {"x": [0.5 * 100 ** (i / (n - 1)) for i in range(n)]},
        lambda suite, arrays: [1 / x for x in arrays["x"]], "x from 0.5 to 50",
        [suite for suite in SUITES if "," not in suite],
    )
    yield Operation(
        f"1/sqrt(x), {n}", {"x": (n,)}, by_kind("rsqrt"), (n,),
        lambda: {"x": [0.1 * 1000 ** (i / (n - 1)) for i in range(n)]},
        lambda suite, arrays: [1 / math.sqrt(x) for x in arrays["x"]], "x from 0.1 to 100",
        [suite for suite in SUITES if "," not in suite],
    )
    yield Operation(
        f"comparison (ReLU), {n} x {ff}", {"x": (n, ff)}, by_kind("relu"), (n, ff),
        lambda: {"x": uniform(-8, 8, n * ff)},
        lambda suite, arrays: [max(x, 0) for x in arrays["x"]], "x in [-8, 8]", ["fast", "secformer"],
    )
    yield Operation(
        f"matrix product, {n} x {width} x {width}", {"x": (n, width), "w": (width, width)},
        lambda suite: "nn.matmul %x, %w : {x}, {w}", (n, width),
        lambda: {"x": uniform(-3, 3, n * width), "w": uniform(-0.05, 0.05, width * width)},
        lambda suite, arrays: product(arrays, n, width, width), "x in [-3, 3], w in [-0.05, 0.05]", ["fast"],
    )


class Failed(Exception):
    pass


# Encoders are run if the dealer deals less than so many bytes: they wait in the
# memory of the one process.
MOST_DEALT = 4e9


def seconds_of(printed):
    return re.search(r"^ *inference.* ([0-9.]+)$", printed, re.MULTILINE).group(1)


class Tools:
    def __init__(self, compiler, opt, scratch):
        self.compiler, self.opt, self.scratch = compiler, opt, pathlib.Path(scratch)

    def run(self, *command):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=3000)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if "error:" in line]
            raise Failed((lines or [done.stderr])[0])
        return done.stdout

    def measure(self, operation, suite, truncation):
        samples, plain = self.scratch / "x.npz", self.scratch / "op.mlir"
        ranged, out = self.scratch / "ranged.mlir", self.scratch / "y.npz"
        operation.generator.seed(1)
        drawn = operation.draw()
        npz.save(samples, {name: ("<f4", operation.shapes[name], drawn[name]) for name in drawn})
        arrays = {name: values for name, (_, _, values) in npz.load(samples).items()}
        plain.write_text(operation.module(suite))
        self.run(self.opt, plain, f"--secformer-calibrate=samples={samples} margin=0.1", "-o", ranged)
        flags = [*options(suite), f"--truncation={truncation}", "--error-bound=false"]
        cost = json.loads(self.run(self.compiler, ranged, *flags, "--cost-json"))["inference"]
        printed = self.run(self.compiler, ranged, *flags, "--run-private", "--input", samples, "--output", out)
        expected = operation.expected(name_of(suite), arrays)
        found = npz.load(out)["y"][2]
        errors = [abs(a - b) for a, b in zip(expected, found)]
        assert len(expected) == len(found)
        seconds = seconds_of(printed)
        return {
            "rounds": cost["rounds"], "there": cost["bytes_p0_to_p1"], "back": cost["bytes_p1_to_p0"],
            "dealer": cost["bytes_dealer_to_p1"], "largest": max(errors), "mean": sum(errors) / len(errors),
            "seconds": seconds, "count": len(found),
        }

    def encoder(self, shape, suite, truncation):
        """The predicted cost of an encoder, and its seconds if it fits."""
        module = self.scratch / "bert.mlir"
        text = bert.module(*shape, quad_softmax=name_of(suite) in QUAD, quad_gelu=name_of(suite) == "mpcformer")
        module.write_text(text)
        flags = [module, *options(suite), f"--truncation={truncation}", "--error-bound=false"]
        cost = json.loads(self.run(self.compiler, *flags, "--cost-json"))["inference"]
        cost["seconds"] = "-"
        if truncation == "exact" and cost["bytes_dealer_to_p1"] < MOST_DEALT:
            samples = self.scratch / "x.npz"
            width, length = shape[1], shape[-1]
            generator = random.Random(1)
            npz.save(samples, {"x": ("<f4", (1, length, width), [generator.gauss(0, 1) for _ in range(length * width)])})
            bert.write_weights(text, self.scratch / "bert.weights")
            module.write_text(text.replace("module {", 'module attributes {nn.weight_file = "bert.weights"} {', 1))
            printed = self.run(self.compiler, *flags, "--run-private", "--input", samples, "--output", self.scratch / "y.npz")
            cost["seconds"] = seconds_of(printed)
        return cost


# What is promised: (operation, suite, truncation) -> limits of rounds, bytes
# each way per element, largest error.
LIMITS = {
    ("GELU", "secformer", "exact"): (5, 24, 0.02),
    ("GELU", "secformer, polynomials", "exact"): (5, 24, 0.003),
    ("softmax", "secformer", "exact"): (16, None, 1e-3),
    ("LayerNorm", "fast", "exact"): (10, None, 3e-3),
    ("LayerNorm", "secformer", "exact"): (10, None, 3e-3),
    ("LayerNorm of few deviations", "fast", "exact"): (5, None, 3e-3),
    ("LayerNorm of few deviations", "secformer", "exact"): (9, None, 3e-3),
    ("1/x", "secformer", "exact"): (6, None, 1e-3),
    ("1/sqrt(x)", "secformer", "exact"): (6, None, 3e-3),
    ("comparison (ReLU)", "secformer", "exact"): (3, None, None),
}


def check(operation, suite, truncation, row):
    """What is promised and does not hold."""
    limits = LIMITS.get((operation.title.partition(",")[0], suite, truncation))
    if not limits:
        return []
    found = (row["rounds"], max(row["there"], row["back"]) / row["count"], row["largest"])
    names = ("rounds", "bytes an element", "largest error")
    return [
        f"{operation.title}, {suite}, {truncation}: {name} {value:.6g}, expected at most {limit}"
        for name, value, limit in zip(names, found, limits)
        if limit is not None and not value <= limit
    ]


HEAD = """# Suites
What `tests/suites/suites.py --write` measured: the protocols of `--suite` on one operation each, and what the compiler predicts for whole encoders. A run counts
what was predicted, to the byte. Bytes are those of one inference with the message that reveals the result, and of masking an input that
the client owns; *dealer* is what party 1 gets from the dealer; *seconds* are those of all roles in one process. Errors are against float64, of the function that the suite computes: for
`secformer` and `mpcformer` softmax is 2Quad, for `mpcformer` GELU is a quadratic. The mathematics: [protocols.md](protocols.md), section 17.

Published code of others, counted in runs with local truncation: SecFormer takes 8 rounds for a comparison, 19 rounds and 376 bytes an
element for GELU, 27 rounds for softmax and 35 for LayerNorm, and 1,329 rounds for BERT-base at length 128; CrypTen's exact functions
3,525 rounds for the same. SIGMA (Gupta et al., PETS 2024) takes 5 rounds and 12 bytes an element for GELU.
"""

COLUMNS = ("| suite | truncation | rounds | P0 -> P1 | P1 -> P0 | dealer | largest error | mean error | seconds |\n"
           "|---|---|---|---|---|---|---|---|---|\n")

# layers, width, heads, feed-forward
ENCODERS = {"BERT-base": (12, 768, 12, 3072), "BERT-large": (24, 1024, 16, 4096)}


def operation_table(tools, operation, wrong):
    lines = [f"\n## {operation.title}\nFor {operation.where}.\n\n{COLUMNS}"]
    for suite in operation.suites:
        for truncation in TRUNCATIONS:
            try:
                row = tools.measure(operation, suite, truncation)
            except Failed as problem:
                wrong.append(f"{operation.title}, {suite}, {truncation}: {problem}")
                continue
            wrong += check(operation, suite, truncation, row)
            lines.append(
                f"| {suite} | {truncation} | {row['rounds']} | {row['there']} | {row['back']} | {row['dealer']} "
                f"| {row['largest']:.2g} | {row['mean']:.2g} | {row['seconds']} |\n")
            print(operation.title, lines[-1], end="", flush=True)
    return lines


def encoder_tables(tools, wrong):
    lines = ["\n## Whole encoders\nFrom hidden states to hidden states, with the ranges and random weights of `tests/suites/bert.py`; predicted, and "
             "the seconds of an inference with all roles in one process where that fits the machine (2 cores). MB are 10^6 bytes.\n"]
    costs = {}
    for name, shape in ENCODERS.items():
        for length in (128, 512):
            lines.append(f"\n### {name}, {length} positions\n\n| suite | truncation | rounds | P0 -> P1 (MB) | P1 -> P0 (MB) | dealer (MB) | seconds |\n"
                         "|---|---|---|---|---|---|---|\n")
            for suite in SUITES:
                for truncation in TRUNCATIONS:
                    try:
                        cost = tools.encoder((*shape, length), suite, truncation)
                    except Failed as problem:
                        wrong.append(f"{name}, {length}, {suite}, {truncation}: {problem}")
                        lines.append(f"| {suite} | {truncation} | refused: {problem.args[0].partition('error: ')[2]} ||||||\n")
                        continue
                    costs.setdefault((name, length), {})[suite, truncation] = cost
                    megabytes = [cost[key] / 1e6 for key in ("bytes_p0_to_p1", "bytes_p1_to_p0", "bytes_dealer_to_p1")]
                    lines.append(f"| {suite} | {truncation} | {cost['rounds']} | " + " | ".join(f"{x:.1f}" for x in megabytes) + f" | {cost['seconds']} |\n")
                    print(name, length, lines[-1], end="", flush=True)
    return lines + comparison(costs)


FIGURES = {
    "rounds": lambda cost: cost["rounds"],
    "bytes between the parties": lambda cost: cost["bytes_p0_to_p1"] + cost["bytes_p1_to_p0"],
    "bytes from the dealer": lambda cost: cost["bytes_dealer_to_p1"],
}


def comparison(costs):
    """Where `fast` is the least of all suites, and where not, with exact truncation."""
    lines = ["\n### `fast` beside the others\n\nWith exact truncation, how many times what `fast` takes the others take. Below 1 `fast` is not the least.\n\n"
             "| encoder | figure | " + " | ".join(SUITES[1:]) + " |\n|---|---|" + "---|" * len(SUITES[1:]) + "\n"]
    for (name, length), of in costs.items():
        for title, figure in FIGURES.items():
            ratios = [f"{figure(of[suite, 'exact']) / figure(of['fast', 'exact']):.2f}" if (suite, "exact") in of else "refused"
                      for suite in SUITES[1:]]
            lines.append(f"| {name}, {length} | {title} | " + " | ".join(ratios) + " |\n")
    return lines + [
        "\nThe dealer's words are what `fast` pays for its few rounds: a fitted function takes a word for every cosine. 2Quad takes none, but it is\n"
        "another function, for which a model must be distilled.\n"]


def label_table(tools):
    """BERT-tiny under the suites that need no distilled model."""
    folder = ROOT / "examples" / "bert-tiny-sst2"
    lines = ["\n## BERT-tiny on SST-2\nThe sentences of `examples/bert-tiny-sst2`, against the model in float32; the suites that are not here say that the model must be distilled.\n\n"
             "| suite | same label | largest error of a logit |\n|---|---|---|\n"]
    for suite in labels.SAME_FUNCTIONS:
        same, largest = labels.labels(tools.compiler, folder, suite)
        lines.append(f"| {suite} | {same} of {len(labels.sentences(folder))} | {largest:.4f} |\n")
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("compiler", nargs="?", default="secformer-compile")
    parser.add_argument("opt", nargs="?", default="secformer-opt")
    arguments = parser.parse_args()
    text, wrong = [HEAD], []
    with tempfile.TemporaryDirectory() as scratch:
        tools = Tools(arguments.compiler, arguments.opt, scratch)
        for operation in operations(arguments.small):
            if arguments.only in operation.title:
                text += operation_table(tools, operation, wrong)
        if not arguments.small and arguments.only in "encoders":
            text += encoder_tables(tools, wrong) + label_table(tools)
    if arguments.write:
        (ROOT / "docs" / "suites.md").write_text("".join(text))
    print("\n".join(wrong))
    return 1 if wrong and not arguments.write else 0


if __name__ == "__main__":
    sys.exit(main())
