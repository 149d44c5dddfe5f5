#!/bin/sh
# Compiles the example at one opset and runs it on shares of one sentence, in
# process and as three processes over loopback: the logits are the plaintext
# ones to within 0.01, and with one test seed both runs give the same bytes.
#   bert-tiny.sh EXAMPLES PROGRAMS OPSET SENTENCE SCRATCH
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sentence=$1/bert-tiny-sst2/sentence_$4.npz
program=$2/op$3-$4.mpc
"$1/bert-tiny-sst2/compile.sh" "$3" "$4" "$program"
bash "$here/three-processes.sh" "$program" "$sentence" "$5"
# Fresh randomness this time.
"$program/program" run --input "$sentence" --output "$5/fresh.npz" --reference "$sentence"
for output in local remote fresh; do
  python3 "$here/npz.py" close "$5/$output.npz" "$sentence" logits 0.01
done
