/* SPDX-License-Identifier: MIT */
/*
 * gradebook_match - which row of a sheet belongs to which submission, by id and never by guess.
 *
 *     struct match m = MATCH_EMPTY;
 *     match_id(&m, "4711", row);              // for every id of every row
 *     match_number(&m, "4711", row);          // the id that the gradebook's download carries
 *     long row = match_find(&m, submission, match_canvas_number);
 *     match_release(&m);
 */
#ifndef REPORT_GRADEBOOK_MATCH_H
#define REPORT_GRADEBOOK_MATCH_H

#include "base/buf.h"
#include "report/names.h"

#include <stdbool.h>

enum { MATCH_NONE = -1, MATCH_AMBIGUOUS = -2 };

struct match_index {
    struct names names;
    long *rows; /* of each name, or MATCH_AMBIGUOUS */
};

struct match {
    struct match_index ids, numbers;
};

#define MATCH_EMPTY ((struct match){0})

void match_id(struct match *m, const char *id, long row);
void match_number(struct match *m, const char *number, long row);

/* Adds the id that a name carries; false when there is none for certain. */
typedef bool match_carried(const char *submission, struct buf *out);

match_carried match_canvas_number; /* "doejane_[LATE_]<ID>_<file id>_…" */
match_carried match_moodle_number; /* "Jane Doe_<Identifier>_assignsubmission_…" */

/* The row, MATCH_NONE or MATCH_AMBIGUOUS. An id that is the whole name wins. */
long match_find(const struct match *m, const char *submission, match_carried *carried);

void match_release(struct match *m);

#endif
