/* SPDX-License-Identifier: MIT */
/*
 * progress - how far a class is: one live line on a terminal, else a line each ten seconds, on
 * standard error.
 */
#ifndef LAB_PROGRESS_H
#define LAB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
    size_t total;
    size_t done;
    bool terminal;
    long long began_ms;
    long long shown_ms;
};

void progress_begin(struct progress *p, size_t total, bool terminal);
void progress_step(struct progress *p);

/* `who`: the names that are being graded. Prints when it is time to. */
void progress_show(struct progress *p, const char *who);
void progress_end(struct progress *p);

#endif
