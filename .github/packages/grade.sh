#!/bin/sh
# SPDX-License-Identifier: MIT
# grade - what CI does with a submission, in one place that also runs on a desk.
#
#     grade.sh KIT SUBMISSION [OUT]
#
# SUBMISSION is the student's repository or folder; of it only the files that students edit are taken,
# everything else is the kit's own, whatever the student changed. It is graded once; what OUT ("out") gets
# are views of that one result: result.json, junit.xml, results.sarif, report.html. Annotations go to the log,
# the summary to $GITHUB_STEP_SUMMARY, the score to $GITHUB_OUTPUT, and Classroom 50's result.json to the
# current directory.
#
# Environment, all optional: EXERCISES "a,b", BOX the least sandbox level, and what Classroom 50's runner
# says (CLASSROOM, ASSIGNMENT, OWNER, SUBMISSION_TAG, COMMIT_URL, …); without it GitHub's own words stand in.
# The status is 0 whenever a grade was given, 3 when something could not be graded.
set -u
kit=$1
submission=$2
out=${3:-out}
lab=$kit/build/lab
mkdir -p "$out" || exit 3
rm -f result.json # in Classroom 50 this is the student's checkout: one that was handed in is no result

sh "$kit/harness/install.sh" || exit 3
make -C "$kit" -s -j"$(nproc)" all || exit 3
# Ubuntu 24.04 keeps namespaces from programs without an AppArmor profile, and the sandbox needs them.
if [ "${GITHUB_ACTIONS:-}" = true ] && [ -e /proc/sys/kernel/apparmor_restrict_unprivileged_userns ]; then
    sudo sysctl -q kernel.apparmor_restrict_unprivileged_userns=0 || true
fi

# A repository that was made from the kit has solutions and tests beside labs/.
files=$submission
[ -d "$submission/labs" ] && files=$submission/labs
"$lab" grade "$files" --format json --out "$out/result.json" ${EXERCISES:+--exercises "$EXERCISES"} ${BOX:+--box "$BOX"}
status=$?
[ -s "$out/result.json" ] || exit 3

view() { # format, file
    "$lab" report "$out/result.json" --files "$files" --format "$1" --out "$2"
}
view junit "$out/junit.xml"
view sarif "$out/results.sarif"
view html "$out/report.html"
view github -

url=${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_REPOSITORY:-local/submission}
CLASSROOM=${CLASSROOM:-${GITHUB_REPOSITORY_OWNER:-local}} \
    ASSIGNMENT=${ASSIGNMENT:-$(basename "$url")} \
    OWNER=${OWNER:-${USERNAME:-${GITHUB_ACTOR:-$(id -un)}}} \
    SUBMISSION_TAG=${SUBMISSION_TAG:-${GITHUB_REF_NAME:-main}} \
    COMMIT_URL=${COMMIT_URL:-$url/commit/${GITHUB_SHA:-HEAD}} \
    RELEASE_URL=${RELEASE_URL:-$url/releases} \
    SOURCE_DATE_EPOCH=$(git -C "$submission" log -1 --format=%ct 2>/dev/null || date +%s) \
    "$lab" report "$out/result.json" --format classroom50 --out result.json

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    jq -r '"score=\(.score)\nmax_score=\(.max_score)\ncomplete=\(.complete)"' "$out/result.json" >>"$GITHUB_OUTPUT"
fi
[ "$status" -le 1 ] && exit 0
exit "$status"
