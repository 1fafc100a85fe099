# SPDX-License-Identifier: MIT
# lab explore and lab replay as people use them: the screens, the data, the exit statuses, and that what is
# shown once is shown again.
. tests/kit/lib.sh
own_kit
screens=$root/tests/kit/screens
cd "$work" || exit 1
cp "$screens"/*.c . # counter_mutex.c is a student's, without its lock

# A schedule ends in a mark of the program, which is another one with each compiler.
without_mark() { sed 's/@[0-9a-f]\{4\}/@..../; s|see it again: .*lab replay|see it again: lab replay|'; }

# screen NAME STATUS: the whole screen is as it is in screens/NAME.txt
screen() {
    "$lab" explore "$1.c" >"$out" 2>&1 </dev/null
    is "$1: the exit status" $? "$2"
    without_mark <"$out" >"$1.got"
    [ "${SCREENS:-}" = write ] && cp "$1.got" "$screens/$1.txt"
    ok "$1: the screen" diff "$screens/$1.txt" "$1.got"
    is "$1: no line is wider than 80 columns" "$(grep -v 'see it again' "$1.got" | awk 'length > 80' | wc -l)" 0
}
screen lost_update 1
screen deadlock 1
screen lost_wakeup 1
screen race 1
screen correct 0

# What is shown once is shown again: the same rows, in another process, any number of times.
"$lab" explore lost_update.c >first 2>&1
eval "set -- $(sed -n 's/.*see it again: .*lab replay //p' first)"
"$lab" replay "$@" >again 2>&1
is "the replay fails as the search did" $? 1
sed -n '/^ step /,/^$/p' first >rows
sed -n '/^ step /,/^$/p' again >rows.again
ok "it shows the same steps" cmp rows rows.again
"$lab" replay "$@" >third 2>&1
ok "and always the same" cmp again third
schedule=$2

run "$lab" replay lost_update.c x1:
is "another schedule is another interleaving" "$(grep -c 'the assertion fails' "$out")" 0
run "$lab" replay lost_update.c x1:1,2,1,2,1,2,1,2,1,2,1,2,1,2,1,2
has "one that is too long is called so" "of the schedule's 16 choices" "$out"
run "$lab" replay lost_update.c "${schedule%@*}"
is "the mark may be left out" $status 1
run "$lab" replay lost_update.c "${schedule%@*}@0000"
has "another program's mark is noticed" "has changed since" "$out"
sed -i 's/total = total + 1/total += 1/' lost_update.c
run "$lab" replay lost_update.c "$schedule"
has "so is a change of the program" "has changed since" "$out"
sed -i 's/total += 1;/pthread_mutex_lock(\&lock); total += 1; pthread_mutex_unlock(\&lock);/
        s/^static long total;/static long total; static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;/' lost_update.c
run "$lab" replay lost_update.c x1:1,2,7,7
is "a schedule that does not fit is no result" $status 3
has "it is said where the two part" "the schedule and the program part" "$out"
cp "$screens/lost_update.c" .

# Step by step; keys come from a file here.
printf 'nn\033[Cpq' | "$lab" replay lost_update.c "$schedule" --step >"$out" 2>&1
is "--step ends with the interleaving's status" $? 1
is "it goes on and back" "$(sed -n 's/^step \([0-9]*\) of.*/\1/p' "$out" | tr '\n' ' ')" "1 2 3 4 3 "
printf 'G' | "$lab" replay lost_update.c "$schedule" --step >"$out" 2>&1
has "the last step has the sentence" "Lost update of" "$out"
if command -v gdb >/dev/null; then
    printf 'print total\ninfo threads\ncontinue\n' | "$lab" replay lost_update.c "$schedule" --gdb >"$out" 2>&1
    has "--gdb stops at the step that does the harm" "at lost_update.c:10" "$out"
    has "what the other has written is there" '$1 = 1' "$out"
    has "and so are the other threads" "  3    Thread" "$out"
fi
mkdir -p path && ln -sf /bin/true path/true
run env PATH="$work/path" "$lab" replay lost_update.c "$schedule" --gdb
is "no gdb is no result" $status 3
has "and has its remedy" "apt install gdb" "$out"

# As data.
run "$lab" explore lost_update.c --json found.json --keep-going
ok "--json has the schema" jq -e '.schema == "interleave/explore/1" and .complete and .bound == null
    and .strategy == "all" and .seed == 1 and .executions > 0 and .first_failure > 0
    and .executions_per_second > 0' found.json
ok "each outcome has its fields" jq -e '[.outcomes[] | has("ended") and has("count") and has("facts")
    and has("schedule") and has("steps") and has("preemptions") and has("text") and has("findings")] | all' found.json
is "the ends" "$(jq -r '[.outcomes[].ended] | sort | unique | join(" ")' found.json)" "assert race"
ok "each schedule leads to its outcome" sh -c "jq -r '.outcomes[] | .ended + \" \" + .schedule' found.json |
    while read -r ended schedule; do
        '$lab' replay lost_update.c \"\$schedule\" >replayed 2>&1
        case \$ended in
        assert) grep -q 'the assertion fails' replayed || exit 1 ;;
        race) grep -q 'the assertion fails' replayed && exit 1 ;;
        esac
    done; exit 0"
"$lab" explore deadlock.c --json - >"$out" 2>/dev/null
ok "--json - is nothing but JSON" jq -e '.outcomes | any(.ended == "deadlock")' "$out"
"$lab" explore counter_mutex --source "$root/tests/2-races/counter_mutex/wrong/lock_each_half.c" --json - >"$out" 2>/dev/null
ok "what only the judge complains of has its first failure, too" jq -e '.first_failure > 0
    and .first_failure <= .executions and all(.outcomes[]; .ended == "ok")' "$out"
run "$lab" explore lost_update.c --trace html page.html
ok "--trace html writes a page" grep -q '</html>' page.html
has "and says where" "page.html" "$out"

# Budgets and strategies: the claim is exact.
run "$lab" explore correct.c --strategy dpor
has "all of them, when there are so few" "all 2 interleavings explored" "$out"
run "$lab" explore correct.c --strategy random --schedules 7
has "so many and no more" "7 interleavings tried; there are more" "$out"
run "$lab" explore correct.c --strategy bounded --preemptions 0
is "bounded finds nothing either" $status 0
run "$lab" explore race.c --races ignore
is "a race that is ignored is no failure" $status 0
run "$lab" explore lost_update.c --seed 5 --strategy random --json one.json
run "$lab" explore lost_update.c --seed 5 --strategy random --json two.json
is "the same seed, the same search" "$(jq -c 'del(.executions_per_second)' one.json)" \
    "$(jq -c 'del(.executions_per_second)' two.json)"

# Exercises: the judge knows what is promised.
run "$lab" explore counter_mutex
is "a stub cannot be explored" $status 3
has "that is said kindly" "still to be written" "$out"
cp counter_mutex.c "$LAB_ROOT/labs/2-races/counter_mutex/counter_mutex.c"
run "$lab" explore counter_mutex
is "a counter without its lock fails" $status 1
without_mark <"$out" >counter_mutex.got
[ "${SCREENS:-}" = write ] && cp counter_mutex.got "$screens/counter_mutex.txt"
ok "its screen" diff "$screens/counter_mutex.txt" counter_mutex.got
sed -n '/^Promised/,/^see it again/p' "$root/docs/concepts/reading-an-interleaving.md" | without_mark >documented
ok "it is the one that the page about reading shows" diff counter_mutex.got documented
has "its ends are counted by the fact that matters" "total=2 in 4, total=1 in 4 of 8 interleavings" "$out"
has "with the judge's words" "\`total\` was 1, expected 2" "$out"
has "and the cause" "Lost update of \`counter.value\`" "$out"
has "and the line" "(line 15" "$out"
eval "set -- $(sed -n 's/.*see it again: .*lab replay //p' "$out")"
run "$lab" replay "$@"
is "its replay fails, too" $status 1
has "with the same words" "\`total\` was 1, expected 2" "$out"
has "and the same cause" "Lost update of \`counter.value\`" "$out"
run "$lab" replay counter_mutex "${2##* }"
is "an exercise's schedule needs its scenario" $status 2
run "$lab" explore counter_mutex --scenario count --args "threads=2 rounds=1" --json count.json
ok "a scenario of one's choice" jq -e '[.outcomes[].facts.total] | sort | unique == ["1", "2"]' count.json
run "$lab" check counter_mutex --tool explore --test no_update_is_lost --json result.json
ok "lab check shows the interleaving, too" jq -e '.exercises[0].checks[0].findings[0]
    | .kind == "lost-update" and .line == 15 and (.text | test("Lost update of `counter.value`"))' result.json
eval "set -- $(jq -r '.exercises[0].checks[0].schedule | @sh' result.json)"
run "$lab" replay counter_mutex "$1"
is "and its schedule replays" $status 1
has "with the judge's words" "\`total\` was 1, expected 2" "$out"
cp "$root/solutions/2-races/counter_mutex/counter_mutex.c" "$LAB_ROOT/labs/2-races/counter_mutex/counter_mutex.c"
run "$lab" explore counter_mutex
is "the solution has no failure" $status 0
has "which is a claim about all" "all 2 interleavings explored: every one ends with total=2." "$out"
done_testing
