/* SPDX-License-Identifier: MIT */
/*
 * class - what a whole class of results adds up to.
 *
 *     struct report_class *c = report_class_new();
 *     for each result file:  report_class_add(c, result, &err);   // the json may be freed at once
 *     report_class_csv(c, &out, &err);          // grades.csv
 *     report_class_summary(c, &out, &err);      // summary.json
 *     report_class_html(c, &options, &out, &err); // index.html
 *     report_class_free(c);
 *
 * Only what the three outputs need is kept, about 200 bytes and a byte or two per check for each
 * submission, so that 10,000 submissions stay far below the memory of one compiler. Order of adding
 * does not matter: the outputs are sorted by submission.
 *
 * A student's own page is the `html` writer's output; index.html links to it by
 * report_page_name(). Not shared between threads.
 */
#ifndef REPORT_CLASS_H
#define REPORT_CLASS_H

#include "base/buf.h"

#include <jansson.h>

struct report_class;

struct report_class_options {
    const char *title; /* heading of the dashboard; NULL: "Class" */
    const char *pages; /* folder of the students' pages beside index.html, e.g. "students"; NULL:
                          there are none, names are not links */
    const char *now;   /* when it was graded, as text; may be NULL */
};

struct report_class *report_class_new(void);
void report_class_free(struct report_class *c);

/* Takes one result in. -1 when it is not a result; the class is unchanged then. A submission that
 * is added twice replaces the earlier one. */
int report_class_add(struct report_class *c, const json_t *result, struct buf *err);

/* grades.csv: submission, score, max_score, complete, one column per exercise, then per check the
 * verdict. An incomplete submission has an empty score, never a zero. */
int report_class_csv(const struct report_class *c, struct buf *out, struct buf *err);

/* summary.json, schema `interleave/class/1`. */
int report_class_summary(const struct report_class *c, struct buf *out, struct buf *err);

/* index.html: one self-contained page. */
int report_class_html(const struct report_class *c, const struct report_class_options *options,
    struct buf *out, struct buf *err);

/* A file name (without folder) for a submission's page: unique for each id, only [A-Za-z0-9._-],
 * at most 120 bytes, ends with `suffix` (".html"). */
void report_page_name(const char *submission, const char *suffix, struct buf *out);

#endif
