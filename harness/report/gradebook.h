/* SPDX-License-Identifier: MIT */
/*
 * gradebook - fills in the sheet that an instructor exported from Canvas or Moodle.
 *
 *     struct gradebook_report r = GRADEBOOK_REPORT_EMPTY;
 *     if (gradebook_canvas(sheet, grades, &options, &out, &r, &err) < 0) …   // nothing was written
 *     …print the lists in r…
 *     gradebook_report_release(&r);
 *
 * Rows are matched by id, never by name: a submission's id must equal an id column of exactly one
 * row, or carry it in the place where the gradebook's own download puts it
 * (Canvas "doejane_[LATE_]<ID>_<file id>_…", Moodle "Jane Doe_<Identifier>_assignsubmission_file").
 * Whatever is not certain is left as it was and listed. Every other cell, the delimiter, the
 * byte-order mark and the line ends stay as they were exported.
 *
 * `grades` is an array of objects { "submission", "score", "max_score", "complete" }: results as
 * they are, or the "submissions" of summary.json. An incomplete one is never written.
 */
#ifndef REPORT_GRADEBOOK_H
#define REPORT_GRADEBOOK_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct gradebook_options {
    const char *column;    /* heading of the grade's column; NULL: Canvas: the only assignment,
                              Moodle: "Grade" */
    const char *id_column; /* Moodle: heading of the identifiers; NULL: "Identifier" */
    bool scale;            /* where the sheet's maximum differs: scale, instead of refusing */
};

struct gradebook_report {
    size_t filled;         /* cells written */
    size_t unchanged;      /* … of them that had that value already */
    json_t *not_in_sheet;  /* submissions without a row */
    json_t *not_submitted; /* rows without a submission, by their id and name */
    json_t *ungraded;      /* submissions that are not complete: their cells were left alone */
    json_t *ambiguous;     /* sentences: ids that fit more than one row or submission */
    json_t *excused;       /* rows that say EX and keep it */
};

#define GRADEBOOK_REPORT_EMPTY ((struct gradebook_report){0})

int gradebook_canvas(const char *sheet, size_t length, const json_t *grades,
    const struct gradebook_options *options, struct buf *out, struct gradebook_report *ret,
    struct buf *err);

int gradebook_moodle(const char *sheet, size_t length, const json_t *grades,
    const struct gradebook_options *options, struct buf *out, struct gradebook_report *ret,
    struct buf *err);

void gradebook_report_release(struct gradebook_report *r);

/* The lists as text for the instructor. */
void gradebook_report_text(const struct gradebook_report *r, struct buf *out);

#endif
