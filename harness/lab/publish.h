/* SPDX-License-Identifier: MIT */
/*
 * publish - one result in one of the report's formats, put where the reader wants it.
 *
 *     const struct publish_spec spec = {.format = "junit", .out = "junit.xml", .files = directory};
 *     int status = publish(result, &spec);
 *
 * The environment says what only the caller's surroundings know: GITHUB_STEP_SUMMARY where a job's
 * summary goes, SOURCE_DATE_EPOCH what counts as now (for output that must be the same twice), and
 * the fields of Classroom 50's result.json under the names that its runner gives them.
 */
#ifndef LAB_PUBLISH_H
#define LAB_PUBLISH_H

#include <jansson.h>
#include <stdbool.h>

struct publish_spec {
    const char *format; /* one of report_writers[]; NULL: "text" */
    const char *out;    /* a file; NULL or "-": standard output */
    const char *files;  /* directory of the student's files, for excerpts; may be NULL */
    bool verbose;       /* text: nothing is folded */
};

/* Whether there is such a format; complains when there is not. Ask before the work is done. */
bool publish_can(const char *format);

/* Writes the result. Returns the exit status that it deserves, or STATUS_INCOMPLETE after
 * a complaint when it could not be written. */
int publish(const json_t *result, const struct publish_spec *spec);

#endif
