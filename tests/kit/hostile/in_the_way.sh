#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a command where somebody else has put something in Criterion's way: it listens at
# /tmp/criterion_PID.sock, and these names are taken for every STEP-th of the coming process ids, by what
# the command's user cannot remove. The ids are few and known, in a namespace of their own, and so is
# /tmp, in which only DIRECTORY is still there. For root.
#
#     sh tests/kit/hostile/in_the_way.sh STEP DIRECTORY build/lab grade …
step=$1 keep=$2
shift 2
export step keep
exec unshare --mount --pid --fork --mount-proc sh -c '
    fresh=$(mktemp -d) && mount -t tmpfs -o mode=1777 tmpfs "$fresh" || exit 1
    case $keep in /tmp/*)
        mkdir -p "$fresh/${keep#/tmp/}" && mount --bind "$keep" "$fresh/${keep#/tmp/}" || exit 1 ;;
    esac
    mount --rbind "$fresh" /tmp
    seq 2 "$step" 9999 | sed "s,.*,/tmp/criterion_&.sock," | xargs mkdir
    cd . && exec "$@"' sh "$@"
