"""Compares the seconds of a program on a network with those that the compiler predicted.

usage: predicted.py COST.json PROGRAM INPUT.npz

COST.json is what --cost-json printed with a network; the program runs with links of its latency and bandwidth, once
with its offline phase first and once streamed. A machine that is busy makes runs slower, so each has a second chance.
SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess
import sys

TOLERANCE = 0.15

cost, program, samples = sys.argv[1:]
with open(cost) as file:
    network = json.load(file)["network"]
links = ["--shape", f"{network['rtt_ms']},{network['bandwidth_mbits']}"]


def inference(*options):
    command = [program, "run", "--input", samples, "--stats", *links, *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["inference"]


def apart():
    run = inference("--offline-first")
    return {"offline": run["offline_seconds"], "online": run["seconds"]}


def streamed():
    return {"streamed": inference()["seconds"]}


def off(name, seconds):
    return seconds / network[name + "_seconds"] - 1


for way in (apart, streamed):
    for last in (False, True):
        measured = way()
        if all(abs(off(*each)) <= TOLERANCE for each in measured.items()):
            break
        if last:
            sys.exit(f"{program}: {measured} seconds, predicted {network}: more than {TOLERANCE:.0%} off")
    for name, seconds in measured.items():
        print(f"{name} {seconds:.3f} s, predicted {network[name + '_seconds']:.3f} s ({off(name, seconds):+.1%})")
