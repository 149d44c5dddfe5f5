#!/bin/bash
# Runs a program with one test seed in every way that may not change anything:
# whatever the instructions, the threads, when the offline phase runs, how slow
# the links are, in one process or in three that differ in all of that. Outputs
# and counters must be those of the first run.
#   same-bytes.sh PROGRAM INPUT.npz SCRATCH
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1/program
input=$2
rm -rf "$3" && mkdir -p "$3"
bash "$here/three-processes.sh" "$1" "$2" "$3/first"
PARTY0_KERNEL=portable PARTY1_OPTIONS="--threads 3 --offline-first" DEALER_OPTIONS="--threads 2" \
  bash "$here/three-processes.sh" "$1" "$2" "$3/apart"
cmp "$3/first/local.npz" "$3/apart/remote.npz"

offered=$(SECFORMER_KERNEL=none "$program" info 2>&1 | sed -n 's/.*this processor offers: //p' | tr -d ,)
for kernel in $offered; do
  for threads in 1 2 3; do
    for phasing in streamed offline-first; do
      for links in fast slow; do
        run=$3/$kernel-$threads-$phasing-$links
        options=(--threads $threads)
        [ $phasing = streamed ] || options+=(--offline-first)
        [ $links = fast ] || options+=(--shape 0.2,2000)
        SECFORMER_KERNEL=$kernel "$program" run --input "$input" --output "$run.npz" --stats "${options[@]}" \
          --insecure-test-seed 5ecf0123456789abcdef0123456789ab > "$run.json" 2> "$run.log" || { cat "$run.log"; exit 1; }
        cmp "$3/first/local.npz" "$run.npz"
        grep -q "\"kernel\": \"$kernel\"" "$run.json"
      done
    done
  done
done
python3 "$here/counters.py" "$3/first/local.json" "$3/apart/local.json" "$3"/*.json
echo "$(find "$3" -maxdepth 1 -name '*.json' | wc -l) runs in one process; kernels: $offered"
