#!/bin/bash
# Runs a program as party 0, party 1 and dealer over loopback and once more in
# process with the same test seed: outputs and counters must be identical. The
# secret weights lie where party 0 runs, and nowhere else. PARTY0_KERNEL, if set,
# is the SECFORMER_KERNEL of party 0; PARTY1_OPTIONS and DEALER_OPTIONS are more
# options of theirs.
#   three-processes.sh PROGRAM INPUT.npz SCRATCH
# SPDX-License-Identifier: Apache-2.0
set -eu
. "$(dirname "$0")/processes.sh"

start_dealer
# shellcheck disable=SC2086 # several words, or none
${PARTY0_KERNEL:+env SECFORMER_KERNEL=$PARTY0_KERNEL} "$program" party 0 --config parties.toml --stats > party0.json 2> party0.log &
party0=$!
status=0
# shellcheck disable=SC2086
"$program" party 1 --config parties.toml --dir elsewhere --stats --input "$input" --output remote.npz \
  ${PARTY1_OPTIONS-} > party1.json 2> party1.log || status=1
wait $party0 || status=1
wait $dealer || status=1
compare_with_one_process

python3 "$here/counters.py" local.json party0.json party1.json dealer.json
