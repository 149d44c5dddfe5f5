#!/bin/sh
# Compiles the model for one sentence's length, unless that is done already.
#
#   compile.sh OPSET SENTENCE PROGRAM      e.g. compile.sh 17 a build/length21.mpc
#
# SECFORMER_BUILD names the build folder (default: build).
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(dirname "$0")
build=${SECFORMER_BUILD:-build}
model=$here/model_op$1.onnx
sample=$here/sentence_$2.npz
program=$3
case $2 in
a) length=21 ;;
b) length=12 ;;
c) length=10 ;;
*) echo "compile.sh: error: no sentence '$2', expected a, b or c" >&2; exit 1 ;;
esac
set -- --dim batch=1 --dim sequence=$length --public-input attention_mask

mkdir -p "$(dirname "$program")"
exec 9> "$program.lock"
flock 9
stamp=$({ echo "$@"; cat "$0" "$model" "$sample" "$build/bin/secformer-compile" \
  "$build/lib/libSecFormerRuntime.a"; } | sha256sum)
if [ -x "$program/program" ] && [ "$stamp" = "$(cat "$program.stamp" 2>/dev/null)" ]; then
  exit 0
fi
rm -f "$program.stamp"
"$build/bin/secformer-compile" "$model" "$@" --calibrate "$sample" -o "$program"
echo "$stamp" > "$program.stamp"
