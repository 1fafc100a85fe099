# SPDX-License-Identifier: MIT
# CI: the workflows are what GitHub expects, and the one for courses is run step by step on a student's
# repository that was tampered with.
. tests/kit/lib.sh
flows=$root/.github/workflows

# Shape: every step is one thing, scripts are shell, inputs that are passed on are declared.
cat >"$work/shape.py" <<'END'
import subprocess, sys, yaml
flows = {name: yaml.safe_load(open(f"{sys.argv[1]}/{name}.yml")) for name in ("ci", "classroom", "grade")}
for name, flow in flows.items():
    assert True in flow and flow["jobs"], f"{name}: `on` (which YAML reads as true) and jobs"
    for job in flow["jobs"].values():
        assert ("uses" in job) != ("runs-on" in job), f"{name}: a job runs somewhere or uses a workflow"
        for step in job.get("steps", []):
            assert ("uses" in step) != ("run" in step), f"{name}: {step}"
            assert set(step) <= {"name", "id", "if", "uses", "with", "env", "run"}, f"{name}: {step}"
            if "run" in step:
                subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)
inputs = flows["grade"][True]["workflow_call"]["inputs"]
passed = flows["classroom"]["jobs"]["grade"]["with"]
assert set(passed) <= set(inputs), "classroom.yml passes what grade.yml does not know"
assert all(name in passed for name, i in inputs.items() if i.get("required")), "classroom.yml leaves an input out"
outputs = flows["grade"]["jobs"]["grade"]["outputs"]
assert set(flows["grade"][True]["workflow_call"]["outputs"]) == set(outputs), "outputs"
END
ok "workflows have the shape that GitHub expects" python3 "$work/shape.py" "$flows"
for script in "$root"/.github/packages/*.sh "$root"/.github/packages/gradescope/* "$root"/.github/packages/autolab/*.sh; do
    ok "${script#"$root/.github/packages/"} is shell" sh -n "$script"
done
ok "the autograder for Classroom 50 is Python" python3 -c "import ast, sys; ast.parse(open(sys.argv[1]).read())" "$root/.github/packages/classroom50/autograder.py"

# A student's repository made from the kit: one exercise solved, one wrong; rubric, judge and result tampered with.
student=$work/student
mkdir -p "$student"
cp -r "$root/labs" "$student/labs"
cp "$root/solutions/1-memory/shared_global/shared_global.c" "$student/labs/1-memory/shared_global/"
sed 1d "$root/tests/2-races/counter_mutex/wrong/unlock_missing.c" >"$student/labs/2-races/counter_mutex/counter_mutex.c"
printf 'title = "free points";\n' >"$student/labs/2-races/counter_mutex/lab.conf"
mkdir -p "$student/tests/2-races/counter_mutex" "$student/out" "$student/solutions"
printf 'int main(void) { return 0; }\n' >"$student/tests/2-races/counter_mutex/judge.c"
printf '{"score": 1000}' >"$student/result.json"
printf 'all:\n\techo tampered; exit 1\n' >"$student/Makefile"
git init -q "$student"
git -C "$student" add -A
GIT_COMMITTER_DATE='2026-11-03T10:11:12Z' git -C "$student" -c user.name=ada -c user.email=ada@example.edu commit -qm "my work"

mkdir "$work/workspace"
jq -n --arg kit "$root" --arg student "$student" '{
  inputs: {kit: "course/interleave", ref: "main", exercises: "shared_global,counter_mutex", box: "reduced"},
  github: {}, repositories: {"": $student, "course/interleave": $kit},
  environment: {GITHUB_REPOSITORY: "cs101/locks-ada", GITHUB_REPOSITORY_OWNER: "cs101", GITHUB_ACTOR: "ada",
    GITHUB_SHA: "0123abcd", GITHUB_REF_NAME: "main", GITHUB_SERVER_URL: "https://github.com",
    LC_ALL: "C.UTF-8"}}' >"$work/context.json"
run python3 "$root/tests/kit/report/runner.py" "$flows/grade.yml" grade "$work/workspace" "$work/context.json"
is "the job ends well whatever the grade" $status 0
cp "$out" "$work/log"
cd "$work/workspace" || exit 1
is "what is right has its points" "$(jq '.exercises[] | select(.id == "shared_global") | .score' out/result.json)" 10
ok "what is wrong has not" jq -e '.exercises[] | select(.id == "counter_mutex") | .score < 10' out/result.json
is "only the chosen exercises are graded" "$(jq -r '[.exercises[].id] | join(" ")' out/result.json)" "shared_global counter_mutex"
is "the student's own rubric counts for nothing" \
    "$(jq -c '[.exercises[1].checks[].id]' out/result.json)" \
    "$("$lab" grade "$root/solutions" --exercises counter_mutex --box none --format json | jq -c '[.exercises[0].checks[].id]')"
ok "annotations stand on lines of the student's file" \
    grep -q '^::error file=labs/2-races/counter_mutex/counter_mutex.c,line=[0-9]*,title=' "$work/log"
ok "the job's summary is a table" grep -q '^| `counter_mutex` | ' summary.md
ok "and has the stories" grep -q '^  check it' summary.md
ok "JUnit is valid" xmllint --noout --schema "$root/tests/kit/report/schema/junit.xsd" out/junit.xml
ok "SARIF is valid" python3 -W ignore -m jsonschema -i out/results.sarif "$root/tests/kit/report/schema/sarif-2.1.0.json"
ok "the page has an excerpt of the student's file" grep -q 'class="line marked"' out/report.html
ok "Classroom 50's result has its shape" jq -e --arg format classroom50 -f "$root/tests/kit/report/schema/shapes.jq" result.json
is "and says who and when" "$(jq -c '[.classroom, .assignment, .owner, .commit, .datetime]' result.json)" \
    '["cs101","locks-ada","ada","https://github.com/cs101/locks-ada/commit/0123abcd","2026-11-03T10:11:12Z"]'
is "the score is an output" "$(sed -n 's/^score=//p' output)" "$(jq .score out/result.json)"

# The same on a desk, as Classroom 50's runner calls it: from the student's checkout.
cd "$student" || exit 1
run env CLASSROOM=cs101 ASSIGNMENT=locks OWNER=ada SUBMISSION_TAG=submit/1 COMMIT_URL=https://x/c RELEASE_URL=https://x/r \
    EXERCISES=shared_global sh "$root/.github/packages/grade.sh" "$root" . "$work/out50"
is "Classroom 50: status 0 for a grade" $status 0
is "a result that was handed in is replaced" "$(jq -c '[.schema, .score, ."max-score", .submission]' result.json)" \
    '["classroom50/result/v1",10,10,"submit/1"]'

# What cannot be graded is an error of the job, never a zero.
printf 'x' >"$work/broken.zip"
rm -f result.json
run env EXERCISES=shared_global sh "$root/.github/packages/grade.sh" "$root" "$work/broken.zip" "$work/out3"
is "a broken archive is status 3" $status 3
ok "no result is invented for it" test ! -e result.json
cd "$root" || exit 1
done_testing
