#!/bin/sh
# SPDX-License-Identifier: MIT
# tile_heatmap.sh [BUILD]: the reference tile_heatmap at full size against what nobody with processes can be
# faster than: the bare work by one process for each core, or the work divided by the cores, or moving all
# pixels once, whichever takes longest. Measured in one run. Status 1 when the job takes more than 1.2 times
# as long.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}/bench
exercise=3-pools/tile_heatmap
mkdir -p "$build"
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Iharness/probe/include -Ilabs/$exercise -Ilabs/3-pools/pool_map \
    tests/bench/tile_heatmap.c solutions/$exercise/tile_heatmap.c \
    solutions/3-pools/pool_map/pool_map.c -o "$build/tile_heatmap" -lpng

status=0
cores=$(nproc)
for effort in 1 4; do
    "$build/tile_heatmap" $effort "$cores" | awk -v cores="$cores" -v effort=$effort '{
        even = $2 / cores; floor = $4
        if (even > floor) floor = even
        if ($3 > floor) floor = $3
        printf "tile_heatmap, 100 million pixels, each looked at %d times: %8.1f ms\n", effort, $1
        printf "the bare work by %d processes (pixels moved: %5.1f ms):   %8.1f ms   ratio %5.2f (at most 1.2)\n", cores, $3, floor, $1 / floor
        printf "the work of one process / %d:                            %8.1f ms   ratio %5.2f\n", cores, even, $1 / even
        exit $1 > 1.2 * floor
    }' || status=1
done
exit $status
