#!/bin/sh
# SPDX-License-Identifier: MIT
# check.sh [BUILD]: what `lab check` of one exercise costs beyond the compilers, linkers and probes that it
# starts. After each one-line edit `lab check` runs under all tools of the exercise, and then the very same
# processes run bare (bare.c, from LAB_TRACE), on the same cores. All figures are from one run; a ratio is
# of the medians. Status 1 when a bar is missed.
set -eu
. tests/kit/lib.sh
rounds=${ROUNDS:-7}
# Short ones, where lab's own share is largest; bounded_queue, where a side has to be seen waiting; and one
# whose searches take longer than everything else.
exercises=${EXERCISES:-2-races/counter_mutex 1-memory/forked_copy 4-pipelines/bounded_queue 4-pipelines/pipeline_processes}
status=0
jobs=$(nproc)
mkdir -p "$build/bench"
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -Iharness -Iharness/probe/include tests/bench/bare.c \
    -o "$build/bench/bare" "$build/libharness.a" \
    -ljansson -lconfig -larchive -lseccomp -ldw -lelf -lxml2 -lpng -lmd -lm
${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 tests/bench/stopwatch.c -o "$build/bench/stopwatch"

median() { # FILE COLUMN
    cut -d' ' -f"$2" "$1" | sort -n | sed -n "$(($(wc -l <"$1") / 2 + 1))p"
}
compare() { # TITLE VALUE BARE BAR
    awk -v t="$1" -v a="$2" -v b="$3" -v bar="$4" 'BEGIN {
        printf "  %-34s %8.0f ms   bare %6.0f ms   ratio %5.2f%s\n", t, a, b, a / b, bar ? " (at most " bar ")" : ""
        exit bar && a > bar * b
    }' || status=1
}
below() { # TITLE VALUE BAR UNIT
    awk -v t="$1" -v a="$2" -v bar="$3" -v u="$4" 'BEGIN {
        printf "  %-34s %8.1f %s (at most %s)\n", t, a, u, bar
        exit a > bar
    }' || status=1
}

own_kit
# The first check proves the tools and fills the cache; it is not measured. A solution that does not pass
# would be no fair comparison.
for exercise in $exercises; do
    name=${exercise#*/}
    file=$work/kit/labs/$exercise/$name.c
    cp "solutions/$exercise/$name.c" "$file"
    "$lab" check "$name" >"$work/first" || { cat "$work/first"; exit 1; }
    rm -f "$work"/checks "$work"/bares "$work"/again "$work"/peaks
    for round in $(seq "$rounds"); do
        echo "/* edit $round of $$ */" >>"$file"
        rm -f "$work/trace"
        LAB_TRACE=$work/trace "$build/bench/stopwatch" "$lab" check "$name" >>"$work/checks"
        timeout 120 "$build/bench/bare" "$work/trace" "$file" "$jobs" >>"$work/bares"
        "$build/bench/stopwatch" "$lab" check "$name" >>"$work/again"
        jq -s 'map(.peak_kib // 0) | max / 1024' "$work/trace" >>"$work/peaks"
    done
    echo "lab check $name, after an edit of one line, $jobs cores:"
    compare "wall" "$(median "$work/checks" 1)" "$(median "$work/bares" 1)" 1.25
    compare "CPU" "$(median "$work/checks" 2)" "$(median "$work/bares" 2)" ""
    printf '  %-34s %8.0f ms\n' "first verdict on the screen after" "$(median "$work/checks" 3)"
    below "again, unchanged" "$(median "$work/again" 1)" 100 "ms"
    below "lab's own memory" "$(sort -n "$work/peaks" | tail -n 1)" 30 "MiB"
done
exit $status
