# SPDX-License-Identifier: MIT
# A class that is stopped, in every way that there is: what is there is kept, and the same command ends
# with what an undisturbed run ends with.
#
# KILLS=200 kills it so many times (8). COLD=1 has it compile and run everything each time.
. tests/kit/class/class.sh
e='--exercises counter_mutex'
class() { run "$lab" class "$@" $e; }

KINDS='solution wrong hostile stub' make_class "$work/class" 12 counter_mutex
class "$work/class" --out "$work/whole"
is "undisturbed, it is graded" $status 0

# --- Ctrl-C ---
setsid "$lab" class "$work/class" --out "$work/stopped" --regrade $e >"$out" 2>&1 &
pid=$!
until_there "$work/stopped/lock" $pid
while [ "$(results "$work/stopped")" = 0 ] && kill -0 $pid; do :; done
kill -INT $pid
wait $pid
is "Ctrl-C is status 130" $? 130
has "it is said how to go on" "Stopped. The same command goes on where this one ended." "$out"
ok "the table of what is there is there" test -s "$work/stopped/grades.csv"
is "nothing is left running" "$(pgrep -s $pid -c)" 0
is "nor lying about" "$(find "$TMPDIR" -mindepth 1)" ""
had=$(results "$work/stopped")
class "$work/class" --out "$work/stopped"
has "then only the rest is graded" "$((12 - had)) graded now, $had unchanged" "$out"
ok "and the end is the same" same_out "$work/stopped" "$work/whole"

# --- A process that is killed from outside costs one row ---
mkdir "$work/hang" "$work/hang/endless"
cp -r "$work/class/Ada 0000" "$work/hang/before"
cp -r "$work/class/Ada 0000" "$work/hang/zulu"
awk '/^#include "sample\.h"$/ { while ((getline l < "tests/kit/hostile/sample.h") > 0) print l; next } { print }' \
    tests/kit/hostile/endless_loop.c >"$work/hang/endless/counter_mutex.c"
"$lab" class "$work/hang" --out "$work/hung" --jobs 1 $e >"$out" 2>&1 &
pid=$!
# The worker of `endless` is the child that is alive when `before` is done, and it stays.
until_there "$work/hung/files/endless/2-races/counter_mutex/counter_mutex.c" $pid
pkill -KILL -P $pid
wait $pid
is "what could not be graded makes status 3" $? 3
has "it is named" "endless: The process that graded this submission ended early" "$out"
is "the others have their marks" "$(cut -d, -f1-4 "$work/hung/grades.csv" | tail -n 3 | tr '\n' ' ')" \
    "before,10,10,yes endless,,0,no zulu,10,10,yes "

# --- Killed without a word, anywhere ---
began=$(date +%s%3N)
class "$work/class" --out "$work/timed" ${COLD:+--regrade}
whole_ms=$(($(date +%s%3N) - began))
kill_at() { # MS: what went wrong, if anything
    rm -rf "$work/killed"
    timeout -s KILL "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" \
        "$lab" class "$work/class" --out "$work/killed" ${COLD:+--regrade} $e >/dev/null 2>&1
    wait_for_end "$work/killed"
    had=$(results "$work/killed")
    class "$work/class" --out "$work/killed"
    [ "$status" = 0 ] || echo "status $status"
    grep -qF " $((12 - had)) graded now, $had unchanged" "$out" || echo "$had were there: $(head -n 1 "$out")"
    same_out "$work/killed" "$work/whole"
    find "$TMPDIR" "$work/killed" -name 'interleave-*' -o -name '*.tmp.*'
}
kills=0
while [ "$kills" -lt "${KILLS:-8}" ]; do
    kills=$((kills + 1))
    moment=$(($(od -An -N4 -tu4 /dev/urandom) % (whole_ms + whole_ms / 10)))
    is "killed after $moment of $whole_ms ms, and resumed, it ends the same" "$(kill_at $moment 2>&1)" ""
done
done_testing
