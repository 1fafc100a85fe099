/* SPDX-License-Identifier: MIT */
/*
 * class_worker - one submission of a class, graded in the calling process, which is forked for it.
 *
 * The process's exit status says what became of it; only when OUT cannot be written is there more
 * to say, and that sentence goes through the pipe `trouble`, whole or not at all.
 */
#ifndef LAB_CLASS_WORKER_H
#define LAB_CLASS_WORKER_H

#include "lab/class_out.h"
#include "lab/entries.h"
#include "lab/grading.h"

#include <stdatomic.h>

enum worker_end {
    WORKER_GRADED = 0,
    WORKER_UNCHANGED = 10,
    WORKER_STOPPED = 11, /* by a signal: nothing was written */
    WORKER_NO_OUT = 12,  /* OUT cannot be written: nobody else's result can be either */
};

struct worker_task {
    const struct grading_spec *grading;
    const struct class_out *out;
    const char *kit_fingerprint;
    int directory_fd;         /* of the submissions */
    const atomic_uint *share; /* see check.h */
    int trouble;
    bool regrade;
};

enum worker_end worker_run(const struct worker_task *t, const struct entry *e);

/* The row of a submission that could not be graded, and why. -1: OUT cannot be written. */
int worker_note_failure(
    const struct worker_task *t, const struct entry *e, const char *sentence, struct buf *err);

#endif
