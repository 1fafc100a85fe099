#!/bin/sh
# SPDX-License-Identifier: MIT
# tile_heatmap.sh [BUILD]: the reference tile_heatmap at full size against the bare work divided by the
# cores, or against moving all pixels once, whichever takes longer: nobody can be faster than that.
# Measured in one run. Status 1 when the whole job takes more than 1.2 times as long.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}/bench
exercise=3-pools/tile_heatmap
mkdir -p "$build"
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Iharness/probe/include -Ilabs/$exercise -Ilabs/3-pools/pool_map \
    tests/bench/tile_heatmap.c solutions/$exercise/tile_heatmap.c \
    solutions/3-pools/pool_map/pool_map.c -o "$build/tile_heatmap" -lpng

status=0
for effort in 1 4; do
    "$build/tile_heatmap" $effort | awk -v cores="$(nproc)" -v effort=$effort '{
        bare = $2 / cores > $3 ? $2 / cores : $3
        printf "tile_heatmap, 100 million pixels, each looked at %d times: %8.1f ms\n", effort, $1
        printf "the bare work on %d cores:                                %8.1f ms   ratio %5.2f (at most 1.2)\n", cores, bare, $1 / bare
        exit $1 > 1.2 * bare
    }' || status=1
done
exit $status
