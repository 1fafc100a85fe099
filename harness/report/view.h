/* SPDX-License-Identifier: MIT */
/*
 * view - a result file, read without surprises.
 *
 * A view points into the JSON that it was made from and lives as long. Texts are never NULL, what
 * is absent or of the wrong type is "", 0 or an empty array. Nothing is cleaned: see show.h.
 */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "base/buf.h"
#include "base/verdict.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct view_check {
    const char *id;   /* "counter_mutex/no_update_is_lost" */
    const char *test; /* what follows the slash */
    const char *tool, *title, *message, *needs, *repeat;
    enum verdict verdict; /* one that we do not know is a HARNESS_ERROR */
    double score, max_score, duration_ms;
    long assertions;
    const json_t *outcomes; /* an array, or NULL */
    const json_t *json;
};

struct view_exercise {
    const char *id, *title, *unit, *file;
    double score, max_score, minutes;
    const json_t *checks;
    size_t n_checks;
    size_t count[VERDICT_COUNT]; /* checks by verdict */
};

struct view_result {
    const char *submission, *kit, *sandbox, *error;
    bool complete;
    double score, max_score, duration_ms;
    const json_t *exercises, *messages;
    size_t n_exercises, n_checks;
    size_t count[VERDICT_COUNT];
};

const char *view_text(const json_t *object, const char *key);
double view_number(const json_t *object, const char *key);

struct view_result view_result(const json_t *result);
struct view_exercise view_exercise(const json_t *exercise);
struct view_check view_check(const json_t *check);

/* Row i; a zeroed view with "" texts beyond the end. */
struct view_exercise view_exercise_at(const struct view_result *r, size_t i);
struct view_check view_check_at(const struct view_exercise *e, size_t i);

/* The exercise's edited file: what the manifest says, or "<id>.c". */
void view_file(const struct view_exercise *e, struct buf *out);

/* Where a file of this exercise stands for a reader of annotations: prefix/unit/exercise/file, with
 * what is not known left out and never "..". Made visible, in one line. */
void view_path(
    const char *prefix, const struct view_exercise *e, const char *file, struct buf *out);

/* Visible text as a JSON string: as it is, and in one line. New references. */
json_t *view_clean(const char *text);
json_t *view_clean_line(const char *text);

/* "no_update_is_lost@explore", as manifests and commands name a check. */
void view_check_name(const struct view_check *c, struct buf *out);

/* Note i of a check, "" when it is no text; NULL beyond the last. One text alone is a list of one.
 */
const char *view_note(const struct view_check *c, size_t i);

/* All findings of a check, its own first, then those of its outcomes, each once. A new array. */
json_t *view_findings(const struct view_check *c);

/* The first place in the student's file that a finding names: its line, or 0; *ret_file is a base
 * name that lives as long as the result. */
long view_place(const struct view_check *c, const char **ret_file);

/* Whether an outcome is one that broke the check: it says "failed", or has a verdict but PASS. */
bool view_failed(const json_t *outcome);

/* Executions that the outcomes shown are of. */
double view_interleavings(const struct view_check *c);

/* Whether several outcomes have this fact, all of them with this value, or all have this sentence:
 * then it tells nothing apart. */
bool view_fact_is_common(const json_t *outcomes, const char *key, const json_t *fact);
bool view_text_is_common(const json_t *outcomes, const char *text);

/* A schedule that shows the failure, or "": the check's own "schedule", or that of an outcome that
 * says "failed" or has a verdict other than PASS, or the only one that there is. */
const char *view_schedule(const struct view_check *c);

#endif
