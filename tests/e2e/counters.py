"""Checks that reports of rounds and bytes agree.

usage: counters.py ALL.json SOME.json...
ALL holds every counter of setup and inference; what the others hold of them (a
role sees only its own) must be equal. Accepts --stats, --cost and manifests.
SPDX-License-Identifier: Apache-2.0
"""
import json
import sys


def counters(path):
    with open(path) as file:
        report = json.load(file)
    report = report.get("cost", report)
    return {
        (phase, key): value
        for phase in ("setup", "inference")
        for key, value in report[phase].items()
        if key == "rounds" or key.startswith("bytes_")
    }


first, *others = sys.argv[1:]
everything = counters(first)
if len(everything) not in (10, 16) or not everything["inference", "rounds"]:
    sys.exit(f"counters.py: {first} has not all counters: {everything}")
for path in others:
    some = counters(path)
    wrong = {key: (everything[key], some[key]) for key in some if some[key] != everything[key]}
    if wrong or not some:
        sys.exit(f"counters.py: {first} and {path} differ: {wrong}")
