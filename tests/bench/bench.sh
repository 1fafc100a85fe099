#!/bin/sh
# SPDX-License-Identifier: MIT
# bench - how fast the reference solutions are, as ratios to something measured in the same run. No test.
set -u
cd "$(dirname "$0")/../.." || exit 2
for part in tests/bench/*.sh; do
    [ "$(basename "$part")" = bench.sh ] || sh "$part" "${1:-build}"
done
