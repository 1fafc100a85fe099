/* SPDX-License-Identifier: MIT */
/*
 * source - lines of the student's file, for excerpts.
 *
 *     struct source s = SOURCE_EMPTY;
 *     if (source_open(&s, ctx->files, &exercise, "counter_mutex.c"))
 *         source_line(&s, 12, &out);
 *     source_release(&s);
 *
 * The file is looked for as <unit>/<exercise>/<file>, <exercise>/<file> and <file> under the
 * directory, never through a link and never above it: a submission may have planted either. What is
 * missing, not a regular file, or larger than 1 MiB gives no excerpt, and that is all it gives.
 */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include "base/buf.h"
#include "report/view.h"

#include <stdbool.h>
#include <stddef.h>

struct source {
    struct buf text;
    size_t *starts; /* of each line; owned */
    size_t n_lines;
};

#define SOURCE_EMPTY ((struct source){0})

/* Opens the file. False, and an empty source, when there is none to show. */
bool source_open(
    struct source *s, const char *files, const struct view_exercise *e, const char *file);

/* Adds line `number` (from 1), made visible, without its newline. */
void source_line(const struct source *s, size_t number, struct buf *out);

void source_release(struct source *s);

/*
 * The lines around some places of one file: up to SOURCE_PLACES lines are marked, two lines are
 * shown around each, stretches that touch are one.
 */
enum { SOURCE_PLACES = 6, SOURCE_AROUND = 2 };

struct source_places {
    size_t lines[SOURCE_PLACES];
    size_t count;
};

/* The places that a check's findings name in `file`. */
void source_places(const struct view_check *c, const char *file, struct source_places *ret);

/* Calls `line` for each line to be shown, in order; `gap` is true before a stretch that does not
 * follow on the one before. Returns how many lines there were. */
size_t source_excerpt(const struct source *s, const struct source_places *places,
    void (*line)(void *data, size_t number, const char *text, bool marked, bool gap), void *data);

#endif
