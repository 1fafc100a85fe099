/* SPDX-License-Identifier: MIT */
#include "report/names.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a. A student who makes collisions only makes his own instructor wait a little. */
static uint32_t hash(const char *text)
{
    uint32_t h = 2166136261u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

/* Where the text is, or the free slot where it would be. */
static size_t slot_of(const struct names *n, const char *text)
{
    size_t mask = n->n_slots - 1, at = hash(text) & mask;

    while (n->slots[at] && strcmp(n->texts[n->slots[at] - 1], text) != 0)
        at = (at + 1) & mask;
    return at;
}

static void grow(struct names *n)
{
    n->n_slots = n->n_slots ? 2 * n->n_slots : 64;
    free(n->slots);
    n->slots = xcalloc(n->n_slots, sizeof *n->slots);
    n->texts = xrealloc(n->texts, n->n_slots / 2 * sizeof *n->texts);
    for (size_t i = 0; i < n->count; i++)
        n->slots[slot_of(n, n->texts[i])] = (uint32_t)i + 1;
}

size_t names_find(const struct names *n, const char *text)
{
    size_t at = n->n_slots ? slot_of(n, text) : 0;

    return n->n_slots && n->slots[at] ? n->slots[at] - 1 : NAMES_NONE;
}

size_t names_add(struct names *n, const char *text)
{
    size_t found = names_find(n, text);

    if (found != NAMES_NONE)
        return found;
    if (2 * (n->count + 1) > n->n_slots)
        grow(n);
    n->texts[n->count] = xstrdup(text);
    n->slots[slot_of(n, text)] = (uint32_t)n->count + 1;
    return n->count++;
}

void names_release(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->texts[i]);
    free(n->texts);
    free(n->slots);
    *n = NAMES_EMPTY;
}
