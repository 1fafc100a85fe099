/* SPDX-License-Identifier: MIT */
/*
 * class - every submission in a directory: parallel, resumable, one result file each.
 *
 *     struct class_spec spec = {.grading = …, .directory = "submissions", .out = "results", …};
 *     int status = class_run(&spec, &summary, &err);
 *
 * OUT gets
 *     results/<name>.json     one result a submission, written (temporary, fsync, rename) the moment
 *                             that it is known; it carries a fingerprint of the submission, the kit
 *                             and the configuration
 *     students/<name>.html    the student's page
 *     files/<name>/           what was graded: the student's files as in labs/ (for `lab similar`)
 *     grades.csv, summary.json, index.html   made anew from results/ at the end
 *     lock                    held while a class is graded; a second `lab class` says so and stops
 *
 * A submission whose result has the same fingerprint and is complete is not graded again. Each one is
 * graded in a process of its own, so whatever it does costs one row.
 */
#ifndef LAB_CLASS_H
#define LAB_CLASS_H

#include "base/buf.h"
#include "lab/grading.h"

#include <stdbool.h>
#include <stddef.h>

struct class_spec {
    struct grading_spec grading; /* jobs: 1; seed: drawn per submission unless LAB_SEED is set */
    const char *directory;
    const char *out;
    const char *only; /* a shell pattern on the names; NULL: all */
    const char *title;
    unsigned jobs;
    bool regrade;
    bool terminal; /* a live line instead of one line each ten seconds */
    size_t slice;  /* this part of `slices` (from 0); slices 0: everything */
    size_t slices;
    bool collect;  /* only make the outputs from the results that are there */
};

struct class_summary {
    size_t total;
    size_t graded;    /* now */
    size_t unchanged; /* taken as they were */
    size_t incomplete;
    bool interrupted;
};

int class_run(const struct class_spec *spec, struct class_summary *ret, struct buf *err);

#endif
