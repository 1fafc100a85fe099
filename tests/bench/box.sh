#!/bin/sh
# SPDX-License-Identifier: MIT
# box.sh [BUILD]: what the sandbox costs, against the same without it, in one run. Status 1 when
# `lab grade` with the sandbox takes more than 15 % longer than without.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}
mkdir -p "$build/bench"
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Iharness tests/bench/box.c "$build/libharness.a" \
    -ljansson -lconfig -larchive -lseccomp -ldw -lelf -lxml2 -lpng -lmd -lm -o "$build/bench/box"
${CC:-cc} -std=gnu17 -g -O0 -c -Ilabs/2-races/counter_mutex -Iharness/probe/include \
    solutions/2-races/counter_mutex/counter_mutex.c -o "$build/bench/object.o"
LAB_INIT=$build/lab-init "$build/bench/box" "${BOX_RUNS:-100}" "$build/bench/object.o"

# The reference solutions, judged again each time, in turn without and with the sandbox.
exercises=${BOX_EXERCISES:-shared_global,forked_copy,counter_mutex,thread_pool,bounded_queue}
seconds() { # level
    start=$(date +%s%N)
    "$build/lab" grade solutions --exercises "$exercises" --box "$1" --fresh --jobs 1 >/dev/null 2>&1 || true
    echo $(($(date +%s%N) - start))
}
none=
boxed=
for round in warm 1 2 3; do
    a=$(seconds none)
    b=$(seconds reduced)
    [ $round = warm ] && continue
    [ -n "$none" ] && [ "$none" -le "$a" ] || none=$a
    [ -n "$boxed" ] && [ "$boxed" -le "$b" ] || boxed=$b
done
awk -v none="$none" -v boxed="$boxed" 'BEGIN {
    printf "lab grade of the solutions: %.2f s without, %.2f s with the sandbox: %+.1f %% (at most 15)\n",
        none / 1e9, boxed / 1e9, 100 * (boxed / none - 1)
    exit boxed > 1.15 * none
}' && status=0 || status=1

# The largest that the grader itself became, whatever a submission printed. The compilers and the
# programs below it are not the grader.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for sample in endless_output one_long_line macro_bomb endless_complaints sends_a_path; do
    mkdir -p "$scratch/$sample"
    awk -v body=tests/kit/hostile/sample.h '
        /^#include "sample\.h"$/ { while ((getline line < body) > 0) print line; next } { print }' \
        "tests/kit/hostile/$sample.c" >"$scratch/$sample/counter_mutex.c"
    "$build/lab" grade "$scratch/$sample" --exercises counter_mutex --fresh >/dev/null 2>&1 &
    grader=$!
    while kill -0 $grader 2>/dev/null; do
        for exe in /proc/[0-9]*/exe; do
            [ "$(readlink "$exe" 2>/dev/null)" = "$(realpath "$build/lab")" ] || continue
            sed -n 's/^VmHWM:[[:space:]]*//p' "${exe%exe}status" 2>/dev/null || true
        done
        sleep 0.02
    done >>"$scratch/peaks"
done
sort -n "$scratch/peaks" | tail -n 1 | awk '{ printf "the grader itself: at most %.1f MiB (50)\n", $1 / 1024 }'
exit $status
