# Sourced by the scripts that run a program as several processes over loopback:
#   SCRIPT PROGRAM INPUT.npz SCRATCH
# Works in SCRATCH, with a folder that has no secret weights.
# SPDX-License-Identifier: Apache-2.0
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

start_dealer() {
  # shellcheck disable=SC2086 # several words, or none
  "$program" dealer --config parties.toml --dir elsewhere --stats --insecure-test-seed $seed ${DEALER_OPTIONS-} \
    > dealer.json 2> dealer.log &
  dealer=$!
}

# The same in one process; then nothing may have failed, and the outputs are the
# same to the byte.
compare_with_one_process() {
  "$program" run --input "$input" --output local.npz --stats --insecure-test-seed $seed > local.json 2> local.log || status=1
  [ $status = 0 ] || { head -50 ./*.log; exit 1; }
  cmp local.npz remote.npz
}
