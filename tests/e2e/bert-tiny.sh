#!/bin/sh
# Compiles the example at one opset, runs it on shares of one sentence and
# compares the logits with the plaintext ones.
#   bert-tiny.sh EXAMPLES PROGRAMS OPSET SENTENCE OUTPUT.npz
# SPDX-License-Identifier: Apache-2.0
set -eu
sentence=$1/bert-tiny-sst2/sentence_$4.npz
program=$2/op$3-$4.mpc
"$1/bert-tiny-sst2/compile.sh" "$3" "$4" "$program"
"$program/program" run --input "$sentence" --output "$5" --reference "$sentence"
python3 "$(dirname "$0")/npz.py" close "$5" "$sentence" logits 0.01
