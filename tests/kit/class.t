# SPDX-License-Identifier: MIT
# A whole class: every entry one row, whatever it is; what is graded again and what is not; where
# results may go and what is said when they cannot.
. tests/kit/class/class.sh
class() { run "$lab" class "$@"; }
e='--exercises counter_mutex'

# --- The folder as it is at midnight ---
make_class "$work/messy" messy counter_mutex
class "$work/messy" --out "$work/marks" $e
is "a class with what cannot be graded ends with status 3" $status 3
is "each entry has one row" "$(jq -s length "$work"/marks/results/*.json)" \
    "$(find "$work/messy" -mindepth 1 -maxdepth 1 -printf x | wc -c)"
while IFS='|' read -r name complete score; do
    is "$name: $score points, complete $complete" "$(jq -r --arg n "$name" -s \
        '.[] | select(.submission == $n) | "\(.complete) \(.score)"' "$work"/marks/results/*.json |
        sed 's/\.0$//')" "$complete $score"
done <<'ROWS'
Zoë 🐙 O'Neil & Söhne|true|10
-rf * "$(reboot)"|true|10
<script>alert(1)|true|0
two\nlines|true|0
M\xfcller in Latin-1|true|0
alice|true|10
alice.zip|true|0
very deep|true|10
in a nest of folders|true|10
the whole repository|true|0
as tar|true|10
as tar.gz|true|10
as tar.xz|true|10
as tar.zst|true|10
empty folder|true|0
essay.docx|true|0
a fifo|true|0
a link|true|0
a wrong name|true|0
linked|false|0
photo.jpg|false|0
nothing|false|0
torn zip|false|0
torn tar.gz|false|0
torn tar.xz|false|0
torn tar.zst|false|0
torn tar|false|0
ROWS
has "what cannot be graded is listed with its reason" "torn tar: The archive" "$out"
has "an empty submission is listed" "  empty folder: no file" "$out"
has "and what was odd about it" "  a wrong name: \`counter_mutex (1).c\` looks like counter_mutex.c" "$out"
grep -v '^Open ' "$out" >"$work/shown"
ok "no line on the screen is wider than 80 columns" \
    test "$(LC_ALL=C.UTF-8 wc -L <"$work/shown")" -le 80
ok "each result has its page" sh -c '[ "$(ls "$1"/students | wc -l)" = "$(ls "$1"/results | wc -l)" ]' - "$work/marks"
is "nothing temporary is left" "$(find "$TMPDIR" "$work/marks" -path '*/interleave-*' -o -name '*.tmp.*')" ""
ok "an incomplete one has an empty mark and no zero" grep -q '^linked,,10,no' "$work/marks/grades.csv"

# --- On the disk before it is known ---
cat >"$work/order.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void note(const char *what, const char *a, const char *b)
{
    int fd = open(getenv("ORDER"), O_WRONLY | O_APPEND | O_CREAT, 0644);
    dprintf(fd, "%s|%s|%s\n", what, a, b);
    close(fd);
}
int fsync(int fd)
{
    char link[64], path[4096] = "";
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    (void)!readlink(link, path, sizeof(path) - 1);
    note("fsync", path, "");
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}
int rename(const char *from, const char *to)
{
    note("rename", from, to);
    return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
}
C
gcc -shared -fPIC -o "$work/order.so" "$work/order.c"
ORDER="$work/order" LD_PRELOAD="$work/order.so" "$lab" class "$work/messy" --out "$work/synced" $e >/dev/null 2>&1
is "each result is synced under another name, then renamed" "$(awk -F'|' '
    $1 == "fsync" { synced[$2] = 1 }
    $1 == "rename" && $3 ~ /results\/.*json$/ { n += synced[$2] && $2 != $3 } END { print n }' "$work/order")" 28

# --- What is graded again ---
class "$work/messy" --out "$work/marks" $e
has "what has not changed is not graded again, damaged archives neither" "0 graded now, 28 unchanged" "$out"
cp "$root/tests/2-races/counter_mutex/stub.c" "$work/messy/alice/counter_mutex/counter_mutex.c"
class "$work/messy" --out "$work/marks" $e
has "what has changed is" "1 graded now, 27 unchanged" "$out"
class "$work/messy" --out "$work/marks" $e --only 'alice*'
has "--only grades those that match" "2 submissions: 0 graded now, 2 unchanged" "$out"
is "and keeps the others in the table" "$(wc -l <"$work/marks/grades.csv")" 29
class "$work/messy" --out "$work/other" $e --only alice.zip
ok "a name does not hang on the pattern" test -f "$work/other/results/alice.zip.json"
class "$work/messy" --out "$work/other" $e --only 'bob*'
is "a pattern that matches nobody is wrong usage" $status 2
class "$work/messy" --out "$work/marks" --exercises shared_global --only alice
has "with other exercises it is graded again" "1 graded now" "$out"
ok "and those are in its result" jq -e '.exercises | map(.id) == ["shared_global"]' "$work/marks/results/alice.json"

(
    own_kit
    unset LAB_BUILD # its own, with links to the programs
    export LAB_BUILD="$work/kit/build"
    ln -s "$build/cache" "$work/kit/build/cache"
    class "$work/messy" --out "$work/kit_out" $e --only 'as *'
    echo '/* another promise */' >>"$LAB_ROOT/labs/2-races/counter_mutex/counter_mutex.h"
    class "$work/messy" --out "$work/kit_out" $e --only 'as *'
    cp "$out" "$work/kit_said"
)
has "another kit grades everything again" "4 graded now, 0 unchanged" "$work/kit_said"

# --- The same, whoever does it and in whatever order ---
KINDS='solution wrong hostile stub' make_class "$work/eight" 8 counter_mutex
cp -r "$work/eight/Ada 0000" "$work/eight/twin of Ada"
class "$work/eight" --out "$work/one" $e --jobs 1 --regrade
is "a class that could be graded ends with status 0" $status 0
class "$work/eight" --out "$work/many" $e --jobs 8 --regrade
ok "--jobs 1 and --jobs 8 end with the same files" same_out "$work/one" "$work/many"
same() { jq -S 'del(.submission, .duration_ms, .exercises[].checks[].duration_ms)' "$1"; }
same "$work"/many/results/Ada_0000-*.json >"$work/first"
same "$work"/many/results/twin_of_Ada-*.json >"$work/second"
ok "the same submission twice has the same result" cmp "$work/first" "$work/second"
same_out_after_grade() {
    "$lab" grade "$work/eight/Ada 0000" --fresh $e >/dev/null
    class "$work/eight" --out "$work/later" $e
    same_out "$work/later" "$work/one"
}
ok "nor does it matter what lab grade was asked before" same_out_after_grade
class "$work/eight" --out "$work/many" $e --regrade --only 'Ada*'
has "--regrade grades what has not changed" "1 submission: 1 graded now" "$out"

# --- Where results may go ---
class "$work/eight" --out "$work/eight/results" $e
class "$work/eight" --out "$work/eight/results" $e
has "OUT inside DIR is no submission" "9 submissions: 0 graded now, 9 unchanged" "$out"
rm -r "$work/eight/results"
class "$work/eight" --out "$work/eight" $e
is "OUT is not DIR" $status 2
class "$work/no such" --out "$work/x" $e
is "a missing DIR is wrong usage" $status 2
has "it is named" "$work/no such is not a directory of submissions" "$out"
ok "and nothing was made" test ! -e "$work/x"
mkdir "$work/empty"
class "$work/empty" --out "$work/x" $e
has "an empty DIR is called one" "There are no submissions" "$out"
class "$root/solutions" --out "$work/x" $e
has "one submission is not taken for a class" "lab grade $root/solutions" "$out"
for jobs in 0 -1 four 65 2x; do
    class "$work/eight" --out "$work/one" $e --jobs=$jobs
    is "--jobs $jobs is wrong usage" $status 2
done
: >"$work/file"
class "$work/eight" --out "$work/file" $e
is "OUT that is a file is our trouble" $status 3
has "it says so" "$work/file" "$out"

# --- Two at once ---
"$lab" class "$work/eight" --out "$work/busy" $e >/dev/null 2>&1 &
first=$!
until_there "$work/busy/lock" $first
kill -STOP $first
class "$work/eight" --out "$work/busy" $e
is "a second one on the same OUT stops" $status 3
has "and says who is there" "Another \`lab class\` (process $first on" "$out"
kill -CONT $first
wait $first
is "the first one is not disturbed" $? 0

# --- A disk that is full, and one that cannot be written ---
if [ "$(id -u)" = 0 ] && mkdir "$work/disk" && mount -t tmpfs -o size=200k none "$work/disk" 2>/dev/null; then
    class "$work/eight" --out "$work/disk/out" $e
    is "a full disk is our trouble" $status 3
    is "it is one sentence" "$(grep -c 'No space left' "$out")" 1
    is "and nothing else" "$(grep -vc '^[0-9]* of ' "$out")" 1
    before=$(results "$work/disk/out")
    mount -o remount,size=40m "$work/disk"
    class "$work/eight" --out "$work/disk/out" $e
    is "with room the same command goes on" $status 0
    has "what was there is kept" ", $before unchanged" "$out"
    ok "and the end is the same" same_out "$work/disk/out" "$work/one"
    mount -o remount,ro "$work/disk"
    class "$work/eight" --out "$work/disk/out" $e
    is "an OUT that cannot be written is our trouble" $status 3
    has "it is said" "Read-only file system" "$out"
    umount "$work/disk"
fi

# --- On the screen ---
script -qec "stty cols 60; '$lab' class '$work/messy' --out '$work/screen' $e --jobs 3 --regrade" /dev/null >"$work/typed" 2>&1 </dev/null
tr '\r' '\n' <"$work/typed" | grep -a ' of 28' >"$work/live"
ok "a terminal gets a live line" grep -qa ' of 28.*: ' "$work/live"
ok "with rate and time left" grep -qaE ' of 28, [0-9.]+ (a second|a minute|an hour), .* left' "$work/live"
is "that stays in one line" "$(sed 's/\x1b\[K.*//' "$work/live" | jq -R 'select(length > 59)')" ""
done_testing
