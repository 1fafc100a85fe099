#!/bin/sh
# SPDX-License-Identifier: MIT
# dashboard.sh [BUILD]: the dashboard of 3,000 submissions, from their result files to a page that is drawn.
# Status 1 when it opens in more than 2 s (from the start of loading to everything drawn). What an empty page takes
# in the same browser is shown beside it.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
python3 tests/kit/report/many.py 3000 "$work/results"
command -v /usr/bin/time >/dev/null && clock="/usr/bin/time -f %e_s,_%U_s_of_CPU,_%M_KiB" || clock=
$clock build/lab report "$work"/results/*.json --class "$work/class" >/dev/null 2>"$work/clock"
printf '<!doctype html><title>empty</title>' >"$work/empty.html"
python3 tests/kit/chromium.py "file://$work/empty.html" >"$work/answers" <<END || exit 0
eval Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd)
open file://$work/class/index.html
eval Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd)
eval new Promise((done) => { const t = performance.now(); document.querySelector(".sort[data-order=score]").click(); requestAnimationFrame(() => requestAnimationFrame(() => done(Math.round(performance.now() - t)))); })
eval document.getElementById("shown").textContent
END
{
    read -r empty
    read -r full
    read -r sorted
    read -r shown
} <"$work/answers"
echo "dashboard of $shown, written with a page each:  $(tr _ ' ' <"$work/clock")"
echo "dashboard opens in $full ms (at most 2000); an empty page in $empty ms; sorting takes $sorted ms; $(wc -c <"$work/class/index.html") bytes"
[ "$full" -le 2000 ]
