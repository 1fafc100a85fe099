# SPDX-License-Identifier: MIT
# lib - what the TAP scripts share. A script sources it, calls `is` or `ok` for each test and `done_testing`
# at the end; it runs in a private directory that is removed.
#
#     ok "title" command…            the command's status is 0
#     is "title" GOT EXPECTED        the texts are equal
#     has "title" TEXT FILE          the file contains the text
#     hasnt "title" TEXT FILE
set -u
root=$PWD
build=$root/${1:-build}
lab=$build/lab
tests=0
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

_report() { # passed, title
    tests=$((tests + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tests - $2"
    else
        failures=$((failures + 1))
        echo "not ok $tests - $2"
    fi
}
ok() {
    title=$1
    shift
    "$@" >"$work/.out" 2>&1
    status=$?
    _report $status "$title"
    [ $status = 0 ] || sed 's/^/#   /' "$work/.out" | tail -n 20
}
is() {
    if [ "$2" = "$3" ]; then
        _report 0 "$1"
    else
        _report 1 "$1"
        printf '#   got      %s\n#   expected %s\n' "$2" "$3"
    fi
}
has() {
    if grep -qF -e "$2" "$3"; then
        _report 0 "$1"
    else
        _report 1 "$1"
        echo "#   not there: $2"
        tail -n 15 "$3" | sed 's/^/#   /'
    fi
}
hasnt() {
    if grep -qF -e "$2" "$3"; then _report 1 "$1"; else _report 0 "$1"; fi
}
# run COMMAND… : its output is in $out, its status in $status
out=$work/out
run() {
    "$@" >"$out" 2>&1 </dev/null
    status=$?
}
done_testing() {
    echo "1..$tests"
    [ "$failures" = 0 ]
}
# A kit of its own: the tree linked, labs/ copied, so that a test may break what it likes.
own_kit() {
    mkdir -p "$work/kit"
    for part in harness solutions tests docs Makefile packages.txt; do
        [ -e "$root/$part" ] && ln -s "$root/$part" "$work/kit/$part"
    done
    cp -r "$root/labs" "$work/kit/labs"
    for stub in "$root"/tests/[1-9]*/*/stub.c; do
        name=$(basename "$(dirname "$stub")")
        cp "$stub" "$work/kit/labs/$(basename "$(dirname "$(dirname "$stub")")")/$name/$name.c"
    done
    mkdir -p "$work/kit/build"
    for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
        ln -s "$build/$product" "$work/kit/build/$product"
    done
    export LAB_ROOT="$work/kit" LAB_BUILD="$work/kit/build"
}
