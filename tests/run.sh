#!/bin/sh
# SPDX-License-Identifier: MIT
# run - all tests of the project: the kit's unit tests (Criterion), its tests by command line (TAP
# scripts), and selfcheck over every exercise. Ends with "N passed, N failed".
#
#     tests/run.sh [BUILD]        a failing test's output is shown in full, a passing one's not at all
set -u
cd "$(dirname "$0")/.." || exit 2
build=${1:-build}
export LAB_ROOT="$PWD"
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

count() { # name, passed, failed
    passed=$((passed + $2))
    failed=$((failed + $3))
    if [ "$3" -eq 0 ]; then
        printf '  ok    %-28s %s\n' "$1" "$2 tests"
    else
        printf '  FAIL  %-28s %s\n' "$1" "$3 of $(($2 + $3)) tests"
        tail -n 60 "$log"
    fi
}

# A runner that dies, or reports no test, has failed whatever else it said.
criterion() {
    name=$(basename "$1")
    "$1" -j2 >"$log" 2>&1 </dev/null
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
    name=$(basename "$1")
    sh "$1" "$build" >"$log" 2>&1 </dev/null
    status=$?
    good=$(grep -c '^ok ' "$log")
    bad=$(grep -c '^not ok ' "$log")
    plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log" | tail -n 1)
    [ "$((good + bad))" -eq "${plan:-0}" ] && [ "${plan:-0}" -gt 0 ] || bad=$((bad + 1))
    [ "$bad" -gt 0 ] || [ "$status" -eq 0 ] || bad=1
    count "$name" "$good" "$bad"
}

echo "The kit's own tests:"
for test in tests/kit/test_*.c; do
    criterion "$build/tests/$(basename "$test" .c)"
done
for test in tests/kit/*.t; do
    [ -e "$test" ] && tap "$test"
done
echo "Selfcheck of every exercise:"
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

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
