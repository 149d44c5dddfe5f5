#!/bin/sh
# Writes docs/reference/ from the TableGen files and docs/operators.md from the
# importer's tables (needs the build); with --check only says whether what is
# there is current.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
out=docs/reference
table=build/bin/secformer-operator-table
[ "${1:-}" = --check ] && out=$(mktemp -d) && trap 'rm -rf "$out"' EXIT

tblgen() { # GENERATOR FILE TARGET [OPTION]
  /usr/lib/llvm-22/bin/mlir-tblgen "$1" "$2" -I . -I /usr/lib/llvm-22/include ${4:-} |
    sed 's/[[:space:]]*$//' | cat -s > "$out/$3"
}
tblgen -gen-dialect-doc dialect/NN/NNOps.td nn.md -dialect=nn
tblgen -gen-dialect-doc dialect/MPC/MPCOps.td mpc.md -dialect=mpc
tblgen -gen-pass-doc passes/NN/Passes.td passes-nn.md
tblgen -gen-pass-doc passes/Passes.td passes-mpc.md
tblgen -gen-pass-doc backend/Passes.td passes-backend.md

[ -x $table ] || { echo "build $table first" >&2; exit 1; }
if [ "$out" = docs/reference ]; then
  $table > docs/operators.md
  exit
fi
if ! $table | diff - docs/operators.md; then
  echo "docs/operators.md is not current: run docs/generate.sh" >&2
  exit 1
fi
if ! diff -r "$out" docs/reference; then
  echo "docs/reference/ is not current: run docs/generate.sh" >&2
  exit 1
fi
