#!/bin/sh
# Installs, builds, compiles a real sentiment classifier and runs it on secret
# shares of three sentences, in one process. Quick the second time.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
model=examples/bert-tiny-sst2

cmake/install-dependencies.sh build
cmake --preset default > /dev/null
cmake --build --preset default --target secformer-compile SecFormerRuntime

for sentence in a:21 b:12 c:10; do
  letter=${sentence%:*} length=${sentence#*:}
  program=build/quickstart/length$length.mpc
  $model/compile.sh 17 "$letter" $program
  printf '\n== sentence %s, %s tokens (logit 0: negative, 1: positive)\n' "$letter" "$length"
  $program/program run --input $model/sentence_"$letter".npz \
    --reference $model/sentence_"$letter".npz
done
