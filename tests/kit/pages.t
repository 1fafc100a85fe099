# SPDX-License-Identifier: MIT
# The dashboard of a class and the page of a submission as a person meets them, in headless Chromium: what
# is drawn, small and dark, with keys alone, on paper, without scripts, and with hostile text in every field.
. tests/kit/lib.sh
. tests/kit/chromium.sh
cases=$root/tests/kit/report
python3 "$cases/many.py" 200 "$work/results"
ok "results made elsewhere become a class" \
    "$lab" report "$work"/results/*.json "$cases/hostile/result.json" "$cases/mixed/result.json" --class "$work/class"
for case in mixed verdicts hostile; do
    "$lab" report "$cases/$case/result.json" --files "$cases/$case/files" --format html --out "$work/$case.html"
done
ok "grades.csv is CSV, and no cell is a formula" python3 "$cases/outside.py" csv "$work/class/grades.csv"
ok "what is not graded has no mark in it, not a zero" \
    python3 -c "import csv, sys; rows = list(csv.DictReader(open('$work/class/grades.csv', newline='')));
sys.exit(not rows or any((r['complete'] == 'no') != (r['score'] == '') for r in rows))"
ok "summary.json says as many submissions" \
    jq -e '.schema == "interleave/class/1" and .statistics.submissions == 202 and (.submissions | length) == 202' "$work/class/summary.json"
ok "summary.json has null for what is not graded" \
    jq -e '[.submissions[] | .complete == (.score != null)] | all' "$work/class/summary.json"

graded=$(jq '.statistics.graded' "$work/class/summary.json")
shared=$(jq '.failures[0].submissions | length' "$work/class/summary.json")

# The least contrast of any text that can be seen, as WCAG 2 reckons it.
contrast='(() => { const lum = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; }; const parse = (s) => { const n = s.match(/[\d.]+/g).map(Number); return n.length > 3 && n[3] === 0 ? null : n.slice(0, 3); }; const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c) return c; } return [255, 255, 255]; }; let worst = 21; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) { const e = walk.currentNode.parentElement; if (!walk.currentNode.data.trim() || e.closest("script, style, noscript, svg, .skip, .hidden, .dot, option") || !e.checkVisibility()) continue; const a = lum(parse(getComputedStyle(e).color)), b = lum(behind(e)); worst = Math.min(worst, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)); } return worst >= 4.5; })()'
# What a page must not have: handlers, foreign elements, places to go to that are not pages of ours.
clean='(() => { const odd = Array.from(document.querySelectorAll("*")).filter((e) => ["IMG", "IFRAME", "OBJECT", "EMBED", "LINK", "BASE", "AUDIO", "VIDEO"].includes(e.tagName) || e.getAttributeNames().some((n) => n.startsWith("on") || n === "style" || n === "srcdoc") || (e.hasAttribute("href") && !/^(#|students\/[A-Za-z0-9._-]+\.html$)/.test(e.getAttribute("href")))); return odd.map((e) => e.outerHTML).join(" ") || "nothing"; })()'
fits='document.documentElement.scrollWidth <= document.documentElement.clientWidth'
rows='document.querySelectorAll("#rows tbody tr").length'
marks='Array.from(document.querySelectorAll("#rows tbody .number")).map((e) => parseFloat(e.textContent))'
order='(() => { const m = '$marks'; return m.every((v, i) => i === 0 || m[i - 1] <= v) ? "rises" : m.every((v, i) => i === 0 || m[i - 1] >= v) ? "falls" : "neither"; })()'

browse "$work/class/index.html" <<END
eval Array.from(document.querySelectorAll("main > section:not([hidden]) > h2")).map((e) => e.firstChild.data.trim()).join(", ")
eval Array.from(document.querySelectorAll("#histogram .bin text")).reduce((sum, e) => sum + Number(e.textContent), 0)
eval Number(document.querySelector(".group .many").textContent)
eval Array.from(document.querySelectorAll(".group .many")).map((e) => Number(e.textContent)).every((n, i, all) => i === 0 || all[i - 1] >= n)
eval $clean
eval document.body.textContent.includes("<script>alert('x')</script>") && !document.body.textContent.includes("\u202e")
eval $contrast
eval $fits
key /
eval document.activeElement.id
key A
key d
key a
eval Array.from(document.querySelectorAll("#rows tbody tr")).every((e) => /ada/i.test(e.textContent)) && $rows > 0
key Escape
eval $rows
eval document.activeElement.blur()
key j
key j
eval Array.from(document.querySelectorAll("#rows tbody a")).indexOf(document.activeElement)
key k
eval Array.from(document.querySelectorAll("#rows tbody a")).indexOf(document.activeElement)
eval document.querySelector(".sort[data-order=score]").focus()
key Enter
eval $order + " " + document.querySelector(".sort[data-order=score]").closest("th").getAttribute("aria-sort")
key Enter
eval $order + " " + document.querySelector(".sort[data-order=score]").closest("th").getAttribute("aria-sort")
eval document.querySelector(".group .many").focus()
key Enter
eval Number(document.getElementById("shown").textContent.split(" ")[0])
click #chosen
eval document.getElementById("shown").textContent
eval (document.querySelector("#histogram .bin[tabindex='0']").focus(), 1)
key Enter
eval document.getElementById("shown").textContent === "202 submissions"
key Escape
click #exercises details:last-of-type summary
eval (document.querySelector("#exercises details[open] .missed").focus(), 1)
key Enter
eval document.getElementById("chosen").textContent.startsWith("not passed: ")
key Escape
size 400 800
eval $fits
eval $contrast
media screen prefers-color-scheme=dark
eval $contrast
eval getComputedStyle(document.body).backgroundColor !== "rgb(250, 249, 246)"
media screen
size 1280 900
pdf $work/class.pdf
eval $rows
eval document.querySelectorAll("#ungraded .who li").length
script off
eval document.querySelectorAll("noscript tbody tr, .plain-table tbody tr, table.plain tbody tr").length
complaints
END
n=0
next() { # title, expected
    n=$((n + 1))
    is "$1" "$(answer $n)" "$2"
}
skip() { n=$((n + 1)); }
next "what is not graded is on top, then scores, checks, failures, students" "Not graded, Scores, Checks, Commonest failures, Students"
next "the distribution counts everybody who is graded" "$graded"
next "the commonest failure is shared by as many as summary.json says" "$shared"
next "the commonest come first" true
next "hostile text made no element, no handler, no way out" nothing
next "it is there as text" true
next "all text has a contrast of 4.5" true
next "nothing is wider than the window" true
next "/ goes to the search" find
next "which finds" true
next "Escape shows everybody, 150 rows at first" 150
skip
next "j goes down the list" 1
next "k goes up" 0
skip
next "the column's head sorts" "rises ascending"
next "and the other way round" "falls descending"
skip
next "a failure's number shows the students who share it" "$shared"
next "and everybody again" "202 submissions"
skip
next "a column of the distribution shows its students" false
skip
next "a check shows who does not pass it" true
next "at 400 pixels nothing is wider than the window" true
next "and the contrast holds" true
next "in the dark too" true
next "where it is dark" true
next "on paper is every row" 202
next "and everybody who is not graded" "$((202 - graded))"
next "and without scripts" 202
next "nothing was refused, loaded or thrown" none
ok "it prints" test "$(wc -c <"$work/class.pdf")" -gt 20000

page=$(basename "$(ls "$work"/class/students/ada-1815.html)")
browse "$work/class/students/$page" <<END
eval document.querySelector("h1").textContent
open file://$work/mixed.html
eval document.querySelectorAll("article.failure").length
eval document.querySelector(".source .marked").textContent.trim()
eval document.querySelectorAll(".lanes thead th").length
eval Array.from(document.querySelectorAll(".command code")).map((e) => e.textContent).filter((t) => t.includes("replay"))[0]
eval $contrast
eval $fits
key j
eval document.activeElement.id
key j
eval document.activeElement.id
key k
eval document.activeElement.id
size 400 800
eval $fits
media screen prefers-color-scheme=dark
eval $contrast
media screen
pdf $work/page.pdf
eval document.querySelectorAll("details:not([open])").length
script off
eval document.querySelectorAll("article.failure").length
open file://$work/verdicts.html
eval new Set(Array.from(document.querySelectorAll(".verdict")).map((e) => e.textContent)).size
eval $contrast
script on
open file://$work/hostile.html
eval $clean
eval document.body.textContent.includes("<script>alert('x')</script>")
eval $fits
size 1280 900
eval $fits
complaints
END
n=0
next "a student's page has the name" ada-1815
next "each failure has its story" 3
next "the excerpt marks the line" "16        c->value = old + 1;"
next "an interleaving has a lane for each thread" 3
next "there is the command that replays it" "build/lab replay counter_mutex 'x1:0*5,1*3,2,1*2'"
next "all text has a contrast of 4.5" true
next "nothing is wider than the window" true
next "j goes to the first failure" e2c2
next "and to the next" e2c3
next "k goes back" e2c2
next "at 400 pixels nothing is wider than the window" true
next "in the dark the contrast holds" true
next "what was folded is folded again after printing" 3
next "the page is whole without scripts" 3
next "every verdict has its word" 17
next "and can be read" true
next "hostile text made no element, no handler, no way out" nothing
next "it is there as text" true
next "it does not widen the page at 400 pixels" true
next "nor at 1280" true
next "nothing was refused, loaded or thrown" none
ok "a page prints" test "$(wc -c <"$work/page.pdf")" -gt 10000
done_testing
