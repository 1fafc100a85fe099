# SPDX-License-Identifier: MIT
# class - what the scripts about classes share, on top of lib.sh.
. tests/kit/lib.sh
make_class() { sh "$root/tests/kit/class/make_class.sh" "$@"; }
export TMPDIR="$work/tmp" LAB_ROOT="$root" LAB_BUILD="$build"
mkdir -p "$TMPDIR"

# graded OUT: how many results are there
results() { find "$1/results" -name '*.json' 2>/dev/null | wc -l; }
# same_out A B: equal byte for byte, apart from the times in the result files
same_out() {
    rm -rf "$work/a" "$work/b"
    cp -r "$1" "$work/a" && cp -r "$2" "$work/b" || return 1
    sed -i -E 's/"duration_ms": [0-9]+/"duration_ms": 0/' "$work"/[ab]/results/*.json
    diff -r "$work/a" "$work/b" && [ -f "$work/a/index.html" ]
}
# What a killed class leaves behind is gone when its lock is: the workers hold it, too.
wait_for_end() { [ ! -e "$1/lock" ] || flock "$1/lock" true; }
# until_there FILE PID: waits for the file as long as the process lives
until_there() {
    while [ ! -s "$1" ] && kill -0 "$2" 2>/dev/null; do :; done
    [ -s "$1" ]
}
