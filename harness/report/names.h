/* SPDX-License-Identifier: MIT */
/*
 * names - a list of different texts, each with the number that it got when it was first seen.
 *
 *     struct names n = NAMES_EMPTY;
 *     size_t i = names_add(&n, "counter_mutex");   // the same number for the same text
 *     puts(n.texts[i]);
 *     names_release(&n);
 */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names {
    char **texts;
    size_t count;
    uint32_t *slots; /* number + 1, or 0; a power of two of them, at most half full */
    size_t n_slots;
};

#define NAMES_EMPTY ((struct names){0})
#define NAMES_NONE  ((size_t)-1)

/* The number of the text, which is added when it is new. Numbers count from 0. */
size_t names_add(struct names *n, const char *text);

/* The number of the text, or NAMES_NONE. */
size_t names_find(const struct names *n, const char *text);

void names_release(struct names *n);

#endif
