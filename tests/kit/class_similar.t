# SPDX-License-Identifier: MIT
# Pairs that are too much alike: planted copies are found however they are dressed up, and programs that
# were written apart are not.
. tests/kit/class/class.sh
marks=$work/marks

# hand_in NAME EXERCISE FILE, as `lab class` keeps what it has graded
hand_in() {
    place=$marks/files/$1/$(basename "$(dirname "$(ls -d labs/*/"$2")")")/$2
    mkdir -p "$place" "$marks/results"
    cp "$3" "$place/$2.c"
}
honest() {
    for exercise in counter_mutex thread_pool bounded_queue; do
        for file in solutions/*/$exercise/*.c tests/*/$exercise/alternative/*.c; do
            hand_in "$(basename "$file" .c | sed "s/^$exercise\$/reference/")" $exercise "$file"
        done
        hand_in nothing_done $exercise tests/*/$exercise/stub.c
        hand_in nothing_either $exercise tests/*/$exercise/stub.c
    done
}
# Comments gone and others put in, white space changed, every name of one's own another one.
disguise() {
    gcc -fpreprocessed -dD -E -P -x c "$1" 2>/dev/null |
        sed -E 's/\b(node|head|tail|next|item|items|lock|count|task|work|last|first|free|room|queue|pool)\b/my_\1/g;
            s/^( +)/\1\1/; s/;$/; \/* mine *\//'
}
# The functions, last one first.
reorder() {
    awk 'BEGIN { n = 0 } { block[n] = block[n] $0 "\n" } /^}/ { n++ }
         END { for (i = n; i >= 0; i--) printf "%s", block[i] }' "$1"
}

honest
run "$lab" similar "$marks"
is "programs written apart are no pair" "$(cat "$out")" \
    "No pair is more alike than the class. (Files: $marks/files)"
is "and that is status 0" $status 0

source=tests/4-pipelines/bounded_queue/alternative/linked_list_c11.c
disguise $source >"$work/disguised.c"
ok "the disguise changes most lines" sh -c '[ "$(grep -cxFf "$1" "$2")" -lt $(($(grep -c . "$2") / 2)) ]' - \
    $source "$work/disguised.c"
hand_in disguised bounded_queue "$work/disguised.c"
run "$lab" similar "$marks"
has "renamed names and other comments do not hide a copy" "disguised and linked_list_c11" "$out"
is "it is the only pair" "$(grep -c ' % ' "$out")" 1
has "the shared runs are shown" "    lines " "$out"
has "side by side" " | " "$out"
is "in 80 columns" "$(grep -v "^A reason" "$out" | jq -R "select(length > 80)")" ""

reorder "$work/disguised.c" >"$work/reordered.c"
hand_in reordered bounded_queue "$work/reordered.c"
rm -r "$marks/files/disguised"
run "$lab" similar "$marks" --exercises bounded_queue --json
ok "nor does another order of the functions" jq -e \
    'map([.first, .second]) == [["linked_list_c11", "reordered"]]' "$out"
ok "the runs are in the JSON, with their lines" jq -e \
    '.[0].runs | length > 1 and all(.first[0] <= .first[1] and .tokens > 0)' "$out"
run "$lab" similar "$marks" --exercises thread_pool,counter_mutex
has "other exercises are not concerned" "No pair" "$out"

echo '{"submission": "Zoë <b>"}' >"$marks/results/reordered.json"
run "$lab" similar "$marks" --exercises bounded_queue
has "submissions are called by their names" "linked_list_c11 and Zoë <b>" "$out"
mkdir "$work/nothing"
run "$lab" similar "$work/nothing"
is "results without files are our trouble" $status 3
has "it is said what to do" "grade the class first" "$out"
done_testing
