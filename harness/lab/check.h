/* SPDX-License-Identifier: MIT */
/*
 * check - from a submission to its result: every row of every rubric, over all cores.
 *
 *     struct check_spec spec = {.kit = &kit, .sources = paths, …};
 *     json_t *result = check_run(&spec, &err);       // schema interleave/result/1
 *
 * Sessions (an exercise under a tool) run in processes of their own, as many at once as there are
 * jobs: first everything under plain, so that the first words come soon, then the long ones. A row
 * whose `needs` did not pass is NOT_RUN. A file that does not compile, or of which every plain
 * check said NOT_IMPLEMENTED, decides its other rows too.
 *
 * One at a time in a process: it is the subreaper of what its sessions start, and while it runs,
 * SIGINT and SIGTERM end the sessions and make check_run() return what is known so far.
 */
#ifndef LAB_CHECK_H
#define LAB_CHECK_H

#include "box/box.h"
#include "lab/kit.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>

/* One exercise to grade. */
struct check_item {
    const struct manifest *exercise;
    const char *source;  /* the student's file; NULL: there is none */
    const char *missing; /* with no source: the sentence for its rows */
    const char *tool;    /* only this tool; NULL: all */
    const char *test;    /* only this test; NULL: all */
    const char *without; /* leave the checks under this tool out; NULL: none */
    const char *as;      /* run plain's checks under this tool instead (coverage); NULL: no */
    const char *keep;    /* with `as`: build here, uncached, and leave everything; NULL: no */
    uint64_t seed; /* of its sessions, and of those whose rows are taken from the cache; 0: the
                      spec's, and any */
};

struct check_spec {
    const struct kit *kit;
    const char *submission; /* name for the result file */
    const struct check_item *items;
    size_t n_items;
    const char *sandbox; /* for the result: "full", "reduced", "none" */
    enum box_level level;
    unsigned jobs;
    const atomic_uint *share; /* as many at once as it says by now, instead of `jobs`: memory that
                                 another process changes; may be NULL */
    uint64_t seed;
    bool fresh;
    /* Called for each row when it is known; may be NULL. */
    void (*on_row)(void *arg, const json_t *exercise, const json_t *row);
    void *arg;
};

/* NULL only when nothing could be begun. `*ret_interrupted` tells that a signal ended it early. */
json_t *check_run(const struct check_spec *spec, bool *ret_interrupted, struct buf *err);

/* 0 every check passed, 1 some verdict is not PASS, 3 incomplete. */
int check_exit_status(const json_t *result);

#endif
