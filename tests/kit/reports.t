# SPDX-License-Identifier: MIT
# Every writer on miniature results: each output is what it was when somebody last looked at it (`make
# golden` takes the present ones; look at `git diff` then), and is valid for programs that are not ours.
. tests/kit/lib.sh
cases=$root/tests/kit/report
formats="text json junit gradescope autolab classroom50 github tap sarif html"
export SOURCE_DATE_EPOCH=1700000000 TZ=Pacific/Auckland LC_ALL=C.UTF-8
export CLASSROOM=cs-101 ASSIGNMENT=locks OWNER=ada SUBMISSION_TAG=submit/1 COMMIT_URL=https://git.example/commit/1 \
    RELEASE_URL=https://git.example/release/1
unset GITHUB_STEP_SUMMARY GITHUB_ACTIONS ASSIGNMENT_TYPE REVIEW_URL USERNAME NO_COLOR

# What a golden file keeps of a page is its body: styles and scripts are files of their own, and their
# hashes stand in the head.
body() { sed -n '/^<body>/,$p' | sed '/^<script>/,$d'; }

render() { # case, format: $work/CASE.FORMAT; what was said and the status are in $work/CASE.said
    "$lab" report "$cases/$1/result.json" --files "$cases/$1/files" --format "$2" >"$work/$1.$2" 2>"$work/err"
    status=$?
    echo "$2 $status $(cat "$work/err")" >>"$work/$1.said"
}
all_cases=$(cd "$cases" && for d in */result.json; do dirname "$d"; done)
for case in $all_cases; do
    for format in $formats; do
        render "$case" "$format"
    done
done

for case in $all_cases; do
    mkdir -p "$work/expected/$case"
    cp "$work/$case.said" "$work/expected/$case/said"
    for format in $formats; do
        [ -s "$work/$case.$format" ] || continue
        if [ $format = html ]; then
            body <"$work/$case.$format" >"$work/expected/$case/$format"
        else
            cp "$work/$case.$format" "$work/expected/$case/$format"
        fi
    done
    if [ -n "${GOLDEN:-}" ]; then
        rm -rf "$cases/$case/expected"
        cp -r "$work/expected/$case" "$cases/$case/expected"
    fi
    ok "$case: every format is as it was" diff -ru "$cases/$case/expected" "$work/expected/$case"
done
if [ -n "${GOLDEN:-}" ]; then
    done_testing
    exit
fi

# What other programs say.
for case in $all_cases; do
    ok "$case: JUnit XML is valid by its schema" xmllint --noout --schema "$cases/schema/junit.xsd" "$work/$case.junit"
    for format in json gradescope autolab classroom50; do
        [ -s "$work/$case.$format" ] || continue
        slurp=$([ $format = autolab ] && echo -s)
        ok "$case: $format has the shape of its documentation" \
            jq -e $slurp --arg format $format -f "$cases/schema/shapes.jq" "$work/$case.$format"
    done
    cmark-gfm --unsafe -e table -e strikethrough -e autolink "$work/$case.github" | sed '1,/<h2>/{/<h2>/!d}' >"$work/$case.summary"
done
ok "SARIF is valid by the OASIS schema" python3 -W ignore -m jsonschema \
    $(for case in $all_cases; do echo "-i $work/$case.sarif"; done) "$cases/schema/sarif-2.1.0.json"
ok "each YAML block of TAP is YAML" python3 "$cases/outside.py" tap "$work"/*.tap
ok "a summary's Markdown has only the elements that we meant" python3 "$cases/outside.py" markdown "$work"/*.summary

# prove, which knows TAP up to version 13; 14 only adds subtests, which we do not write.
proved() { # case
    sed '1s/14/13/' "$work/$1.tap" >"$work/proved.tap"
    prove --exec cat "$work/proved.tap" >"$out" 2>&1
    status=$?
}
proved solved
is "prove passes a solved submission" $status 0
proved verdicts
is "prove fails one that is not" $status 1
has "prove counts what failed" "Failed 15/17 subtests" "$out"
hasnt "and finds nothing wrong with the report" "Parse errors" "$out"
has "what was not run is skipped" "1 skipped" "$out"
for case in $all_cases; do
    [ "$case" = ungraded ] && continue # it bails out before its plan
    proved "$case"
    hasnt "$case: prove can parse it" "Parse errors" "$out"
done
proved ungraded
has "a submission that cannot be graded bails out" "Further testing stopped" "$out"

# What is ungraded is never a zero anywhere.
for format in gradescope classroom50; do
    is "$format gets nothing of an incomplete result" "$(wc -c <"$work/mixed.$format")" 0
done
is "Autolab gets no score for an exercise that is not graded" \
    "$(tail -n 1 "$work/mixed.autolab" | jq -c '.scores | keys')" '["bounded_queue","counter_mutex","shared_global"]'
is "JUnit calls it an error, not a failure" \
    "$(xmllint --xpath 'string(//testcase[@name="no_leak@memcheck"]/error/@type)' "$work/mixed.junit")" HARNESS_ERROR
is "SARIF calls it a notification of the tool" \
    "$(jq -r '.runs[0].invocations[0] | .executionSuccessful, (.toolExecutionNotifications | length)' "$work/mixed.sarif" | tr '\n' ' ')" "false 1 "
is "an interleaving is a code flow with a flow for each thread" \
    "$(jq -c '[.runs[0].results[] | select(.codeFlows) | .codeFlows[0].threadFlows | map(.id)] | .[1]' "$work/mixed.sarif")" '["thread 1","thread 2"]'

# Hostile text: nothing reaches a reader's terminal, browser or runner but what can be seen.
unseen=$(printf '[\001-\010\013-\037\177]|\342\200\256|\342\201\246|\302\205')
seen_nothing() { ! LC_ALL=C grep -aqE "$unseen" "$@"; }
for format in $formats; do
    [ $format = json ] && continue
    ok "$format: no control character, none that turns the text around" seen_nothing "$work/hostile.$format" "$work/hostile_graded.$format"
done
commands() { grep -cE '^ *::|##\[' "$1"; }
is "github: commands are ours alone" "$(commands "$work/hostile.github")" 4
is "text in an Actions log: none at all" \
    "$(GITHUB_ACTIONS=true "$lab" report "$cases/hostile/result.json" | grep -cE '^ *::|##\[')" 0
run env GITHUB_STEP_SUMMARY="$work/step.md" "$lab" report "$cases/mixed/result.json" --format github
has "the job's summary goes to its file" "## Interleave: 17 of 40 points" "$work/step.md"
hasnt "and not to the log" "## Interleave" "$out"
has "an annotation stands on its line" "::error file=labs/2-races/counter_mutex/counter_mutex.c,line=16,title=WRONG" "$out"

# A message of 1 MB, as one line and as many.
for shape in '"A" * 1048576' '"line of a message\n" * 60000'; do
    jq -c "(.exercises[0].checks[1].message) = ($shape)" "$cases/verdicts/result.json" >"$work/large.json"
    for format in $formats; do
        "$lab" report "$work/large.json" --format $format --out "$work/large.$format"
        status=$?
        [ $status = 1 ] || break
    done
    is "a message of 1 MB can be written in every format" $status 1
    ok "an annotation of it is short" test "$(sed -n 1p "$work/large.github" | wc -c)" -lt 6000
    ok "so is its story" test "$(wc -c <"$work/large.text")" -lt 40000
    ok "so is its page" test "$(wc -c <"$work/large.html")" -lt 120000
    ok "and JUnit stays valid" xmllint --noout --huge --schema "$cases/schema/junit.xsd" "$work/large.junit"
done

# For a terminal.
wide() { grep -vE '^  (check it|replay it) ' "$1" | awk 'length > 80' | wc -l; }
for case in mixed solved untouched ungraded verdicts; do
    is "$case: text has 80 columns" "$(wide "$work/$case.text")" 0
done
for part in promised happened where '>    16 |' 'replay it' 'check it' means schedules; do
    has "a failed check shows: $part" "$part" "$work/mixed.text"
done
coloured() { script -qec "$1" /dev/null | tr -d '\r' | grep -c "$(printf '\033')"; }
ok "there is colour on a terminal" test "$(coloured "$lab report $cases/mixed/result.json")" -gt 5
is "NO_COLOR is obeyed" "$(coloured "NO_COLOR=1 $lab report $cases/mixed/result.json")" 0
is "there is none in a pipe" "$(grep -c "$(printf '\033')" "$work/mixed.text")" 0
is "nor in a file" "$(coloured "$lab report $cases/mixed/result.json --out $work/file.txt"; grep -c "$(printf '\033')" "$work/file.txt")" "0
0"

# What is no result.
run "$lab" report "$work/none.json"
is "a result that is not there is wrong usage" $status 2
printf '{"exercises": 3}' >"$work/odd.json"
run "$lab" report "$work/odd.json"
is "so is JSON that is no result" $status 2
has "it is named" "is not a result file" "$out"
printf '{"exercises": [], "submission": "\377"}' >"$work/odd.json"
run "$lab" report "$work/odd.json"
is "so is text that is not UTF-8" $status 2
printf '{"exercises": [], "submission": "a\\u0000b"}' >"$work/odd.json"
run "$lab" report "$work/odd.json"
is "so is a NUL" $status 2
run "$lab" report "$cases/solved/result.json" --format xml
is "so is a format that we do not have" $status 2
run env -u CLASSROOM "$lab" report "$cases/solved/result.json" --format classroom50
is "Classroom 50 without its runner's environment is incomplete" $status 3
has "the missing field is named" '`classroom`' "$out"
run "$lab" report "$cases/solved/result.json" --out /dev/full
is "a full disk is said" $status 3
done_testing
