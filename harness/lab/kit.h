/* SPDX-License-Identifier: MIT */
/*
 * kit - where things are, and which exercises there are.
 *
 *     struct kit kit = KIT_EMPTY;
 *     if (kit_open(&kit, &err)) …
 *     for (size_t i = 0; i < kit.n_exercises; i++) …     // in course order
 *     kit_release(&kit);
 *
 * The kit is found from the program's own place (build/lab), so `lab` works from any directory.
 * LAB_ROOT overrides. Everything generated goes to <root>/build, or to LAB_BUILD.
 */
#ifndef LAB_KIT_H
#define LAB_KIT_H

#include "base/buf.h"
#include "lab/manifest.h"

#include <stddef.h>

#define KIT_VERSION "1.0"

struct kit {
    char *root;
    char *build;
    struct manifest *exercises;
    size_t n_exercises;
};

#define KIT_EMPTY ((struct kit){0})

int kit_open(struct kit *kit, struct buf *err);
void kit_release(struct kit *kit);

/* The exercise with this id; NULL with a sentence that offers the nearest names. Also accepts
 * "unit/id" and a trailing slash, which is what a shell completes. */
const struct manifest *kit_find(const struct kit *kit, const char *name, struct buf *err);

/* "<root>/<top>/<unit>/<id>/<file>"; the caller frees. `file` NULL: the directory. */
char *kit_path(const struct kit *kit, const char *top, const struct manifest *m, const char *file);

#endif
