"""How operator cases are written down (case_*.py) for make_cases.py."""

import dataclasses

import numpy as np

MICROSOFT = "com.microsoft"


@dataclasses.dataclass
class Case:
    name: str
    op: str
    inputs: list
    opset: int
    attributes: dict
    known: tuple
    outputs: tuple
    domain: str
    by: str  # "runtime", "reference", or None for both
    expected: list


class Family:
    """Collects cases; names are OPERATOR-VARIANT-OPSET."""

    def __init__(self, name):
        self.name = name
        self.cases = []

    def __call__(self, op, inputs, opset=17, variant="", known=(), outputs=1, domain="",
                 by=None, expected=None, **attributes):
        """One case for every opset. `known` operands are initializers; `outputs`
        is a number, or says of each output whether it is wanted."""
        wanted = (True,) * outputs if isinstance(outputs, int) else tuple(outputs)
        for version in opset if isinstance(opset, (list, tuple)) else [opset]:
            parts = [domain.replace(".", "_"), op, variant, "" if domain else str(version)]
            name = "-".join(part for part in parts if part)
            while any(case.name == name for case in self.cases):
                name += "b"
            self.cases.append(Case(name, op, list(inputs), version, attributes, tuple(known),
                                   wanted, domain, by, expected))


_random = np.random.default_rng(1)


def f(*shape, low=-2, high=2):
    """Random floats of few digits, so that files are small."""
    return np.asarray(_random.uniform(low, high, shape).round(2), np.float32)


def i64(*shape, low=-5, high=6):
    return np.asarray(_random.integers(low, high, shape), np.int64)


def i32(*shape, low=-5, high=6):
    return np.asarray(_random.integers(low, high, shape), np.int32)


def b(*shape):
    return np.asarray(_random.integers(0, 2, shape), np.bool_)


def floats(*values):
    return np.array(values, np.float32)


def ints(*values):
    return np.array(values, np.int64)


def ints32(*values):
    return np.array(values, np.int32)


def bools(*values):
    return np.array(values, np.bool_)


def number(value, kind=np.float32):
    return np.array(value, kind)


NAN, INF = np.nan, np.inf
SPECIAL = floats(NAN, INF, -INF, 0.0, -0.0, 1.5, -2.5, 3.0)
