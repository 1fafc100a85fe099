# SPDX-License-Identifier: MIT
# What a class survives: submissions that take their box down, what nobody may read, and the folder of
# an instructor whose students have Word, macOS and their own ideas. One row each, and the others'
# marks are as if they had been alone.
. tests/kit/class/class.sh
e='--exercises counter_mutex'
right=$root/solutions/2-races/counter_mutex/counter_mutex.c
class() { run "$@" --out "$work/marks" $e; }
# row NAME: its score and whether it is complete; a mark that is missing is "-"
row() { sed 's/,,/,-,/' "$work/marks/grades.csv" | awk -F, -v name="$1" '$1 == name { print $2, $4 }'; }
verdict() { jq -r --arg n "$1" 'select(.submission == $n) | [.exercises[].checks[].verdict][0]' "$work"/marks/results/*.json; }
hostile() { # NAME SAMPLE
    mkdir -p "$work/class/$1"
    awk '/^#include "sample\.h"$/ { while ((getline line < "tests/kit/hostile/sample.h") > 0) print line; next }
        { print }' "tests/kit/hostile/$2.c" >"$work/class/$1/counter_mutex.c"
}
hand_in() { # FILE: the solution, under that path
    mkdir -p "$work/class/$(dirname "$1")"
    cp "$right" "$work/class/$1"
}
zipped() { # NAME: what is in $work/s becomes NAME.zip
    (cd "$work/s" && bsdtar --format zip -cf "$work/class/$1.zip" -- *)
    rm -rf "$work/s"
}

# --- Boxes that go down ---
hand_in before/counter_mutex.c
hand_in zulu/counter_mutex.c
hostile 'fork bomb' fork_bomb
hostile 'thread bomb' thread_bomb
hostile 'no memory left' heap_hog
hostile 'many hogs' many_small_hogs
hostile 'kills all' kills_everybody
hostile 'comes again' respawns_itself
class "$lab" class "$work/class"
is "a class with all of them is graded" $status 0
while IFS='|' read -r name expected; do
    is "$name: $expected" "$(verdict "$name")" "$expected"
    is "$name has a row" "$(row "$name" | cut -d' ' -f2)" yes
done <<'ROWS'
fork bomb|PROCESSES
thread bomb|PROCESSES
no memory left|MEMORY
many hogs|MEMORY
kills all|REJECTED
comes again|LEFTOVER
ROWS
is "who came before and after has all points" "$(row before), $(row zulu)" "10 yes, 10 yes"

# --- The box's own first process is killed: that is ours, and costs no points ---
first_process() { # of a box below $1 in which a probe is at work
    ps -eo pid=,ppid=,comm= | awk -v top="$1" '
        { parent[$1] = $2; name[$1] = $3 }
        $3 ~ /^[0-9a-f]+$/ && length($3) == 15 { probes[$1] = 1 }
        END { for (p in probes) if (name[parent[p]] == "lab-init") {
            for (q = p; q in parent && q != top; q = parent[q]);
            if (q == top) { print parent[p]; exit } } }'
}
rm -rf "$work/class" "$work/marks"
hostile endless endless_loop
hand_in zulu/counter_mutex.c
"$lab" class "$work/class" --out "$work/marks" --jobs 1 --regrade $e >"$out" 2>&1 &
pid=$!
while kill -0 $pid && victim=$(first_process $pid) && [ -z "$victim" ]; do :; done
kill -KILL "$victim"
wait $pid
is "a box that was killed makes status 3" $? 3
has "it is named" "endless: The box failed: lab-init ended without a report" "$out"
is "nobody loses points by it" "$(row endless), $(row zulu)" "- no, 10 yes"

# --- What whoever grades may not read: for root there is no such thing ---
rm -rf "$work/class" "$work/marks"
hand_in 'a file/counter_mutex.c'
hand_in 'a folder/counter_mutex.c'
hand_in 'deeper/2-races/counter_mutex/counter_mutex.c'
hand_in 'beside it/counter_mutex.c'
mkdir "$work/class/beside it/private"
mkdir -p "$work/s" && cp "$right" "$work/s/" && zipped 'an archive'
hand_in fine/counter_mutex.c
as_nobody() { "$@"; }
theirs=$lab
if [ "$(id -u)" = 0 ]; then
    mkdir "$work/kit" "$work/kit/build" "$work/marks"
    cp -r harness labs solutions tests Makefile packages.txt "$work/kit"
    for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
        cp -r "$build/$product" "$work/kit/build/"
    done
    chmod -R go+rX "$work"
    chown -R 65534:65534 "$work/kit/build" "$work/tmp" "$work/class" "$work/marks"
    theirs=$work/kit/build/lab
    as_nobody() {
        setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
            env LAB_ROOT="$work/kit" LAB_BUILD="$work/kit/build" HOME="$work/tmp" "$@"
    }
fi
chmod 000 "$work/class/a file/counter_mutex.c" "$work/class/a folder" "$work/class/deeper/2-races" \
    "$work/class/beside it/private" "$work/class/an archive.zip"
class as_nobody "$theirs" class "$work/class"
is "a class with what may not be read makes status 3" $status 3
for name in 'a file' 'a folder' deeper 'an archive'; do
    is "$name that may not be read is not graded, and no zero" "$(row "$name")" "- no"
    has "$name: the reason is named" "  $name: The submission \`" "$out"
done
ok "the file itself is named, and why" sh -c \
    'tr -s "\n " "  " <"$1" | grep -qF "\`counter_mutex.c\` cannot be read: Permission denied"' - "$out"
is "what is missing nowhere may lie beside anything" "$(row 'beside it')" "10 yes"
is "the others have their marks" "$(row fine)" "10 yes"
chmod -R u+rwX "$work/class"

# --- A folder as it comes out of mail and learning platforms ---
rm -rf "$work/class" "$work/marks"
mkdir "$work/class"
mkdir -p "$work/s/__MACOSX" && cp "$right" "$work/s/" && printf '\0\5\26\7' | tee "$work/s/__MACOSX/._counter_mutex.c" >"$work/s/._counter_mutex.c"
zipped 'made on macOS'
mkdir -p "$work/s/Lab/Lab/2-races/counter_mutex" && cp "$right" "$work/s/Lab/Lab/2-races/counter_mutex/" && zipped 'one deeper'
mkdir -p "$work/s" && cp "$right" "$work/s/" && zipped inner
mkdir -p "$work/s" && mv "$work/class/inner.zip" "$work/s/counter_mutex.zip" && zipped 'zip in zip'
printf 'PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$work/class/empty zip.zip"
python3 -c 'import sys, zipfile
i = zipfile.ZipInfo("a"); i.filename = "labs\\2-races\\counter_mutex\\counter_mutex.c"
zipfile.ZipFile(sys.argv[1], "w").writestr(i, open(sys.argv[2]).read())' "$work/class/backslashes.zip" "$right"
hand_in 'capitals/Counter_Mutex.c'
hand_in 'CRLF/counter_mutex.c' && sed -i 's/$/\r/' "$work/class/CRLF/counter_mutex.c"
mkdir "$work/class/BOM" && { printf '\357\273\277' && cat "$right"; } >"$work/class/BOM/counter_mutex.c"
mkdir "$work/class/UTF-16" && { printf '\377\376' && iconv -t UTF-16LE "$right"; } >"$work/class/UTF-16/counter_mutex.c"
cp "$right" "$work/class/lovelaceada_LATE_4711_90001_counter_mutex-1.c"
cp "$right" "$work/class/my counter.c"
printf 'Rar!\032\007\001' >"$work/class/Rudi.rar"
printf '\320\317\021\340' >"$work/class/Report.doc"
mkdir "$work/class/__MACOSX" && : >"$work/class/Thumbs.db" && : >"$work/class/desktop.ini" && : >"$work/class/.DS_Store"
git clone -q "$root" "$work/class/a clone" 2>/dev/null || cp -r "$root/labs" "$work/class/a clone"
cp "$right" "$work/class/a clone/labs/2-races/counter_mutex/counter_mutex.c" 2>/dev/null ||
    cp "$right" "$work/class/a clone/2-races/counter_mutex/counter_mutex.c"
mkdir -p "$work/class/a clone/build/counter_mutex" && echo 'int x;' >"$work/class/a clone/build/counter_mutex/counter_mutex.c"
hand_in "Anna  Müller/counter_mutex.c"
hand_in "Anna Müller/counter_mutex.c"
class "$lab" class "$work/class"
while IFS='|' read -r name expected; do
    is "$name: $expected" "$(row "$name")" "$expected"
done <<'ROWS'
made on macOS|10 yes
one deeper|10 yes
backslashes|10 yes
CRLF|10 yes
BOM|10 yes
lovelaceada_LATE_4711_90001_counter_mutex-1.c|10 yes
a clone|10 yes
Anna  Müller|10 yes
Anna Müller|10 yes
zip in zip|0 yes
empty zip|0 yes
capitals|0 yes
UTF-16|0 yes
Report.doc|0 yes
Rudi.rar|- no
my counter.c|- no
ROWS
is "what systems leave in folders has no row" "$(wc -l <"$work/marks/grades.csv")" 17
tr -s '\n ' '  ' <"$out" >"$work/said"
while read -r sentence; do
    has "said: $sentence" "$sentence" "$work/said"
done <<'SENTENCES'
zip in zip: `counter_mutex.zip` is an archive within the submission and was not opened. Hand in what is in it.
Report.doc: `Report.doc` is a Word document and no C file.
Rudi.rar: The submission `Rudi.rar` is a RAR archive, which is not read here.
my counter.c: The submission `my counter.c` is one C file, and none that an exercise asks for by that name.
capitals: `Counter_Mutex.c` looks like counter_mutex.c, and was not taken.
UTF-16: `counter_mutex.c` is UTF-16 text and was not taken. Save it as UTF-8.
empty zip: no file of any exercise is in it.
SENTENCES
has "and on the dashboard" '"`Report.doc` is a Word document and no C file."' "$work/marks/index.html"
hasnt "who was graded has no remark there" "comes first" "$work/marks/index.html"

# --- The last ones of a class share the places of those that are done ---
mkdir "$work/last" "$work/last/one"
cp "$right" "$root/solutions/1-memory/shared_global/shared_global.c" "$work/last/one/"
one_by_one() { # TRACE: no session said anything between two words of another
    jq -se '[.[].session] as $who | [range(1; $who | length) | select($who[.] != $who[. - 1])]
        | length + 1 == ($who | unique | length)' "$1"
}
for jobs in 1 2; do
    LAB_TRACE="$work/trace.$jobs" "$lab" class "$work/last" --out "$work/last.$jobs" --jobs $jobs --regrade \
        --exercises shared_global,counter_mutex >/dev/null 2>&1
done
ok "with --jobs 1 there is one session after the other" one_by_one "$work/trace.1"
is "with --jobs 2 the only one left has two at once" "$(one_by_one "$work/trace.2")" false
ok "and the same result" same_out "$work/last.1" "$work/last.2"
done_testing
