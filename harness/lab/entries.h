/* SPDX-License-Identifier: MIT */
/*
 * entries - the submissions in a directory: each folder and each file is one, except what is hidden
 * and what systems put into folders by themselves (Thumbs.db).
 *
 * A submission's name is its entry's, without an archive's ending and fit to be shown
 * (base/clean.h); when two entries would share a name (alice/ and alice.zip), both keep theirs in
 * full. So the name of an entry hangs on the whole directory, and never on the pattern.
 */
#ifndef LAB_ENTRIES_H
#define LAB_ENTRIES_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct entry {
    char *file; /* name in the directory */
    char *name; /* of the submission: unique */
    bool chosen;
};

struct entries {
    struct entry *items; /* sorted by name */
    size_t count;
    size_t chosen; /* how many of them */
};

#define ENTRIES_EMPTY ((struct entries){0})

/* `only`: a shell pattern that the names or files of the chosen ones match; NULL: all. `except`: a
 * path that is no submission even when it lies there (the results'); may be NULL. */
int entries_read(const char *directory, const char *only, const char *except, struct entries *ret,
    struct buf *err);

/* Leaves only every `slices`-th chosen, from `slice`. */
void entries_keep_slice(struct entries *e, size_t slice, size_t slices);

void entries_release(struct entries *e);

#endif
