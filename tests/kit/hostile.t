#!/bin/sh
# SPDX-License-Identifier: MIT
# The corpus of hostile and of odd honest submissions (tests/kit/hostile/): each gets the verdicts that
# its first line expects. Then a part of it once more as other machines and users meet it.
. tests/kit/lib.sh

# Each sample is a test, and so is the end of the run.
corpus() { # what it is, then the command
    title=$1
    shift
    run "$@"
    while read -r line; do
        case $line in
        "ok "*) _report 0 "$title: ${line#ok }" ;;
        "not ok "*) _report 1 "$title: ${line#not ok }" ;;
        *) echo "# $line" ;;
        esac
    done <"$out"
    _report "$status" "$title: the run ends well"
}

corpus "as $(id -un)" sh tests/kit/hostile/run.sh "$build"

# What differs between users and levels is the box, not the compiler and not the gate.
part='closes_everything|reads_what_is_not_its|writes_outside|fork_bomb|thread_bomb|orphans|zombies'
part="$part|respawns_itself|heap_hog|fills_tmp|endless_loop|one_long_line|hides_its_report"
part="$part|includes_accounts|kills_itself|honest_files|honest_fifo|honest_named_semaphore"
part="$part|honest_shared_mapping|honest_socket_pair|honest_child_process"

# A kit that an ordinary user can reach: what root builds may lie in a directory of root's.
a_kit_for_everybody() {
    mkdir "$work/kit" "$work/kit/build" "$work/tmp"
    cp -r harness labs solutions tests Makefile packages.txt "$work/kit"
    for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
        cp -r "$build/$product" "$work/kit/build/"
    done
    chmod -R go+rX "$work"
    chown -R 65534:65534 "$work/kit/build" "$work/tmp"
    cd "$work/kit" || exit 1
    export LAB_ROOT="$work/kit" LAB_BUILD="$work/kit/build" TMPDIR="$work/tmp" HOME="$work/tmp"
}
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

if [ "$(id -u)" = 0 ]; then
    a_kit_for_everybody
    corpus "as nobody" nobody sh tests/kit/hostile/run.sh build "$part"
    lab=$work/kit/build/lab
else
    nobody() { "$@"; }
    own_kit
fi
if nobody sh tests/kit/hostile/without_namespaces.sh true 2>/dev/null; then
    corpus "without namespaces" \
        nobody sh tests/kit/hostile/without_namespaces.sh sh tests/kit/hostile/run.sh build "$part"
fi

# Names that others have taken where Criterion will listen are gone around, and when all are taken it
# is nobody's verdict.
hand_in() { # a sample, in a file of its own: the directory is $work/NAME
    mkdir "$work/$1"
    awk '/^#include "sample\.h"$/ { while ((getline line < "tests/kit/hostile/sample.h") > 0) print line
            next }
         { print }' "$2" >"$work/$1/counter_mutex.c"
    chmod -R go+rX "$work/$1"
}
verdict_of() { # TEST in $out
    jq -r --arg id "counter_mutex/$1" '.exercises[].checks[] | select(.id == $id) | .verdict' "$out"
}
grade="$lab grade --exercises counter_mutex --format json --fresh"
hand_in plain tests/kit/hostile/honest/plain.c
way() { sh tests/kit/hostile/in_the_way.sh "$@" $grade "$work/plain"; }
if [ "$(id -u)" = 0 ] && unshare --mount --pid --fork --mount-proc true 2>/dev/null; then
    run way 3 "$work" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all
    sed -i '/^lab: /d' "$out" # the level is a lower one
    is "as nobody: a judge goes around what is in its way" "$(jq '.score == 10' "$out")" true
    run way 3 "$work"
    is "as root: a judge goes around what is in its way" "$(jq '.score == 10' "$out")" true
    run way 1 "$work"
    is "where everything is in its way nobody is graded" "$(jq .complete "$out")" false
    has "and the sentence says what to remove" "criterion_*.sock" "$out"
fi

# Whoever has found a judge's socket and says there that the check has passed.
hand_in no_lock tests/2-races/counter_mutex/wrong/no_lock.c
run python3 tests/kit/hostile/plays_the_judge.py no_update_is_lost $grade "$work/no_lock"
ok "the false judge has spoken" grep -q '^said so [1-9]' "$out"
sed -i '/^said so/d' "$out"
is "and nobody has heard it" "$(verdict_of no_update_is_lost)" WRONG

# A search is limited as a whole: each of its executions may be short enough.
hand_in slow tests/kit/hostile/limited/computes_between_its_steps.c
sed -i 's/limits = {/& cpu_ms = 100;/' "$work/kit/labs/2-races/counter_mutex/lab.conf"
run $grade "$work/slow"
is "a search that would take too long ends" "$(verdict_of no_update_is_lost)" TIMEOUT
done_testing
