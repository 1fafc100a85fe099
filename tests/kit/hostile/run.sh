#!/bin/sh
# SPDX-License-Identifier: MIT
# Grades the corpus as one class, sandboxed, and holds every row to what the sample's first line
# expects. From the project's root:
#
#     sh tests/kit/hostile/run.sh [BUILD] [PATTERN]   BUILD: build; PATTERN: '*', as in a shell, or
#                                                     several with '|' between them
#
# Prints "ok NAME" or "not ok NAME: …" for each sample; the status is 0 when all are ok.
#
# `// expect: A B` means: some check says A, every other one A, B, PASS or NOT_RUN, and the exercise
# does not get full marks. `// expect: PASS` means: every check says PASS; a deed of such a sample
# crashes if it works. `// reduced: A B` is what to expect instead where there are no namespaces.
# REPEAT=20 grades the corpus again and again and wants the same verdicts each time; KEEP=DIR keeps
# the results.
set -u
build=${1:-build}
pattern=${2:-*}
here=tests/kit/hostile
scratch=$(mktemp -d "${TMPDIR:-/tmp}/hostile.XXXXXX") || exit 2
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
class=$scratch/class
mkdir "$class"

# sample FILE DIRECTORY: a submission is one file, so the body takes the place of its #include.
sample() {
    mkdir -p "$2"
    awk -v body="$here/sample.h" '
        /^#include "sample\.h"$/ { while ((getline line < body) > 0) print line; next }
        { print }' "$1" >"$2/counter_mutex.c"
}

# submission NAME EXPECT: an empty one, with what is expected of it.
expected=$scratch/expected
submission() {
    eval "case \$1 in $pattern) ;; *) return 1 ;; esac"
    echo "$1 $2" >>"$expected"
}

# The level that this machine gives, as the grading itself finds it.
mkdir "$scratch/none"
level=$("$build/lab" grade "$scratch/none" --format json | jq -r .sandbox)

: >"$expected"
for file in "$here"/*.c "$here"/honest/*.c; do
    name=$(basename "$file" .c)
    [ "$(basename "$(dirname "$file")")" = honest ] && name=honest_$name
    expect=$(sed -n "1,3s,^// $level: ,,p" "$file")
    [ "$expect" ] || expect=$(sed -n '1s,^// expect: ,,p' "$file")
    submission "$name" "$expect" && sample "$file" "$class/$name"
done
plain=$scratch/plain
sample "$here/honest/plain.c" "$plain"
right=$plain/counter_mutex.c

# What only a whole submission can be.
if submission honest_crlf PASS; then
    mkdir "$class/honest_crlf" && sed 's/$/\r/' "$right" >"$class/honest_crlf/counter_mutex.c"
fi
if submission honest_byte_order_mark PASS; then
    mkdir "$class/honest_byte_order_mark"
    { printf '\357\273\277'; cat "$right"; } >"$class/honest_byte_order_mark/counter_mutex.c"
fi
if submission honest_latin1 PASS; then
    mkdir "$class/honest_latin1"
    { printf '/* Z\344hler */\n'; cat "$right"; } >"$class/honest_latin1/counter_mutex.c"
fi
if submission honest_no_last_line_end PASS; then
    mkdir "$class/honest_no_last_line_end"
    printf %s "$(cat "$right")" >"$class/honest_no_last_line_end/counter_mutex.c"
fi
if submission honest_repository PASS; then
    deep=$class/honest_repository/lab-main/labs/2-races/counter_mutex
    mkdir -p "$deep" "$class/honest_repository/lab-main/solutions/2-races/counter_mutex"
    cp "$right" "$deep"
    echo '#error "the solution was taken"' \
        >"$class/honest_repository/lab-main/solutions/2-races/counter_mutex/counter_mutex.c"
fi
if submission honest_tar PASS; then
    tar -czf "$class/honest_tar.tar.gz" -C "$plain" counter_mutex.c
fi
if submission honest_odd_folder PASS; then
    mkdir -p "$class/honest_odd_folder/final (2) ümläut"
    cp "$right" "$class/honest_odd_folder/final (2) ümläut"
fi
if submission linked_file NOT_RUN; then
    mkdir "$class/linked_file" && ln -s "$(realpath "$right")" "$class/linked_file/counter_mutex.c"
fi
if submission linked_directory NOT_RUN; then
    mkdir "$class/linked_directory"
    ln -s "$(realpath "$plain")" "$class/linked_directory/counter_mutex"
fi
if submission fifo NOT_RUN; then
    mkdir "$class/fifo" && mkfifo "$class/fifo/counter_mutex.c"
fi
if submission nearly_the_name NOT_RUN; then
    mkdir "$class/nearly_the_name" && cp "$right" "$class/nearly_the_name/counter_mutex (1).c"
fi
if submission large_source NOT_RUN; then
    mkdir "$class/large_source"
    { cat "$right"; head -c 100000000 /dev/zero | tr '\0' '\n'; } >"$class/large_source/counter_mutex.c"
fi
if submission nul_bytes NOT_RUN; then
    mkdir "$class/nul_bytes" && { cat "$right"; printf 'a\0b'; } >"$class/nul_bytes/counter_mutex.c"
fi
if submission empty COMPILE; then
    mkdir "$class/empty" && : >"$class/empty/counter_mutex.c"
fi
if submission nothing NOT_RUN; then
    mkdir "$class/nothing"
fi
if submission climbing_tar NOT_RUN; then
    tar -Pcf "$class/climbing_tar.tar" --transform 's,^,../,' -C "$plain" counter_mutex.c
fi
if submission absolute_tar NOT_RUN; then
    tar -Pcf "$class/absolute_tar.tar" --transform 's,^,/tmp/,' -C "$plain" counter_mutex.c
fi
if submission linked_tar NOT_RUN; then
    mkdir "$scratch/link" && ln -s /etc/passwd "$scratch/link/counter_mutex.c"
    tar -cf "$class/linked_tar.tar" -C "$scratch/link" counter_mutex.c
fi
if submission bomb HARNESS_ERROR; then
    truncate -s 400M "$scratch/zeros"
    tar -cf - -C "$scratch" zeros | gzip -1 >"$class/bomb.tar.gz"
    rm "$scratch/zeros"
fi
if submission garbage HARNESS_ERROR; then
    head -c 5000 /dev/urandom >"$class/garbage.zip"
fi
if submission cut_off HARNESS_ERROR; then
    tar -czf - -C "$plain" counter_mutex.c | head -c 200 >"$class/cut_off.tar.gz"
fi
if submission linked_submission HARNESS_ERROR; then
    ln -s "$(realpath "$plain")" "$class/linked_submission"
fi

# One line for each sample: whether its rows are what was expected.
judge() {
    while read -r name first others; do
        jq -r --arg name "$name" --arg first "$first" --arg others "$others" '
            [.exercises[] | select(.id == "counter_mutex") | .checks[]] as $rows
            | ($rows | map(.verdict)) as $said
            | (if $first == "PASS" or $first == "NOT_RUN" or $first == "HARNESS_ERROR"
                   then [$first]
                   else ["PASS", "NOT_RUN", $first] + ($others / " " | map(select(. != ""))) end)
                as $fine
            | if ($said | index($first)) and ($said - $fine | length) == 0 then "ok \($name)"
              else "not ok \($name): expected \($first) \($others), got "
                   + ($rows | map("\(.id | split("/")[1])@\(.tool) \(.verdict)"
                          + (if .verdict == "PASS" or .verdict == "NOT_RUN" then ""
                             else " (\(.message))" end)) | join(", ")) end' \
            "$1/results/$name.json" || echo "not ok $name: no result"
    done <"$expected"
}

# Only which verdict each row has, for comparing two gradings.
rows() {
    for file in "$1"/results/*.json; do
        jq -r --arg f "$(basename "$file")" \
            '.exercises[].checks[] | "\($f) \(.id)@\(.tool) \(.verdict)"' "$file"
    done
}

grade() { # the round's number
    "$build/lab" class "$class" --out "$scratch/out$1" --exercises counter_mutex \
        --jobs "${JOBS:-4}" $([ "$1" = 1 ] || echo --regrade) >"$scratch/said" 2>&1
    case $? in # 3: some could not be graded, which is what is expected of them
    0 | 3) ;;
    *) tail -n 3 "$scratch/said"; echo "not ok round $1: the class was not graded" ;;
    esac
    judge "$scratch/out$1"
    rows "$scratch/out$1" >"$scratch/rows$1"
    diff "$scratch/rows1" "$scratch/rows$1" || echo "not ok round $1: verdicts differ from round 1"
    if LC_ALL=C grep -l "$(printf '\033')" "$scratch/out$1"/results/*.json; then
        echo "not ok round $1: a control character reached a result"
    fi
}

round=1
while [ $round -le "${REPEAT:-1}" ]; do
    grade $round
    round=$((round + 1))
done >"$scratch/lines"
[ -z "${KEEP:-}" ] || cp -r "$scratch/out1" "$KEEP"
echo "# $(wc -l <"$expected") submissions at level $level"
sort "$scratch/lines" | uniq
! grep -q '^not ok' "$scratch/lines"
