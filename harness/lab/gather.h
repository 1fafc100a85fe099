/* SPDX-License-Identifier: MIT */
/*
 * gather - results that were made elsewhere (CI, another machine), as the outputs of a class.
 *
 *     status = gather(files, count, "results", &err);
 *
 * Writes grades.csv, summary.json, index.html and a page for each submission under students/, as
 * `lab class` does. Excerpts are not there: only the results are at hand, not the files.
 */
#ifndef LAB_GATHER_H
#define LAB_GATHER_H

#include "base/buf.h"

#include <stddef.h>

/* Each of `files` holds one result. A file that does not is named on standard error and left out.
 * Returns how many were left out, or -1 when the outputs cannot be written. */
int gather(char *const *files, size_t count, const char *out, struct buf *err);

#endif
