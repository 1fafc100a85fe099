/* SPDX-License-Identifier: MIT */
/*
 * entries - the submissions in a directory: each folder and each file that is not hidden is one.
 *
 * A submission's name is its entry's, without an archive's ending; when two entries would share a
 * name (alice/ and alice.zip), both keep theirs in full.
 */
#ifndef LAB_ENTRIES_H
#define LAB_ENTRIES_H

#include "base/buf.h"

#include <stddef.h>

struct entry {
    char *file; /* name in the directory */
    char *name; /* of the submission */
};

struct entries {
    struct entry *items; /* sorted by name */
    size_t count;
};

#define ENTRIES_EMPTY ((struct entries){0})

/* `only`: a shell pattern that names must match; NULL: all. */
int entries_read(const char *directory, const char *only, struct entries *ret, struct buf *err);
void entries_release(struct entries *e);

#endif
