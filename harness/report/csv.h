/* SPDX-License-Identifier: MIT */
/*
 * csv - sheets of comma-separated values (RFC 4180), read so that they can be given back with only
 * the changed cells changed.
 *
 *     struct csv s = CSV_EMPTY;
 *     if (csv_read(&s, bytes, length, &err) < 0) …
 *     csv_set(&s, row, column, "9.5");
 *     csv_write(&s, &out);
 *     csv_release(&s);
 *
 * Taken as it comes: a byte-order mark, comma, semicolon or tab between the cells (whichever the
 * first row has most of), any of the three line ends, and rows of different lengths. Not taken,
 * because guessing would change grades: an unclosed quote, text after a closing one, a NUL byte,
 * UTF-16.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct csv_cell {
    char *text;      /* without its quotes; owned */
    size_t from, to; /* the bytes of the sheet that it was read from */
    bool quoted, changed;
    bool added; /* beyond what its row had */
};

struct csv_row {
    struct csv_cell *cells;
    size_t count;
    size_t end; /* where the last cell ends: cells beyond it are written here */
};

struct csv {
    char *sheet; /* a copy */
    size_t length;
    char delimiter;
    struct csv_row *rows;
    size_t n_rows;
};

#define CSV_EMPTY ((struct csv){0})

int csv_read(struct csv *s, const char *sheet, size_t length, struct buf *err);

/* The text of a cell; "" beyond the end. */
const char *csv_text(const struct csv *s, size_t row, size_t column);

/* The column whose heading in `row` is this text, spaces around it aside; -1 when there is none, -2
 * when there are several. */
long csv_column(const struct csv *s, size_t row, const char *heading);

/* Changes a cell of an existing row; a row that is too short becomes longer. */
void csv_set(struct csv *s, size_t row, size_t column, const char *text);

void csv_write(const struct csv *s, struct buf *out);
void csv_release(struct csv *s);

/* One cell for a new sheet, quoted when it needs to be. The text is made visible, and what a
 * spreadsheet would take for a formula gets an apostrophe in front. */
void csv_cell(struct buf *out, const char *text);

#endif
