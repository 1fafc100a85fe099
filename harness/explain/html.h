/* SPDX-License-Identifier: MIT */
/*
 * html - the pieces of a story's page, shared by html.c, html_steps.c, html_source.c, html_ring.c,
 * html_data.c.
 *
 * The page is whole without its script: sentence, steps in columns, source. The script adds the
 * stepping: it goes from stop to stop, and at each one shows how things stand (state.h). A stop is
 * a step that has a row in the page; the last stop is the end.
 */
#ifndef EXPLAIN_HTML_H
#define EXPLAIN_HTML_H

#include "explain/layout.h"

#include <jansson.h>

struct html {
    const struct story *story;
    struct layout rows; /* without folds: what has a row */
    struct layout folds;
    size_t *stops; /* rows that are steps, by index in story->rows, in order */
    size_t n_stops;
};

/* Which rows the page has. html_release() takes what html_begin() has made. */
void html_begin(struct html *h, const struct story *s);
void html_release(struct html *h);

/* The list of steps with their heads. */
void html_steps(const struct html *h, struct buf *out);

/* "counter.c:8" or, in the student's own file, "8". */
void html_place(const struct story *s, const struct row *row, struct buf *out);

/* Each listed file that a step is in, as a figure. */
void html_source(const struct html *h, struct buf *out);

/* The circle of a deadlock as a picture; nothing when there is none. */
void html_ring(const struct html *h, struct buf *out);

/* What the script needs: threads, things, and for each stop what changes there. */
json_t *html_data(const struct html *h);

#endif
