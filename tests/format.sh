#!/bin/sh
# Checks that every C++ file is formatted as .clang-format says.
#   tests/format.sh -i     formats them instead
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
mode=${1:---dry-run}
find runtime dialect frontend passes backend tools tests \
  \( -name '*.h' -o -name '*.inc' -o -name '*.cpp' \) -print0 |
  xargs -0 -r clang-format-22 --Werror "$mode"
