#!/bin/bash
# Builds the fuzz targets and runs each over its corpus, then on changed inputs.
# SPDX-License-Identifier: Apache-2.0
#
#   tests/fuzz/run.sh [SECONDS [TARGET...]]     60 seconds, of all targets
#
# Half of the time is for models. SEED=N changes inputs in another way. What is
# found stays in build/fuzz/found/TARGET, and a crash in build/fuzz/crashes.
set -u
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift
others=(npz manifest config shares)
targets=("${@:-onnx}")
[ $# = 0 ] && targets+=("${others[@]}")
declare -A longest=([onnx]=65536 [npz]=65536 [manifest]=16384 [config]=4096 [shares]=512)

mkdir -p build
cmake --preset fuzz > build/fuzz.log &&
  cmake --build --preset fuzz -j "${JOBS:-$(nproc)}" >> build/fuzz.log ||
  { tail -50 build/fuzz.log; exit 1; }
mkdir -p build/fuzz/crashes

fuzz() {
  local target=$1 time=$2 found=build/fuzz/found/$1
  mkdir -p "$found"
  build/fuzz/bin/secformer-fuzz-"$target" -seed="${SEED:-1}" \
    -max_total_time="$time" -max_len="${longest[$target]}" \
    -rss_limit_mb=2048 -timeout=60 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/crashes/"$target"- \
    "$found" tests/fuzz/corpus/"$target" > build/fuzz/"$target".log 2>&1 ||
    { grep -v '^#' build/fuzz/"$target".log | tail -60; return 1; }
  echo "$target: $(grep 'DONE' build/fuzz/"$target".log)"
}

status=0
for target in "${targets[@]}"; do
  share=$((seconds / ${#targets[@]}))
  [ ${#targets[@]} -gt 1 ] && share=$((seconds / 8))
  [ ${#targets[@]} -gt 1 ] && [ "$target" = onnx ] && share=$((seconds / 2))
  fuzz "$target" "$share" || status=1
done
exit $status
