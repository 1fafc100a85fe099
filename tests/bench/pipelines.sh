#!/bin/sh
# SPDX-License-Identifier: MIT
# pipelines.sh [BUILD]: the reference pipeline_processes against multiprocessing.Queue, as a ratio
# measured in one run: three stage processes each, small items, all results back in the caller.
# Status 1 when the ratio is under 10.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}/bench
exercise=4-pipelines/pipeline_processes
mkdir -p "$build"
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Iharness/probe/include -Ilabs/$exercise \
    tests/bench/pipeline_processes.c solutions/$exercise/pipeline_processes.c -o "$build/pipelines"

ours=$("$build/pipelines" 300000)
if ! command -v python3 >/dev/null; then
    echo "pipeline_processes: $ours items/s; no python3 here to compare with"
    exit 0
fi
theirs=$(python3 tests/bench/pipeline_processes.py 30000)
shortest=$(python3 tests/bench/pipeline_processes.py 30000 two)
awk -v ours="$ours" -v theirs="$theirs" -v shortest="$shortest" 'BEGIN {
    printf "pipeline_processes, three stages:        %9d items/s\n", ours
    printf "multiprocessing.Queue, three stages:     %9d items/s   ratio %5.1f (at least 10)\n", theirs, ours / theirs
    printf "multiprocessing.Queue, put and get only: %9d items/s   ratio %5.1f (for comparison)\n", shortest, ours / shortest
    exit ours < 10 * theirs
}'
