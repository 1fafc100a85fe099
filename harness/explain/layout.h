/* SPDX-License-Identifier: MIT */
/*
 * layout - which rows of a story are shown, and which threads get a column. Both writers and the
 * stepping terminal look through the same selection.
 *
 *     struct layout l = LAYOUT_EMPTY;
 *     layout_make(&l, story, 60);
 *     for (size_t i = 0; i < l.n_items; i++) …
 *     layout_release(&l);
 */
#ifndef EXPLAIN_LAYOUT_H
#define EXPLAIN_LAYOUT_H

#include "explain/story.h"

struct item {
    size_t row;    /* index in story->rows */
    size_t folded; /* > 0: so many steps, from `row` on, are left out here … */
    size_t span;   /* … which are so many rows, with those that are never shown */
};

struct layout {
    struct item *items;
    size_t n_items;
    int columns[TRACE_TASKS]; /* tasks */
    size_t n_columns;
    bool main_hidden; /* it only creates the others and waits for them */
};

#define LAYOUT_EMPTY ((struct layout){0})

/* `most`: rows at most, by folding what is far from the steps that the sentence speaks of; 0: all.
 */
void layout_make(struct layout *l, const struct story *s, size_t most);
void layout_release(struct layout *l);

/* Takes rows out of `l`, which has no folds, until at most `most` are left: whole folds of `folds`
 * at a time, so that each fold has either all of its rows in `l` or none. */
void layout_limit(struct layout *l, const struct layout *folds, size_t most);

/* The column of a task; -1: it has none. */
int layout_column(const struct layout *l, int task);

#endif
