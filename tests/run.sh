#!/bin/bash
# Builds everything and runs every test; the last line is "N passed, N failed".
# Safe to repeat: only what changed is built again.
# SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
reports=build/reports
passed=0
failed=0

step() { printf '== %s\n' "$*"; }

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
  exit
}

# Runs a command that must succeed before any test can run.
prepare() {
  step "$@"
  "$@" || { failed=1; finish; }
}

# Counts one check; its output is shown only when it fails.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '%s\n%s\n' "$output" "$name: failed"
  fi
}

# Runs a test program and adds the cases of its JUnit report to the sums. A bad
# exit that no case explains is one failure.
suite() {
  local report=$1 status counts
  shift
  "$@"
  status=$?
  read -ra counts < <(python3 tests/count.py "$report")
  [ $status != 0 ] && [ "${counts[1]}" = 0 ] && counts[1]=1
  passed=$((passed + counts[0]))
  failed=$((failed + counts[1]))
}

prepare cmake/install-dependencies.sh test
prepare cmake --preset ci
prepare cmake --build build -j "$jobs"
rm -rf $reports && mkdir -p $reports

step "format"
check "clang-format" tests/format.sh
check "docs/reference is current" docs/generate.sh --check

mapfile -t units < build/tests/unit-tests.txt
for unit in "${units[@]}"; do
  name=$(basename "$unit")
  step "$name"
  suite "$reports/$name.xml" "$unit" --gtest_brief=1 --gtest_output="xml:$reports/$name.xml"
done

step "lit"
suite $reports/lit.xml /usr/lib/llvm-22/bin/lit -sv -j "$jobs" \
  --xunit-xml-output $reports/lit.xml build/tests

step "fuzz"
check "tests/fuzz/run.sh" tests/fuzz/run.sh

step "quickstart"
check "examples/quickstart.sh" examples/quickstart.sh

finish
