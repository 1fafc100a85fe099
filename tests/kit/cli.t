# SPDX-License-Identifier: MIT
# The command line as people use it: exit statuses, first screens, what wrong input gets.
. tests/kit/lib.sh

run "$lab"
is "no command is wrong usage" $status 2
run "$lab" help
is "help is help" $status 0
has "help lists the commands" "check" "$out"
run "$lab" dance
is "an unknown command is wrong usage" $status 2
has "it is named" "no command \`dance\`" "$out"
run "$lab" check --colour
is "an unknown option is wrong usage" $status 2
run "$lab" list
is "list lists" $status 0
has "list shows an exercise" counter_mutex "$out"
ok "list --json is JSON" sh -c "'$lab' list --json | jq -e '.[0].points == 10'"

own_kit
run "$lab" check counter_mutx
is "no such exercise is wrong usage" $status 2
has "the nearest name is offered" "Did you mean counter_mutex?" "$out"
run "$lab" check counter_mutex --tool gdb
is "no such tool is wrong usage" $status 2
file=$LAB_ROOT/labs/2-races/counter_mutex/counter_mutex.c

run "$lab" check counter_mutex
is "an untouched stub does not pass" $status 1
has "it is NOT_IMPLEMENTED" NOT_IMPLEMENTED "$out"
hasnt "nothing else is said of it" "FORGED" "$out"

rm "$file"
run "$lab" check counter_mutex
is "a missing file does not pass" $status 1
has "a missing file has its remedy" "lab reset counter_mutex" "$out"
mkdir "$file"
run "$lab" check counter_mutex
has "a directory is called one" "is a directory" "$out"
rmdir "$file"
: >"$file"
run "$lab" check counter_mutex
has "an empty file is called empty" "is empty" "$out"
head -c 100000000 /dev/zero >"$file"
run "$lab" check counter_mutex
has "100 MB are too large" "larger than" "$out"
printf 'int caf\351;\n' >"$file"
run "$lab" check counter_mutex
is "a file that is not UTF-8 does not pass" $status 1
has "it is said that it is not UTF-8" "UTF-8" "$out"
printf '#include "counter_mutex.h"\nint broken(\n' >"$file"
run "$lab" check counter_mutex
has "what does not compile is COMPILE" COMPILE "$out"
has "with its line" "line 2" "$out"
printf '#include "counter_mutex.h"\n' >"$file"
run "$lab" check counter_mutex
has "what does not link is COMPILE" COMPILE "$out"
cp "$root/solutions/2-races/counter_mutex/counter_mutex.c" "$file"
printf 'int main(void) { return 0; }\n' >>"$file"
run "$lab" check counter_mutex
is "a main of one's own does not pass" $status 1
has "it is named" "main" "$out"

cp "$root/solutions/2-races/counter_mutex/counter_mutex.c" "$file"
run "$lab" check counter_mutex --json "$work/result.json"
is "the solution passes" $status 0
ok "the result file has its schema" jq -e '.schema == "interleave/result/1" and .complete and .score == 10' "$work/result.json"
run "$lab" list
has "list remembers the last verdict" "PASS" "$out"

run "$lab" hint counter_mutex
has "the first hint comes first" "Hint 1 of 3" "$out"
run "$lab" hint counter_mutex
has "then the second" "Hint 2 of 3" "$out"
run "$lab" reset counter_mutex
is "reset resets" $status 0
ok "the old file is kept" sh -c "ls '$file'.before-reset-*"
ok "the stub is back" cmp "$file" "$root/tests/2-races/counter_mutex/stub.c"

printf 'version = 1;\ntitle = "x";\ncolour = 3;\n' >"$LAB_ROOT/labs/2-races/counter_mutex/lab.conf"
run "$lab" check
is "a broken manifest is our fault" $status 3
has "its line is named" "lab.conf:3" "$out"
cp "$root/labs/2-races/counter_mutex/lab.conf" "$LAB_ROOT/labs/2-races/counter_mutex/lab.conf"

cp "$root/solutions/2-races/counter_mutex/counter_mutex.c" "$file"
run env LAB_GCC=/bin/false "$lab" check counter_mutex --fresh
is "a broken compiler is HARNESS_ERROR" $status 3
has "and is no zero" "ungraded" "$out"
run env LAB_CLANG=/no/clang "$lab" check counter_mutex --fresh --json "$work/result.json"
is "a missing clang leaves the total incomplete" $status 3
ok "what needs no clang is graded" jq -e '[.exercises[0].checks[] | select(.tool == "plain") | .verdict] | all(. == "PASS")' "$work/result.json"
ok "what needs it is HARNESS_ERROR" jq -e '[.exercises[0].checks[] | select(.tool == "tsan") | .verdict] | all(. == "HARNESS_ERROR")' "$work/result.json"

# Interrupted in the middle: the right status, nothing left running, the cache as good as before.
rm -rf "$LAB_BUILD/cache"
setsid "$lab" check counter_mutex >"$out" 2>&1 &
pid=$!
while [ ! -d "$LAB_BUILD/cache" ]; do :; done
kill -INT "$pid"
wait "$pid"
is "Ctrl-C is status 130" $? 130
is "nothing is left running" "$(pgrep -s "$pid" -c)" 0
run "$lab" check counter_mutex
is "the next check is not disturbed" $status 0

# A tree that cannot be written to, and a full disk.
if [ "$(id -u)" = 0 ] && mkdir "$work/full" && mount -t tmpfs -o size=64k none "$work/full" 2>/dev/null; then
    for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
        ln -s "$build/$product" "$work/full/$product"
    done
    run env LAB_BUILD="$work/full" "$lab" check counter_mutex
    is "a full disk is our fault" $status 3
    has "it says so" "No space left" "$out"
    mount -o remount,ro "$work/full"
    run env LAB_BUILD="$work/full" "$lab" check counter_mutex
    is "a read-only tree is our fault" $status 3
    has "it says so too" "Read-only" "$out"
    umount "$work/full"
fi
done_testing
