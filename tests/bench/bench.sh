#!/bin/sh
# SPDX-License-Identifier: MIT
# bench - how fast lab and the reference solutions are, as ratios to something measured in the same run.
# No test: on a busy machine figures are noise. Status 1 when a bar was missed.
set -u
cd "$(dirname "$0")/../.." || exit 2
missed=''
for part in tests/bench/*.sh; do
    name=$(basename "$part" .sh)
    [ "$name" = bench ] || sh "$part" "${1:-build}" || missed="$missed $name"
done
echo
[ -z "$missed" ] && echo "Every bar is met." && exit 0
echo "Missed a bar:$missed"
exit 1
