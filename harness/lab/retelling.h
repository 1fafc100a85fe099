/* SPDX-License-Identifier: MIT */
/*
 * retelling - the interleaving of a check that failed under `explore`, for its row in the result:
 * the same columns and the same sentence that `lab replay` would show.
 */
#ifndef LAB_RETELLING_H
#define LAB_RETELLING_H

#include "lab/run.h"

#include <jansson.h>

/* Puts it in front of the row's findings. `source` is the student's file. A row that has no
 * schedule stays as it is, and so does one whose interleaving cannot be told: it is an explanation,
 * and not the verdict. */
void retell_row(struct runner *r, const char *source, json_t *row);

#endif
