/* SPDX-License-Identifier: MIT */
/*
 * class - every submission in a directory: parallel, resumable, one result file each.
 *
 *     struct class_spec spec = {.grading = …, .directory = "submissions", .out = "results", …};
 *     struct class_summary summary;
 *     int status = class_run(&spec, &summary, &err);
 *     class_summary_release(&summary);
 *
 * OUT gets
 *     results/<name>.json     one result a submission, written (temporary, fsync, rename) the
 * moment that it is known; it carries a fingerprint of the submission, the kit and the
 * configuration students/<name>.html    the student's page files/<name>/           what was graded:
 * the student's files as in labs/ (for `lab similar`) grades.csv, summary.json, index.html   made
 * anew at the end from the results of all submissions in the directory, also of those that `only`
 * leaves alone lock                    see class_out.h
 *
 * A submission whose result has the same fingerprint and is complete is not graded again. Each one
 * is graded in a process of its own, so whatever it does costs one row. Equal files get equal
 * inputs: the seed of a session comes from the student's file and the kit (or is LAB_SEED), so a
 * class that was interrupted, resumed or spread over machines ends with the results that it would
 * have had anyway.
 */
#ifndef LAB_CLASS_H
#define LAB_CLASS_H

#include "base/buf.h"
#include "lab/class_out.h"
#include "lab/entries.h"
#include "lab/grading.h"
#include "lab/progress.h"

#include <stdbool.h>
#include <stddef.h>

enum { CLASS_JOBS_MOST = 64 };

struct class_summary {
    size_t total;      /* chosen submissions */
    size_t graded;     /* now */
    size_t unchanged;  /* taken as they were */
    size_t missing;    /* chosen, and without a result yet */
    size_t incomplete; /* of all results: not (completely) graded */
    size_t empty; /* of all results: nothing was found in the submission that could be graded */
    bool interrupted;
    struct buf
        ungraded; /* the first of the incomplete ones, with their reasons, as lines to print */
    struct buf nothing; /* the first of the empty ones */
};

struct class_spec {
    struct grading_spec grading; /* its jobs are 1: see `jobs` */
    const char *directory;
    const char *out;
    const char *only; /* a shell pattern on the names; NULL: all */
    const char *title;
    unsigned jobs; /* submissions at once; the last ones share these places among their sessions */
    bool regrade;
    bool terminal; /* a live line instead of one line each ten seconds */
    size_t slice;  /* this part of `slices` (from 0); slices 0: everything */
    size_t slices;
    const char *tell; /* a file that gets a letter for each submission as it is done; may be NULL */

    /* Who grades instead of workers on this machine (slurm.h); may be NULL. It fills in `graded`
     * and `unchanged`, keeps the progress, and returns early when class_interrupted(). */
    int (*elsewhere)(void *arg, const struct entries *entries, struct class_summary *summary,
        struct progress *progress, struct buf *err);
    void *arg;
};

/* -1: this machine could not go on, and the sentence says why; results that are there are kept. */
int class_run(const struct class_spec *spec, struct class_summary *ret, struct buf *err);
void class_summary_release(struct class_summary *s);

/* A signal (SIGINT, SIGTERM) has asked the class that runs to stop. */
bool class_interrupted(void);

#endif
