#!/bin/sh
# SPDX-License-Identifier: MIT
# explore - the explorer's bars as figures, measured in one run: how many executions a second on one
# core, traces a second of the exhaustive search, what a second core adds, and the mean number of
# schedules to the first bug.
#
#     tests/bench/explore.sh [BUILD]
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
bench=$build/bench/explore
mkdir -p "$build/bench"

gcc -std=gnu17 -D_GNU_SOURCE -O2 -Iharness -o "$bench" tests/bench/explore.c "$build/libharness.a" \
    -ljansson -lconfig -larchive -lseccomp -ldw -lelf -lxml2 -lpng -lmd -lm || exit 1
[ -e "$build/bench/lab-init" ] || ln -s ../lab-init "$build/bench/lab-init"

gcc -std=gnu17 -D_GNU_SOURCE -O2 -static -o "$build/bench/forks" tests/bench/forks.c || exit 1

# program SOURCE NAME [DEFINITION]: built as lab builds what it explores.
program() {
    clang -std=gnu17 -D_GNU_SOURCE -g -gdwarf-4 -O0 -fno-omit-frame-pointer \
        -fno-optimize-sibling-calls -fsanitize=thread -mllvm -tsan-instrument-read-before-write \
        -Iharness/probe -Iharness/probe/include -c -o "$build/bench/$2.o" "$1" ${3:-} &&
        clang -static -o "$build/bench/$2" "$build/bench/$2.o" "@$build/explore.wraps" \
            -Wl,--whole-archive "$build/libexplore.a" -Wl,--no-whole-archive -lpthread
}

program tests/kit/explore/increment.c increment || exit 1
program tests/kit/explore/readers.c readers -DN=10 || exit 1
program tests/kit/explore/bugs.c bugs || exit 1

echo "Explore (bar in brackets):"
"$bench" speed "executions a second, 2 threads x counter++" 5000 "$build/bench/increment" random
"$bench" speed "traces a second, exhaustive, readers(10)" 1000 "$build/bench/readers" dpor
"$bench" jobs "a second core, at random" 2.0 "$build/bench/increment" random
"$bench" jobs "a second core, exhaustive" 2.0 "$build/bench/readers" dpor
"$build/bench/forks"
for file in solutions/*/*/*.c; do
    exercise=$(basename "$file" .c)
    grep -q '"explore"' "labs/$(basename "$(dirname "$(dirname "$file")")")/$exercise/lab.conf" || continue
    "$build/lab" explore "$exercise" --source="$file" --strategy=random --schedules=500 \
        --keep-going --json="$build/bench/explore.json" >/dev/null 2>&1
    sed -n 's/.*"executions_per_second": \([0-9]*\).*/\1/p' "$build/bench/explore.json" |
        xargs printf '  %-56s %8s [3000]\n' "executions a second, $exercise"
done
for bug in two_locks:5: lost_update:3: lost_wakeup:10: reorder:10:threads=3 reorder:10:threads=10 \
    reorder:10:threads=100 twostage:10:threads=3 twostage:10:threads=10 twostage:10:threads=100; do
    name=${bug%%:*} rest=${bug#*:}
    "$bench" first "schedules to the first bug, $name ${rest#*:}" "${rest%%:*}" \
        "$build/bench/bugs" "$name" "${rest#*:}"
done
