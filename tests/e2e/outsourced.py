"""Checks what it costs that weights, inputs or both come from outside.

usage: outsourced.py CLIENT_SERVER.json PROVIDER.json CLIENT.json BOTH.json        (--cost-json)
SPDX-License-Identifier: Apache-2.0
"""
import json
import sys

server, provider, client, both = (json.load(open(path)) for path in sys.argv[1:])


def sent(report, phase):
    return report[phase]["bytes_p0_to_p1"] + report[phase]["bytes_p1_to_p0"]


def files(report):
    return {
        (phase, key): value
        for phase in ("setup", "inference")
        for key, value in report[phase].items()
        if "outside" in key and value
    }


# Weights that are opened by both take twice the bytes, in the setup alone.
for report in (provider, both):
    assert sent(report, "setup") == 2 * sent(server, "setup") > 0
    assert files(report)["setup", "bytes_outside_to_p1"] > sent(server, "setup")
assert sent(client, "setup") == sent(server, "setup")
assert sent(provider, "inference") == sent(server, "inference")
# So do inputs; what the result takes less is smaller.
assert sent(client, "inference") > sent(server, "inference")
assert sent(both, "inference") == sent(client, "inference")
assert not files(server)
assert set(files(client)) == {("inference", "bytes_outside_to_p1"), ("inference", "bytes_to_outside")}
assert files(both) == files(provider) | files(client)
# Rounds stay, but for the one that revealed the result.
assert provider["inference"]["rounds"] == server["inference"]["rounds"]
assert client["inference"]["rounds"] == both["inference"]["rounds"] == server["inference"]["rounds"] - 1
