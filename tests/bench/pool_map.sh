#!/bin/sh
# SPDX-License-Identifier: MIT
# pool_map.sh [BUILD]: the reference pool_map against multiprocessing.Pool.map, as a ratio measured in
# one run: 10,000 tiny items, 8 workers, chunk 1. Status 1 when the ratio is under 5.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}/bench
exercise=3-pools/pool_map
mkdir -p "$build"
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Iharness/probe/include -Ilabs/$exercise \
    tests/bench/pool_map.c solutions/$exercise/pool_map.c -o "$build/pool_map"

ours=$("$build/pool_map")
if ! command -v python3 >/dev/null; then
    echo "pool_map: ${ours% *} ms for 10,000 items, chunk 1; no python3 here to compare with"
    exit 0
fi
theirs=$(python3 tests/bench/pool_map.py 1)
chosen=$(python3 tests/bench/pool_map.py)
echo "$ours $theirs $chosen" | awk '{
    printf "pool_map, 10,000 items, chunk 1:         %9.1f ms\n", $1
    printf "multiprocessing.Pool.map, chunksize 1:   %9.1f ms        ratio %5.1f (at least 5)\n", $3, $3 / $1
    printf "the same from opening to joining:  %6.1f, %7.1f ms        ratio %5.1f (for comparison)\n", $2, $4, $4 / $2
    printf "Pool.map with a chunksize of its choice: %9.1f ms        ratio %5.1f (for comparison)\n", $5, $5 / $1
    exit $3 < 5 * $1
}'
