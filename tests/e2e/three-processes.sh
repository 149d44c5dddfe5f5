#!/bin/bash
# Runs a program as party 0, party 1 and dealer over loopback and once more in
# process with the same test seed: outputs and counters must be identical. The
# secret weights lie where party 0 runs, and nowhere else.
#   three-processes.sh PROGRAM INPUT.npz SCRATCH
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1/program
input=$2
seed=5ecf0123456789abcdef0123456789ab
rm -rf "$3" && mkdir -p "$3" && cd "$3"

python3 "$here/parties.py" parties.toml
mkdir elsewhere
cp "$1/manifest.json" elsewhere
[ ! -e "$1/public.bin" ] || cp "$1/public.bin" elsewhere
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
"$program" dealer --config parties.toml --dir elsewhere --stats --insecure-test-seed $seed > dealer.json 2> dealer.log &
dealer=$!
"$program" party 0 --config parties.toml --stats > party0.json 2> party0.log &
party0=$!
status=0
"$program" party 1 --config parties.toml --dir elsewhere --stats --input "$input" --output remote.npz \
  > party1.json 2> party1.log || status=1
wait $party0 || status=1
wait $dealer || status=1
"$program" run --input "$input" --output local.npz --stats --insecure-test-seed $seed \
  > local.json 2> local.log || status=1
[ $status = 0 ] || { head -50 ./*.log; exit 1; }

cmp local.npz remote.npz
python3 "$here/counters.py" local.json party0.json party1.json dealer.json
