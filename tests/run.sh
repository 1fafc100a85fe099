#!/bin/sh
# SPDX-License-Identifier: MIT
# run - all tests of the project: the kit's unit tests (Criterion), its tests by command line (TAP
# scripts), and selfcheck over every exercise. Ends with "N passed, N failed".
#
#     tests/run.sh [BUILD [FILE…]]      FILE: only these, such as tests/kit/test_base.c or selfcheck
#
# As many files at once as there are cores, the box's tests one by one; each is a process of this script (tests/run.sh --one) that
# prints its line when it has ended. A failing test's output is shown, a passing one's not at all.
set -u
cd "$(dirname "$0")/.." || exit 2
export LAB_ROOT="$PWD"

# One line for the screen, and "passed failed" for whoever adds up.
count() { # name, passed, failed
    echo "$2 $3" >>"$counts"
    if [ "$3" -eq 0 ]; then
        printf '  ok    %-28s %s tests, %s s\n' "$1" "$2" "$(($(date +%s) - began))"
    else
        { printf '  FAIL  %-28s %s of %s tests\n' "$1" "$3" "$(($2 + $3))"; tail -n 60 "$log"; } |
            cat # in one piece
    fi
}

# A runner that dies, or reports no test, has failed whatever else it said.
criterion() {
    jobs=2
    case $name in test_box_*) jobs=1 ;; esac # see `alone` below
    "$build/tests/$name" "-j$jobs" >"$log" 2>&1 </dev/null
    status=$?
    line=$(grep -a 'Synthesis: Tested:' "$log" | tail -n 1 | tr -dc '0-9|')
    tested=$(echo "$line" | cut -d'|' -f1)
    passing=$(echo "$line" | cut -d'|' -f2)
    if [ -z "$line" ] || [ "${tested:-0}" -eq 0 ]; then
        count "$name" 0 1
    else
        bad=$((tested - passing))
        [ "$bad" -gt 0 ] || [ "$status" -eq 0 ] || bad=1
        count "$name" "$passing" "$bad"
    fi
}

tap() {
    sh "$1" "$build" >"$log" 2>&1 </dev/null
    status=$?
    good=$(grep -c '^ok ' "$log")
    bad=$(grep -c '^not ok ' "$log")
    plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log" | tail -n 1)
    [ "$((good + bad))" -eq "${plan:-0}" ] && [ "${plan:-0}" -gt 0 ] || bad=$((bad + 1))
    [ "$bad" -gt 0 ] || [ "$status" -eq 0 ] || bad=1
    [ "$bad" -eq 0 ] || awk '/^(not )?ok /{ bad = /^not/ } bad' "$log" >"$log.bad"
    [ ! -s "$log.bad" ] || cp "$log.bad" "$log"
    count "$name" "$good" "$bad"
}

selfcheck() {
    "$build/lab" selfcheck >"$log" 2>&1
    last=$(tail -n 1 "$log")
    ran=$(echo "$last" | sed -n 's/^\([0-9]*\) files run, .*/\1/p')
    off=$(echo "$last" | sed -n 's/.* \([0-9]*\) thing.* off$/\1/p')
    if [ -z "$ran" ] || [ -z "$off" ]; then
        count selfcheck 0 1
    else
        [ "$off" -le "$ran" ] && good=$((ran - off)) || good=0
        count selfcheck "$good" "$off"
    fi
}

if [ "${1:-}" = --one ]; then
    build=$2 counts=$3
    name=$(basename "$4" .c)
    began=$(date +%s)
    log=$(mktemp)
    trap 'rm -f "$log" "$log.bad"' EXIT
    trap 'exit 130' INT TERM
    case $4 in
    selfcheck) selfcheck ;;
    *.t) tap "$4" ;;
    *) criterion ;;
    esac
    exit 0
fi

build=${1:-build}
[ $# -gt 0 ] && shift
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
trap 'exit 130' INT TERM

each() { # at once, FILE…
    jobs=$1
    shift
    printf '%s\n' "$@" | xargs -P "$jobs" -I '{}' sh tests/run.sh --one "$build" "$counts" '{}'
}
if [ $# -gt 0 ]; then
    each 1 "$@"
    wanted=$#
else
    echo "The kit's own tests:"
    # What looks at the whole machine (mounts, temporary files, load) has it for itself.
    alone=$(ls tests/kit/test_box_*.c)
    each 1 $alone
    each "$(nproc)" $(ls tests/kit/*.t tests/kit/test_*.c | grep -vxF "$alone")
    echo "Selfcheck of every exercise:"
    each 1 selfcheck # uses all cores by itself
    wanted=$(($(ls tests/kit/*.t tests/kit/test_*.c | wc -l) + 1))
fi

set -- $(awk '{ p += $1; f += $2 } END { print p + 0, f + 0, NR }' "$counts")
passed=$1 failed=$2
# A test whose process is gone without a word has failed.
[ "$3" -eq "$wanted" ] || failed=$((failed + wanted - $3))
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
