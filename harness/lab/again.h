/* SPDX-License-Identifier: MIT */
/*
 * again - does the schedule that a row names show the same failure once more? In a fresh build and
 * a fresh process, as a person does it with `lab replay` on another day.
 */
#ifndef LAB_AGAIN_H
#define LAB_AGAIN_H

#include "lab/kit.h"

#include <jansson.h>

/* `row`: of a check under explore that did not pass, over the file `source`. 0 when its schedule
 * leads to the very outcome that the row tells of; else -1 with a sentence. */
int again_shows(const struct kit *kit, const struct manifest *exercise, const char *source,
    const json_t *row, struct buf *err);

#endif
