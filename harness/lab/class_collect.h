/* SPDX-License-Identifier: MIT */
/*
 * class_collect - grades.csv, summary.json and index.html from the result files that are there.
 *
 * Results are read one at a time; what stays in memory is a row of a table for each.
 */
#ifndef LAB_CLASS_COLLECT_H
#define LAB_CLASS_COLLECT_H

#include "lab/class.h"

enum { COLLECT_SHOWN = 12 }; /* submissions in summary->ungraded, and in summary->nothing */

int class_collect(const struct class_out *out, const struct entries *entries, const char *title,
    struct class_summary *summary, struct buf *err);

#endif
