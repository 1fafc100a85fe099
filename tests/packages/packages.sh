#!/bin/sh
# SPDX-License-Identifier: MIT
# packages - the ways in which somebody else's machine meets the kit, tried in bare Debian 12 roots: the README's
# two commands on a fresh clone, as root and as a user without sudo, and the packages for Gradescope and Autolab as
# those services start them, with half a CPU and 768 MB. Takes minutes and the network, so it is no part of
# `make test`: `make packages-test`, as root, with debootstrap installed.
#
#     packages.sh BUILD [readme|user|gradescope|autolab|classroom50]…
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/kit/lib.sh
shift
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || { echo "This needs root and debootstrap." >&2; exit 3; }
roots=${ROOTS:-/var/tmp/interleave-roots}
. tests/packages/root.sh
base
seconds() { echo $(($(date +%s) - $1)); }
clone() { # into: as `git clone` gives it, with what is not committed left out
    git -c advice.detachedHead=false clone -q --depth=1 "file://$PWD" "$1"
}
installed() { inside sh -c 'apt-get update -q && apt-get install -yq --no-install-recommends '"$*" >"$work/apt" 2>&1; }
says() { sed -n 's/^# //p' "$out"; }

try_readme() {
    fresh readme
    ok "readme: git and make can be installed" installed git make
    clone "$root/srv/interleave"
    begin=$(date +%s)
    inside sh -c 'cd /srv/interleave && make check' >"$out" 2>&1
    status=$?
    echo "# make check on a bare Debian: $(seconds "$begin") s with everything to install"
    is "readme: make check ends with status 1: nothing is written yet" $status 1
    has "readme: every check is still to be written" "NOT_IMPLEMENTED" "$out"
    has "readme: it says where to begin" "this is where everybody begins" "$out"
    hasnt "readme: nothing is ungraded" "HARNESS_ERROR" "$out"
    hasnt "readme: the last word is not make's" "make: ***" "$out"
    tail -n 14 "$out" | sed 's/^/#   /'
    # As root the box runs programs as another user, who must be able to reach the kit: not beneath /root.
    inside sh -c 'cd /srv/interleave && make grade SUBMISSION=solutions ARGS="--format json --out /srv/result.json"' >"$out" 2>&1
    tail -n 3 "$out" | sed 's/^/#   /'
    cp "$root/srv/result.json" "$work/readme.json"
    echo "# graded at sandbox level $(jq -r .sandbox "$work/readme.json")"
    is "readme: the solutions get full marks" "$(jq -c '[.complete, .score == .max_score]' "$work/readme.json")" "[true,true]"
    jq -r '.exercises[].checks[] | select(.verdict != "PASS") | "#   \(.verdict) \(.id)@\(.tool): \(.message)"' "$work/readme.json" | head
    inside sh -c 'cd /srv/interleave && sh harness/install.sh tests' >"$out" 2>&1
    is "readme: what make test needs can be installed" $? 0
    [ -z "${FULL:-}" ] || inside sh -c 'cd /srv/interleave && make test' | tail -n 30
    leave
}

try_user() {
    fresh user
    ok "user: git and make can be installed" installed git make
    inside useradd -m student
    clone "$root/home/student/interleave"
    inside chown -R student /home/student
    inside su - student -c 'cd interleave && make check' >"$out" 2>&1
    # 3 is install.sh's; without a compiler make cannot be taught to end with it, and says 2.
    is "user: without sudo it stops" $? 2
    has "user: which make passes on" "Error 3" "$out"
    is "user: it prints one line to run" "$(grep -c 'sudo apt-get install -y --no-install-recommends' "$out")" 1
    line=$(sed -n 's/^ *sudo \(apt-get install.*\)/\1/p' "$out")
    ok "user: that line installs what is missing" inside sh -c "apt-get update -q && DEBIAN_FRONTEND=noninteractive $line"
    inside su - student -c 'cd interleave && make check LAB=shared_global' >"$out" 2>&1
    is "user: then it grades" $? 1
    has "user: what is not written" "NOT_IMPLEMENTED" "$out"
    leave
}

# Gradescope: the zip is unpacked into /autograder/source, setup.sh builds the image, run_autograder grades.
try_gradescope() {
    sh .github/packages/pack.sh gradescope "$build" >"$out" || { cat "$out"; exit 3; }
    fresh gradescope
    ok "gradescope: what its images have can be installed" installed unzip python3 curl ca-certificates
    mkdir -p "$root/autograder/source" "$root/autograder/submission" "$root/autograder/results"
    cp "$build/gradescope.zip" "$root/autograder/source/"
    inside sh -c 'cd /autograder/source && unzip -q gradescope.zip && cp run_autograder /autograder/ && chmod +x setup.sh'
    begin=$(date +%s)
    inside /autograder/source/setup.sh >"$out" 2>&1
    is "gradescope: setup.sh builds the image" $? 0
    echo "# Gradescope: image built in $(seconds "$begin") s"
    find solutions -name '*.c' -exec cp {} "$root/autograder/submission/" \;
    begin=$(date +%s)
    small /autograder/run_autograder >"$out" 2>&1
    is "gradescope: run_autograder ends well" $? 0
    tail -n 5 "$out" | sed 's/^/#   /'
    echo "# Gradescope: all solutions graded in $(seconds "$begin") s with half a CPU ($cpu s of CPU), $((peak >> 20)) MiB at most"
    cp "$root/autograder/results/results.json" "$work/results.json"
    ok "gradescope: results.json has its shape" \
        jq -e --arg format gradescope -f tests/kit/report/schema/shapes.jq "$work/results.json"
    is "gradescope: the solutions get full marks" "$(jq '.score == ([.tests[].max_score] | add)' "$work/results.json")" true
    jq -r '.tests[] | select(.status != "passed") | "#   \(.name): \(.extra_data.verdict)"' "$work/results.json" | head
    echo "# Gradescope: $(jq -c '[.score, .execution_time, .extra_data.sandbox]' "$work/results.json")"
    rm -f "$root"/autograder/submission/* "$root"/autograder/results/*
    sed 1d tests/2-races/counter_mutex/wrong/no_lock.c >"$root/autograder/submission/counter_mutex.c"
    small /autograder/run_autograder >"$out" 2>&1
    ok "gradescope: a wrong submission gets its story" \
        jq -e '[.tests[] | select(.extra_data.verdict == "RACE" and (.output | contains("counter_mutex.c, line")))] | length > 0' \
        "$root/autograder/results/results.json"
    leave
}

# Autolab: autograde.tar and the Makefile beside what was handed in; `make` in a fresh directory for each submission.
try_autolab() {
    EXERCISES=shared_global,counter_mutex sh .github/packages/pack.sh autolab "$build" >"$out" || { cat "$out"; exit 3; }
    fresh autolab
    ok "autolab: what its images have can be installed" installed make
    tar xf "$build/autograde.tar" -C "$root/opt"
    inside sh -c 'cd /opt && sh harness/install.sh' >"$out" 2>&1
    is "autolab: the packages of its image" $? 0
    mkdir "$root/home/autolab"
    cp "$build/autograde.tar" "$root/home/autolab/"
    cp "$build/autograde-Makefile" "$root/home/autolab/Makefile"
    cp solutions/1-memory/shared_global/shared_global.c "$root/home/autolab/"
    sed 1d tests/2-races/counter_mutex/wrong/no_lock.c >"$root/home/autolab/counter_mutex.c"
    begin=$(date +%s)
    small sh -c 'cd /home/autolab && make' >"$work/autolab" 2>"$out"
    is "autolab: make ends well" $? 0
    tail -n 5 "$out" | sed 's/^/#   /'
    echo "# Autolab: built and graded in $(seconds "$begin") s with half a CPU ($cpu s of CPU), $((peak >> 20)) MiB at most"
    tail -n 2 "$work/autolab" >"$work/lines"
    ok "autolab: the last two lines have their shape" \
        jq -es --arg format autolab -f tests/kit/report/schema/shapes.jq "$work/lines"
    is "autolab: only what was chosen is graded" "$(tail -n 1 "$work/lines" | jq -c '.scores | keys')" '["counter_mutex","shared_global"]'
    is "autolab: what is right has its points" "$(tail -n 1 "$work/lines" | jq .scores.shared_global)" 10
    is "autolab: what is wrong has not" "$(tail -n 1 "$work/lines" | jq '.scores.counter_mutex < 10')" true
    leave
}

for what in "${@:-readme}"; do
    "try_$what"
done
done_testing
