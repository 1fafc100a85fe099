# SPDX-License-Identifier: MIT
# Gradebooks: sheets as Canvas and Moodle export them, filled in by id; what is not certain is left and
# listed, every other byte stays.
. tests/kit/lib.sh
mkdir "$work/results"
cat >"$work/results/summary.json" <<'END'
{ "schema": "interleave/class/1", "submissions": [
  { "submission": "lovelaceada_4711_90001_locks", "score": 87.5, "max_score": 100, "complete": true },
  { "submission": "hoppergrace_LATE_4712_90002_upload", "score": 100, "max_score": 100, "complete": true },
  { "submission": "u-4713", "score": 0, "max_score": 100, "complete": true },
  { "submission": "knuthdonald_4714_90004_a", "score": null, "max_score": 100, "complete": false },
  { "submission": "Müller, Jürgen", "score": 55, "max_score": 100, "complete": true },
  { "submission": "hoare", "score": 71, "max_score": 100, "complete": true },
  { "submission": "excused_4716_1_x", "score": 12, "max_score": 100, "complete": true } ] }
END
export OUT="$work/results"
crlf() { sed 's/$/\r/'; }
# Everything but one column is as it was, and this is what the column says: key=value by the id's column.
cells() { # sheet, filled, id column, column: what changed, or a complaint
    python3 - "$@" <<'END'
import csv, sys
def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        sample = file.read()
    return list(csv.reader(sample.splitlines(True), delimiter=";" if ";" in sample.splitlines()[0] else ",", strict=True))
old, new = rows(sys.argv[1]), rows(sys.argv[2])
key, column = old[0].index(sys.argv[3]), old[0].index(sys.argv[4])
assert len(old) == len(new), "other rows"
for a, b in zip(old, new):
    rest = lambda row: row[:column] + row[column + 1:]
    if rest(a) != rest(b):
        print("another cell changed:", a, b)
print(" ".join(f"{b[key]}={b[column]}" for a, b in zip(old, new) if a[column:column + 1] != b[column:column + 1]))
END
}
bytes() { head -c "$2" "$1" | od -An -tx1 | tr -d ' \n'; }

# Canvas: a byte-order mark, CRLF, names with commas and quotes, sections, a row of maxima, the test student.
{
    printf '\357\273\277'
    crlf <<'END'
Student,ID,SIS User ID,SIS Login ID,Section,Locks and threads (31337),Essay (31338),Current Score
,,,,,Manual Posting,,(read only)
    Points Possible,,,,,100.00,10.00,(read only)
"Lovelace, Ada",4711,s-1,ada@example.edu,"CS 101, Monday",,7.5,75
"Hopper, Grace ""Amazing""",4712,s-2,grace,CS 101,100.00,,
"Nobody, Else",4713,u-4713,else,CS 101 and CS 102,50,,
"Knuth, Donald",4714,s-4,don,CS 101,33,,
"Müller, Jürgen",4715,s-5,jm,CS 101,,,
"Excused, Emil",4716,s-6,emil,CS 101,EX,,
"Student, Test",4799,,8c6f,CS 101,,,
END
} >"$work/canvas.csv"
cp "$work/canvas.csv" "$work/before.csv"
run "$lab" gradebook "$OUT" --canvas "$work/canvas.csv" --out "$work/filled.csv"
is "two columns look like assignments: nothing is guessed" $status 3
has "the remedy is named" "Say which one is meant" "$out"
has "the columns are listed, to copy one from" "    Locks and threads (31337)" "$out"
ok "nothing was written" test ! -e "$work/filled.csv"
run "$lab" gradebook "$OUT" --canvas "$work/canvas.csv" --column "Locks and threads" --out "$work/filled.csv"
is "what is not graded makes it incomplete" $status 3
is "Canvas: each grade goes to its id" \
    "$(cells "$work/canvas.csv" "$work/filled.csv" ID "Locks and threads (31337)")" "4711=87.5 4713=0"
is "the byte-order mark stays" "$(bytes "$work/filled.csv" 3)" efbbbf
is "so do the line ends" "$(grep -c "$(printf '\r')$" "$work/filled.csv")" "$(wc -l <"$work/canvas.csv")"
ok "the exported sheet itself is untouched" cmp "$work/canvas.csv" "$work/before.csv"
for line in "3 grades filled in, 1 of them as they were." "  Müller, Jürgen" "  hoare" "  4715, Müller, Jürgen" \
    "  knuthdonald_4714_90004_a" "  4716, Excused, Emil"; do
    has "listed: $line" "$line" "$out"
done
hasnt "the test student is nobody" "Student, Test" "$out"
ok "a name is no id" test "$(grep -c "Müller, Jürgen" "$out")" = 2

run "$lab" gradebook "$OUT" --canvas "$work/canvas.csv" --column 31337 --out "$work/by-id.csv"
ok "the assignment's number does as well as its title" cmp "$work/by-id.csv" "$work/filled.csv"

# The same again changes nothing.
run "$lab" gradebook "$OUT" --canvas "$work/filled.csv" --column "Locks and threads (31337)" --out "$work/again.csv"
ok "filled in twice is filled in once" cmp "$work/filled.csv" "$work/again.csv"

# Ids that stand twice, and two submissions for one row.
sed 's/,4713,u-4713/,4711,s-1/' "$work/canvas.csv" >"$work/double.csv"
run "$lab" gradebook "$OUT" --canvas "$work/double.csv" --column "Locks and threads" --out "$work/d.csv"
is "an id in two rows fills in neither" "$(cells "$work/double.csv" "$work/d.csv" ID "Locks and threads (31337)")" ""
has "it is listed as not certain" "its id stands in more than one row" "$out"
jq '.submissions += [{submission: "s-1", score: 3, max_score: 100, complete: true}]' "$OUT/summary.json" >"$work/two.json"
mkdir "$work/two" && cp "$work/two.json" "$work/two/summary.json"
run "$lab" gradebook "$work/two" --canvas "$work/canvas.csv" --column "Locks and threads" --out "$work/d.csv"
is "two submissions for one row fill in neither" "$(cells "$work/canvas.csv" "$work/d.csv" ID "Locks and threads (31337)")" "4713=0"
has "both are named" "lovelaceada_4711_90001_locks and s-1" "$out"

# Another maximum.
sed 's/100\.00,10\.00/20.00,10.00/' "$work/canvas.csv" >"$work/twenty.csv"
run "$lab" gradebook "$OUT" --canvas "$work/twenty.csv" --column "Locks and threads" --out "$work/d20.csv"
is "another maximum is refused" $status 3
has "it says so" "20 points at most" "$out"
ok "nothing was written then" test ! -e "$work/d20.csv"
run "$lab" gradebook "$OUT" --canvas "$work/twenty.csv" --column "Locks and threads" --scale --out "$work/d20.csv"
is "unless scaling is asked for" "$(cells "$work/twenty.csv" "$work/d20.csv" ID "Locks and threads (31337)")" "4711=17.5 4712=20 4713=0"

# Moodle: participants, the download's own folder names.
mkdir "$work/moodle"
cat >"$work/moodle/summary.json" <<'END'
{ "schema": "interleave/class/1", "submissions": [
  { "submission": "Ada Lovelace_9001_assignsubmission_file", "score": 87.5, "max_score": 100, "complete": true },
  { "submission": "Grace Hopper_9002_assignsubmission_file_", "score": 100, "max_score": 100, "complete": true },
  { "submission": "9003", "score": 9, "max_score": 100, "complete": true },
  { "submission": "Sly_9002_assignsubmission_file_9001_assignsubmission_file", "score": 100, "max_score": 100, "complete": true } ] }
END
crlf >"$work/moodle.csv" <<'END'
Identifier,"Full name",ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 9001,"Ada Lovelace",,ada@example.edu,Submitted for grading,,100.00,Yes,"Friday, 27 November 2026, 9:12 PM",-,
Participant 9002,"Grace Hopper",,grace@example.edu,Submitted for grading,40.00,100.00,Yes,-,-,"<p>Good, ""really""</p>
<p>two lines</p>"
Participant 9003,"Niklaus Wirth",,nw@example.edu,No submission,,100.00,Yes,-,-,
END
run "$lab" gradebook "$work/moodle" --moodle "$work/moodle.csv" --out "$work/m.csv"
is "Moodle: each grade goes to its participant" "$(cells "$work/moodle.csv" "$work/m.csv" Identifier Grade)" \
    "Participant 9001=87.5 Participant 9002=100"
has "a name with somebody else's id in it is no id" "Sly_9002" "$out"
has "a number that is no identifier is no match" "  9003" "$out"
has "who handed nothing in is listed" "Participant 9003, Niklaus Wirth" "$out"

# In German, with semicolons and decimal commas.
cat >"$work/german.csv" <<'END'
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden
Teilnehmer/in 9001;Lovelace, Ada;ada@example.edu;Zur Bewertung abgegeben;;100,00;Ja
Teilnehmer/in 9002;Hopper, Grace;grace@example.edu;Zur Bewertung abgegeben;40,00;100,00;Ja
END
run "$lab" gradebook "$work/moodle" --moodle "$work/german.csv" --out "$work/g.csv"
is "other headings are not guessed" $status 3
has "the remedy is named" "in another language, name that column" "$out"
run "$lab" gradebook "$work/moodle" --moodle "$work/german.csv" --id-column ID --column Bewertung --out "$work/g.csv"
is "named, they are filled in as that country writes numbers" \
    "$(cells "$work/german.csv" "$work/g.csv" ID Bewertung)" "Teilnehmer/in 9001=87,5 Teilnehmer/in 9002=100"

# What is no sheet.
for bad in 'Student,ID,"Locks (1)' 'a,b\0c' 'Student,"I"D' ''; do
    printf "$bad" >"$work/bad.csv"
    run "$lab" gradebook "$OUT" --canvas "$work/bad.csv" --out "$work/bad-filled.csv"
    is "refused: $(printf '%s' "$bad" | tr -d '\\')" $status 3
    ok "and nothing was written" test ! -e "$work/bad-filled.csv"
done
printf '\377\376S\0t\0' >"$work/bad.csv"
run "$lab" gradebook "$OUT" --canvas "$work/bad.csv"
has "UTF-16 is named" "UTF-16" "$out"
run "$lab" gradebook "$OUT" --canvas "$work/none.csv"
is "a sheet that is not there is named" $status 3
run "$lab" gradebook "$work" --canvas "$work/canvas.csv"
is "results that are not there are wrong usage" $status 2

# The kit's own sheet, through a whole class.
python3 "$root/tests/kit/report/many.py" 12 "$work/many"
"$lab" report "$work"/many/*.json --class "$work/class" >/dev/null
run "$lab" gradebook "$work/class" --csv
is "--csv is a sheet" $status 0
ok "it is grades.csv" cmp "$out" "$work/class/grades.csv"
is "with a row for each submission" "$(python3 -c "import csv; print(len(list(csv.DictReader(open('$out', newline='')))))")" 12
done_testing
