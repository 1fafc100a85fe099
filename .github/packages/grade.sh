#!/bin/sh
# SPDX-License-Identifier: MIT
# grade - what CI does with a submission, in one place that also runs on a desk.
#
#     grade.sh KIT SUBMISSION          writes out/{result.json,junit.xml,report.html,classroom50.json}
#
# Environment, all optional: EXERCISES "a,b", BOX the least sandbox level, CLASSROOM ASSIGNMENT OWNER
# COMMIT for Classroom 50's result.json, GITHUB_OUTPUT and GITHUB_STEP_SUMMARY as a runner sets them.
# The status is 0 whenever a grade was given, 3 when something could not be graded.
set -u
kit=$1
submission=$2
out=${OUT:-out}
mkdir -p "$out"
sh "$kit/harness/install.sh" || exit 3
make -C "$kit" -s -j"$(nproc)" all || exit 3

grade() { # format, file
    "$kit/build/lab" grade "$submission" --format "$1" --out "$2" \
        ${EXERCISES:+--exercises "$EXERCISES"} ${BOX:+--box "$BOX"}
}
# The sandbox that a GitHub-hosted runner lacks at first: Ubuntu 24.04 keeps namespaces from programs
# without an AppArmor profile.
if [ "${GITHUB_ACTIONS:-}" = true ] && [ -e /proc/sys/kernel/apparmor_restrict_unprivileged_userns ]; then
    sudo sysctl -q kernel.apparmor_restrict_unprivileged_userns=0 || true
fi

grade json "$out/result.json"
status=$?
[ -s "$out/result.json" ] || exit 3
# From here on everything comes from the cache: the same rows, shown in other ways.
grade junit "$out/junit.xml"
grade html "$out/report.html"
grade github -
grade classroom50 "$out/classroom50.json"
if [ -n "${CLASSROOM:-}" ] && [ -s "$out/classroom50.json" ]; then
    jq --arg c "$CLASSROOM" --arg a "${ASSIGNMENT:-}" --arg o "${OWNER:-}" --arg s "${COMMIT:-}" \
        '.classroom = $c | .assignment = $a | .owner = $o | .commit = $s | .submission = $s' \
        "$out/classroom50.json" >"$out/.c50" && mv "$out/.c50" "$out/classroom50.json"
fi
cp "$out/classroom50.json" result.json 2>/dev/null
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    echo "score=$(jq -r '.score' "$out/result.json")" >>"$GITHUB_OUTPUT"
fi
[ "$status" -le 1 ] && exit 0
exit "$status"
