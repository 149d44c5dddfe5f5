#!/bin/bash
# Runs a program whose weights are a provider's and whose inputs are a client's
# as five processes: they share, the dealer and both parties run over loopback,
# the client opens. Where the parties run there are no weights. In process, with
# the same test seed, outputs and counters must be identical; files of shares
# have the bytes that were predicted, after heads of 120.
#   outsourced.sh PROGRAM INPUT.npz SCRATCH
# SPDX-License-Identifier: Apache-2.0
set -eu
. "$(dirname "$0")/processes.sh"

"$program" share --weights --output w --insecure-test-seed $seed > share.txt
"$program" share --input "$input" --output x --insecure-test-seed $seed --dir elsewhere >> share.txt
start_dealer
party() {
  "$program" party "$1" --config parties.toml --dir elsewhere --stats --weights w.party"$1" --input x.party"$1" \
    --output y.party"$1" > party"$1".json 2> party"$1".log
}
party 0 &
party0=$!
status=0
party 1 || status=1
wait $party0 || status=1
wait $dealer || status=1
"$program" open y.party0 y.party1 --output remote.npz --dir elsewhere > open.txt || status=1
compare_with_one_process

python3 "$here/counters.py" local.json party0.json party1.json dealer.json "$1/manifest.json"
python3 - <<'PYTHON'
import json, os
cost = json.load(open("local.json"))
for files, phase, key in (("w", "setup", "outside_to_p"), ("x", "inference", "outside_to_p"),
                          ("y", "inference", "to_outside")):
    for party in "01":
        name, counter = f"{files}.party{party}", "bytes_" + key + (party if key.endswith("p") else "")
        assert os.path.getsize(name) == 120 + cost[phase][counter], (name, counter)
        assert os.stat(name).st_mode & 0o777 == 0o600, name
PYTHON
