#!/bin/sh
# SPDX-License-Identifier: MIT
# coverage - two reports by gcovr: the reference solutions under their judges' scenarios, and the harness
# under its own tests. HTML goes to build/coverage/, the summaries to the screen.
set -u
cd "$(dirname "$0")/.." || exit 2
build=${1:-build}
out=$build/coverage
rm -rf "$out"
mkdir -p "$out/solutions" "$out/harness"

echo "The reference solutions under the judges:"
"$build/lab" coverage "$out/data" || exit $?
gcovr --root . --object-directory "$out/data" --filter 'solutions/' \
    --html-details "$out/solutions/index.html" --print-summary "$out/data" >"$out/solutions.txt" 2>&1 || {
    tail -n 20 "$out/solutions.txt"
    exit 3
}
grep -E '^(lines|branches|functions)|^solutions' "$out/solutions.txt"

echo "The harness under its own tests:"
make -s BUILD="$build/instrumented" EXTRA_FLAGS=--coverage EXTRA_LINK=--coverage -j"$(nproc)" all kit-tests || exit 3
sh tests/run.sh "$build/instrumented" >"$out/tests.txt" 2>&1
tail -n 1 "$out/tests.txt"
gcovr --root . --object-directory "$build/instrumented" --filter 'harness/' --exclude 'harness/probe/' \
    --exclude 'harness/explore/runtime/' --html-details "$out/harness/index.html" --print-summary \
    "$build/instrumented" >"$out/harness.txt" 2>&1 || {
    tail -n 20 "$out/harness.txt"
    exit 3
}
grep -E '^(lines|branches|functions)' "$out/harness.txt"
echo "HTML: $out/solutions/index.html and $out/harness/index.html"
