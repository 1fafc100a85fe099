#!/bin/sh
# SPDX-License-Identifier: MIT
# The corpus of hostile and of odd honest submissions (tests/kit/hostile/): each gets the verdicts that
# its first line expects. Then a part of it once more as other machines and users meet it.
. tests/kit/lib.sh

# Each sample is a test, and so is the end of the run.
corpus() { # what it is, then the command
    title=$1
    shift
    run "$@"
    while read -r line; do
        case $line in
        "ok "*) _report 0 "$title: ${line#ok }" ;;
        "not ok "*) _report 1 "$title: ${line#not ok }" ;;
        *) echo "# $line" ;;
        esac
    done <"$out"
    _report "$status" "$title: the run ends well"
}

corpus "as $(id -un)" sh tests/kit/hostile/run.sh "$build"

# What differs between users and levels is the box, not the compiler and not the gate.
part='closes_everything|reads_what_is_not_its|writes_outside|fork_bomb|thread_bomb|orphans|zombies'
part="$part|respawns_itself|heap_hog|fills_tmp|endless_loop|one_long_line|hides_its_report"
part="$part|includes_accounts|kills_itself|honest_files|honest_fifo|honest_named_semaphore"
part="$part|honest_shared_mapping|honest_socket_pair|honest_child_process"

# A kit that an ordinary user can reach: what root builds may lie in a directory of root's.
a_kit_for_everybody() {
    mkdir "$work/kit" "$work/kit/build" "$work/tmp"
    cp -r harness labs solutions tests Makefile packages.txt "$work/kit"
    for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
        cp -r "$build/$product" "$work/kit/build/"
    done
    chmod -R go+rX "$work"
    chown -R 65534:65534 "$work/kit/build" "$work/tmp"
    cd "$work/kit" || exit 1
    export LAB_ROOT="$work/kit" LAB_BUILD="$work/kit/build" TMPDIR="$work/tmp" HOME="$work/tmp"
}
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

if [ "$(id -u)" = 0 ]; then
    a_kit_for_everybody
    corpus "as nobody" nobody sh tests/kit/hostile/run.sh build "$part"
else
    nobody() { "$@"; }
fi
if nobody sh tests/kit/hostile/without_namespaces.sh true 2>/dev/null; then
    corpus "without namespaces" \
        nobody sh tests/kit/hostile/without_namespaces.sh sh tests/kit/hostile/run.sh build "$part"
fi
done_testing
