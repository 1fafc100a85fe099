/* SPDX-License-Identifier: MIT */
/*
 * gradebook_sheet - finds its way about an exported sheet: which column holds the grade, which ones
 * the ids, where the students begin, how many points there are at most.
 */
#ifndef REPORT_GRADEBOOK_SHEET_H
#define REPORT_GRADEBOOK_SHEET_H

#include "report/csv.h"
#include "report/gradebook.h"
#include "report/gradebook_match.h"

/* A sheet as both gradebooks have it, once its columns are found. `owner` and `shared` are for who
 * fills it. */
struct sheet {
    struct csv csv;
    struct match match;
    match_carried *carried;
    size_t first;          /* row of the first student */
    size_t column;         /* of the grade */
    long name, max_column; /* -1: none */
    double max_score;      /* for all rows, where there is no column; negative: not known */
    size_t ids[3], n_ids;  /* the first one names the row in lists */
    const json_t **owner;  /* by row: its submission */
    bool *shared;          /* by row: several submissions claim it */
};

/* Reads the headings of s->csv and the ids of its rows. */
int sheet_canvas(struct sheet *s, const struct gradebook_options *options, struct buf *err);
int sheet_moodle(struct sheet *s, const struct gradebook_options *options, struct buf *err);

/* "9.5" or "9,5", spaces around it aside; -1 when it is no such number. */
double sheet_number(const char *text);

#endif
