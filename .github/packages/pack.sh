#!/bin/sh
# SPDX-License-Identifier: MIT
# pack - the kit as a package of an autograding service.
#
#     pack.sh gradescope|autolab BUILD      EXERCISES=a,b in the environment: only these are graded
#
# The package holds the kit's sources as git knows them (or all of them, outside a clone), and the
# service's own two scripts at its root. bsdtar (libarchive-tools) or zip writes the zip; tar is enough
# for Autolab.
set -eu
cd "$(dirname "$0")/../.."
build=$2
stage=$build/package
rm -rf "$stage"
mkdir -p "$stage/interleave"
if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z | tar cf - --null -T - | tar xf - -C "$stage/interleave"
else
    tar cf - --exclude="./$build" . | tar xf - -C "$stage/interleave"
fi
[ -z "${EXERCISES:-}" ] || echo "$EXERCISES" >"$stage/interleave/exercises.txt"
case $1 in
gradescope)
    cp .github/packages/gradescope/* "$stage/"
    chmod +x "$stage/setup.sh" "$stage/run_autograder"
    rm -f "$build/gradescope.zip"
    if command -v bsdtar >/dev/null 2>&1; then
        (cd "$stage" && bsdtar -a -cf ../gradescope.zip setup.sh run_autograder interleave)
    elif command -v zip >/dev/null 2>&1; then
        (cd "$stage" && zip -qr ../gradescope.zip setup.sh run_autograder interleave)
    else
        echo "A zip needs a program that writes one: apt install libarchive-tools" >&2
        exit 3
    fi
    echo "$build/gradescope.zip"
    ;;
autolab)
    tar cf "$build/autograde.tar" -C "$stage/interleave" .
    cp .github/packages/autolab/Makefile "$build/autograde-Makefile"
    echo "$build/autograde.tar and $build/autograde-Makefile"
    ;;
*)
    echo "pack.sh gradescope|autolab BUILD" >&2
    exit 2
    ;;
esac
rm -rf "$stage"
