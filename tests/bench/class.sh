#!/bin/sh
# SPDX-License-Identifier: MIT
# A class against the same submissions one by one, all as ratios of this run. CLASS=300 grades so many
# (24); STUBS='30 300 3000' and MOST=10000 are the sizes of the classes of stubs.
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
build=$root/${1:-build}
exercises=${EXERCISES:-shared_global,counter_mutex,bounded_queue}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export LAB_ROOT="$root"

fresh_build() { # a build without a cache, in $1
    mkdir "$1"
    for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
        ln -s "$build/$product" "$1/$product"
    done
}
idle() { awk '$1 == "cpu" { print $5 + $6 }' /proc/stat; }
# measure COMMAND… : sets wall and cpu (of the command and all that it waited for) in ms, busy in percent
measure() {
    idle=$(idle)
    wall=$(date +%s%N)
    cpu=$(sh -c '"$@" >/dev/null 2>&1; times' - "$@" | tail -n 1 |
        awk '{ split($1, u, "[ms]"); split($2, s, "[ms]"); printf "%d", 1000 * (60 * (u[1] + s[1]) + u[2] + s[2]) }')
    wall=$((($(date +%s%N) - wall) / 1000000))
    busy=$(awk -v idle="$(($(idle) - idle))" -v wall="$wall" -v cores="$(nproc)" -v hz="$(getconf CLK_TCK)" \
        'BEGIN { printf "%.0f", 100 * (1 - idle / hz / cores / (wall / 1000)) }')
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

echo "A class of ${CLASS:-24} ($exercises), nothing of it graded before:"
sh tests/kit/class/make_class.sh "$work/class" "${CLASS:-24}" $(echo "$exercises" | tr , ' ')
for who in class xargs single; do fresh_build "$work/$who.build"; done
export LAB_BUILD="$work/class.build"
measure "$build/lab" class "$work/class" --out "$work/out" --exercises "$exercises"
class_wall=$wall class_cpu=$cpu class_busy=$busy
export LAB_BUILD="$work/xargs.build"
measure sh -c 'find "$1" -mindepth 1 -maxdepth 1 -print0 | sort -z |
    xargs -0 -P "$(nproc)" -I{} "$2" grade {} --jobs 1 --exercises "$3" --format json' - "$work/class" "$build/lab" "$exercises"
printf '  time: the class / xargs -P%d over lab grade            %s\n' "$(nproc)" "$(ratio $class_wall $wall)"
printf '  CPU:  the class / the sum of lab grade                 %s\n' "$(ratio $class_cpu $cpu)"
printf '  cores busy with the class (and with others, if there are)  %s %%\n' "$class_busy"

echo "Classes of stubs (counter_mutex):"
export LAB_BUILD="$build"
stubs() { # COUNT DIRECTORY
    mkdir "$2" && echo "" >"$work/note"
    seq -w 1 "$1" | while read -r i; do
        mkdir "$2/student $i" && ln tests/2-races/counter_mutex/stub.c "$2/student $i/counter_mutex.c" 2>/dev/null ||
            cp tests/2-races/counter_mutex/stub.c "$2/student $i/counter_mutex.c"
    done
}
first=
for count in ${STUBS:-30 300 3000}; do
    stubs "$count" "$work/stubs.$count"
    measure "$build/lab" class "$work/stubs.$count" --out "$work/stubs.$count.out" --exercises counter_mutex
    graded=$cpu
    measure "$build/lab" class "$work/stubs.$count" --out "$work/stubs.$count.out" --exercises counter_mutex
    each=$(ratio "$graded" "$count")
    first=${first:-$each}
    printf '  %5d: %5s ms CPU each (%s of the first); again, unchanged: %.2f s, %.2f ms CPU each\n' "$count" "$each" \
        "$(ratio "$each" "$first")" "$(ratio "$wall" 1000)" "$(ratio "$cpu" "$count")"
done

count=${MOST:-10000}
stubs "$count" "$work/most"
"$build/lab" class "$work/most" --out "$work/most.out" --exercises counter_mutex >/dev/null 2>&1
"$build/lab" class "$work/most" --out "$work/most.out" --exercises counter_mutex >/dev/null 2>&1 &
pid=$!
peak=0
while now=$(awk '$1 == "VmHWM:" { print $2 }' /proc/$pid/status 2>/dev/null) && [ -n "$now" ]; do
    peak=$now
    sleep 0.02
done
printf '  %5d: lab class itself needs at most %d MiB\n' "$count" $((peak / 1024))
