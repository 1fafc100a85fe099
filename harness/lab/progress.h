/* SPDX-License-Identifier: MIT */
/*
 * progress - how far a class is: one live line on a terminal, else a line each ten seconds, on
 * standard error.
 *
 *     12 of 300, 4.1 a minute, 70 min left: Jörg Müller, Zoë
 *
 * Rate and time are those of the submissions that were graded; what was skipped because it had not
 * changed cost next to nothing, and says nothing about the rest.
 */
#ifndef LAB_PROGRESS_H
#define LAB_PROGRESS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct progress {
    size_t total;
    size_t done;    /* graded */
    size_t skipped; /* unchanged */
    bool terminal;
    long long began_ms;
    long long shown_ms;
};

void progress_begin(struct progress *p, size_t total, bool terminal);

/* `who`: the names that are being graded. Prints when it is time to. */
void progress_show(struct progress *p, const char *who);

/* Takes the live line away. */
void progress_end(struct progress *p);

/* The line after `elapsed_ms`, at most `columns` wide. */
void progress_line(const struct progress *p, long long elapsed_ms, const char *who, size_t columns,
    struct buf *ret);

#endif
