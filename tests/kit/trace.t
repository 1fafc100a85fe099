#!/bin/sh
# SPDX-License-Identifier: MIT
# LAB_TRACE: every process that lab starts is a line; and what lab starts is no more than it needs.
. tests/kit/lib.sh
own_kit
E=1-memory/shared_global
stub=$work/kit/labs/$E/shared_global.c

LAB_TRACE=$work/stub "$lab" check shared_global --fresh >/dev/null 2>&1
is "an untouched stub needs no compiler but plain's" \
    "$(jq -r 'select(.does == "compile") | .argv[0]' "$work/stub" | sort -u)" "/usr/bin/gcc"

cp "solutions/$E/shared_global.c" "$stub"
LAB_TRACE=$work/solved "$lab" check shared_global >/dev/null 2>&1
is "each tool of the rubric has run" \
    "$(jq -r 'select(.does == "run") | .tool' "$work/solved" | sort -u | tr '\n' ' ')" \
    "$(grep -o 'under = "[a-z]*"' "labs/$E/lab.conf" | cut -d'"' -f2 | sort -u | tr '\n' ' ')"
is "each process of lab's own said how much memory it had" \
    "$(jq -s '[.[] | select(.does == "end" and .peak_kib > 0) | .session] | length' "$work/solved")" \
    "$(jq -s '[.[] | .session] | unique | length' "$work/solved")"
is "lab itself stays under 30 MiB" \
    "$(jq -s 'map(.peak_kib // 0) | max < 30 * 1024' "$work/solved")" true
is "what a step compiles, no other step compiles again" \
    "$(jq -r 'select(.does == "compile") | .argv | join(" ")' "$work/solved" | sort | uniq -d | wc -l)" 0

# Two checks of this exercise are searches.
searches() { # JOBS
    LAB_TRACE=$work/searches.$1 "$lab" check counter_mutex --tool explore --fresh --jobs "$1" >/dev/null 2>&1
    jq -r 'select(.does == "run") | .session' "$work/searches.$1" | sort -u | wc -l
}
cp solutions/2-races/counter_mutex/counter_mutex.c "$work/kit/labs/2-races/counter_mutex/"
is "on one core the searches of an exercise are one session" "$(searches 1)" 1
is "on several each is one of its own" "$(searches 2)" 2

rm -f "$work/again"
LAB_TRACE=$work/again "$lab" check shared_global >/dev/null 2>&1
is "unchanged, nothing is started" "$(jq -r 'select(.does != "end") | .does' "$work/again" | wc -l)" 0
done_testing
