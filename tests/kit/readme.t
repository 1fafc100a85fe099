#!/bin/sh
# SPDX-License-Identifier: MIT
# README.md: its demonstration names the exercises that there are, with their points, and its links lead
# somewhere.
. tests/kit/lib.sh
demonstration=$(sed -n '/make grade SUBMISSION=solutions/,/^## /p' README.md)
"$lab" list | sed -n 's/^  \([a-z_]*\) .* \([0-9]*\) pt .*/\1 \2/p' >"$work/listed"
echo "$demonstration" | sed -n 's|^ *\([a-z_]*\)  *\([0-9]*\) / \([0-9]*\)  *\([0-9]*\) PASS .*|\1 \3|p' >"$work/shown"
is "the demonstration shows every exercise, in order" "$(cat "$work/shown")" "$(cat "$work/listed")"
checks=$(cat labs/*/*/lab.conf | grep -c 'under = ')
is "and as many checks as the rubrics have" \
    "$(echo "$demonstration" | sed -n 's/.* of \([0-9]*\) checks pass$/\1/p')" "$checks"
for page in README.md docs/*.md docs/concepts/*.md; do
    for link in $(grep -o ']([^)# ]*[)#]' "$page" | sed 's/^](//; s/[)#]$//' | grep -v '^http\|^$'); do
        ok "$page: $link is there" test -e "$(dirname "$page")/$link"
    done
done
done_testing
