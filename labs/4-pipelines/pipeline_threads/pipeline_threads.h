/* SPDX-License-Identifier: MIT */
/*
 * pipeline_threads - three stages that work at the same time, each a thread of its own.
 *
 *     items ──> A ──queue──> B ──queue──> C ──> results
 *
 *     struct pipeline_stage stages[PIPELINE_STAGES] = {
 *         {.work = read_frame, .done = close_file, .context = &input}, …
 *     };
 *     struct pipeline_end end;
 *
 *     if (pipeline_run(stages, 4, items, 1000, results, &end) == 0 && end.failed_stage < 0)
 *         …results[0 … 999]…
 *
 * The caller owns all that it passes; nothing here is allocated for the caller to free. Several
 * threads may run pipelines of their own at the same time.
 */
#ifndef PIPELINE_THREADS_H
#define PIPELINE_THREADS_H

#include "interleave.h"

#include <stddef.h>

/* Stage 0 is A, 1 is B, 2 is C. */
enum { PIPELINE_STAGES = 3 };

struct pipeline_stage {
    /* Works on one item and leaves what becomes of it in `*ret_item`. Returns 0; or an error of its
     * own, greater than 0: then `*ret_item` means nothing and the stage has failed. It may take
     * long, and may wait for the work of another stage. */
    int (*work)(void *context, long item, long *ret_item);

    /* DONE has reached this stage: no item will follow. */
    void (*done)(void *context);

    /* Passed to both. Only this stage's thread touches what it points to. */
    void *context;
};

/* How a pipeline ended. */
struct pipeline_end {
    size_t results;   /* how many elements of `results` were written */
    int failed_stage; /* 0, 1 or 2; -1: none, DONE came out at the end */
    int error;        /* what that stage's work() returned; 0: none failed */
};

/*
 * Sends items[0 … count-1] through the three stages and returns when all is over.
 *
 * Items. What A makes of an item goes to B, what B makes of that to C, and what C makes of that
 * into `results`. Every stage works on every item once, and they never overtake each other: the
 * results stand in the order of the items. Every `long` is an item, at every stage; 0 and -1 too.
 *
 * Threads. Three new threads, one per stage, however many items there are: none of them needs to
 * wait for a stage's work to end except for want of an item or of room, and a thread that waits,
 * sleeps. The caller's thread waits for them. All three have ended and were joined on return.
 *
 * Queues. Each of the two holds up to `capacity` items that wait for the next stage. The items that
 * stages are working on, or hold because the queue is full, are not in a queue.
 *
 * DONE. After the last item, DONE goes the same way: a stage that it reaches calls its own done(),
 * once, in its own thread, and only then passes it on. So A's done() comes before B's, and B's
 * before C's. With no items at all, DONE alone goes through. DONE is not an item: work() never sees
 * it.
 *
 * Failure. When a stage fails on an item,
 *   - the items before it still come out at the end, and none after it does;
 *   - the stage that failed works on nothing more, and the stages before it start nothing more than
 *     what the full queues let them: they do not work through all that is left;
 *   - DONE, which says "that was all", reaches neither the stage that failed nor any after it;
 *   - `ret_end` says which stage it was and what work() returned. If several fail, one of them.
 *
 * Returns 0 and fills `*ret_end`, whether a stage failed or not. Returns EINVAL, and has called
 * nothing, when `capacity` is 0; or the error number of the system's call that failed (no memory,
 * no thread), with nothing left running. Then `*ret_end` is untouched.
 *
 * `results` has room for `count` elements; those that are not counted in `ret_end->results` are
 * untouched. With `count` 0, `items` and `results` may be NULL.
 */
int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end);

#endif
