# SPDX-License-Identifier: MIT
# The JSON of services that publish no schema, by their documentation. With --arg format: true, or an
# error that names what is off.

def need($condition; $sentence): if $condition then . else error($sentence) end;
def keys_in($allowed): need((keys - $allowed) == []; "unknown keys: \(keys - $allowed)");
def text: type == "string";
def number: type == "number";
def whole: number and . == floor;
def one_of($list): . as $x | $list | index([$x]) != null;

def visibility: one_of(["hidden", "after_due_date", "after_published", "visible"]);
def text_format: one_of(["text", "html", "simple_format", "md", "ansi"]);

def gradescope_test:
  keys_in(["score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
           "visibility", "extra_data"])
  | need(.score | number; "score") | need(.max_score | number; "max_score")
  | need(.score <= .max_score; "score above max_score")
  | need(.status | one_of(["passed", "failed"]); "status") | need((.name | text) and .name != ""; "name")
  | need(.number | text; "number is a string") | need(.output | text; "output")
  | need((.name_format | text_format) and (.output_format | text_format); "format")
  | need(.tags | all(text); "tags") | need(.visibility | visibility; "visibility");

def gradescope:
  keys_in(["score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
           "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"])
  | need(.score | number; "score") | need(.execution_time | whole; "execution_time")
  | need((.visibility | visibility) and (.stdout_visibility | visibility); "visibility")
  | need(.tests | type == "array"; "tests") | (.tests[] |= gradescope_test)
  | need(([.tests[].number] | unique | length) == (.tests | length); "numbers differ");

# Both lines, slurped.
def autolab:
  need(length == 2; "two lines")
  | need(.[0]._presentation == "semantic"; "_presentation")
  | need(.[0] as $p | $p.stages | all($p[.] | type == "object"); "every stage is there")
  | need([.[0] as $p | $p.stages[] | $p[.][]] | all((.passed | type == "boolean") and (.hint // "" | text)); "tests")
  | need(.[1].scores | type == "object" and all(number); "scores")
  | need(.[1].scoreboard // [] | type == "array"; "scoreboard")
  | need(.[1] | (keys - ["scores", "scoreboard"]) == []; "last line");

def classroom50:
  keys_in(["schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release",
           "review", "datetime", "graded_at", "score", "max-score", "tests", "submitted_by"])
  | need(.schema == "classroom50/result/v1"; "schema")
  | need([.classroom, .assignment, .owner, .submission, .commit, .release, .review] | all(text and . != ""); "identity")
  | need(.assignment_type | one_of(["individual", "group", "team"]); "assignment_type")
  | need(.datetime | fromdate; "datetime")
  | need((.score | whole) and (."max-score" | whole); "whole scores")
  | need([.tests[] | (."test-name" | text) and (.passed | type == "boolean") and (.score | whole) and
          (."max-score" | whole) and .score <= ."max-score"] | all; "tests")
  | need(.score == ([.tests[].score] | add // 0) and ."max-score" == ([.tests[]."max-score"] | add // 0); "sums");

def interleave:
  need(.schema == "interleave/result/1"; "schema") | need(.exercises | type == "array"; "exercises");

(if $format == "gradescope" then gradescope
 elif $format == "autolab" then autolab
 elif $format == "classroom50" then classroom50
 elif $format == "json" then interleave
 else error("no such format") end) | true
