/* SPDX-License-Identifier: MIT */
/*
 * pipeline_processes - three stages that work at the same time, each a process of its own.
 *
 *     items ──> A ──pipe──> B ──pipe──> C ──pipe──> the caller, who takes them
 *
 *     struct pipeline_stage stages[PIPELINE_STAGES] = {{.work = decode, .done = close_log}, …};
 *     struct pipeline_sink sink = {.take = save, .context = &file};
 *     struct pipeline_end end;
 *
 *     if (pipeline_run(stages, items, 1000, &sink, &end) == 0 && end.failed_stage < 0)
 *         …save() was called 1000 times…
 *
 * The same pipeline as in pipeline_threads. What is different: the stages share no memory. Each has
 * a copy of what the caller had when it was forked, and what it changes nobody else sees; what is
 * to reach the next stage has to be written into a pipe, as bytes. And a process can be killed.
 *
 * The caller owns all that it passes; nothing here is allocated for the caller to free. To be
 * called while the calling process has one thread.
 */
#ifndef PIPELINE_PROCESSES_H
#define PIPELINE_PROCESSES_H

#include "interleave.h"

#include <stddef.h>
#include <sys/types.h>

enum {
    PIPELINE_STAGES = 3,           /* stage 0 is A, 1 is B, 2 is C */
    PIPELINE_RECORD_MAX = 1 << 20, /* bytes of the largest item */
    PIPELINE_ERROR_MAX = 100,
};

/* An item: 0 to PIPELINE_RECORD_MAX bytes of any values. */
struct pipeline_record {
    const void *data; /* may be NULL when `size` is 0 */
    size_t size;
};

struct pipeline_stage {
    /* Works on one item, in the stage's own process, and leaves what becomes of it in `result`,
     * where there is room for PIPELINE_RECORD_MAX bytes. Returns how many bytes that is, 0 or more;
     * or -error, with `error` from 1 to PIPELINE_ERROR_MAX: the stage has failed. It may take long,
     * and may wait for the work of another stage. `item` is valid until it returns. */
    ssize_t (*work)(void *context, const void *item, size_t size, void *result);

    /* DONE has reached this stage: no item will follow. */
    void (*done)(void *context);

    /* Passed to both. */
    void *context;
};

/* Where the results go: take() is called in the caller's process. */
struct pipeline_sink {
    void (*take)(void *context, const void *result, size_t size);
    void *context;
};

/* How a pipeline ended. */
struct pipeline_end {
    size_t results;   /* how many results were taken */
    int failed_stage; /* 0, 1 or 2; -1: none, DONE came out at the end */
    int error;        /* of the stage that failed: 1 … PIPELINE_ERROR_MAX; 0: it did not say */
    int signal;       /* the signal that killed it; 0: it was not killed */
};

/*
 * Sends items[0 … count-1] through the three stages and returns when all is over.
 *
 * Items. What A makes of an item goes to B, what B makes of that to C, and what C makes of that to
 * sink->take(). Every stage works on every item once, in the order of the items, and the results
 * are taken in that order. An item may be empty, and may be much larger than what a pipe holds.
 *
 * Processes. Three new ones, one per stage, however many items there are. An item is passed on
 * before the same stage begins with its next one, and it is taken while the stages go on: A, B, C
 * and the caller can all be at work at the same time. Who waits, sleeps. All three have ended, and
 * the caller has reaped them, on return.
 *
 * Descriptors. While a stage works, its process has open what the caller had open before, and
 * beside that nothing but the end that it reads from (A: none) and the end that it writes to. While
 * the caller takes a result it has open the one end that it reads from. On return nothing is left
 * open.
 *
 * DONE. After the last item, DONE goes the same way, as a record of its own kind: a stage that it
 * reaches calls its own done(), once, in its own process, and only then passes it on. So A's done()
 * comes before B's, and B's before C's. With no items at all, DONE alone goes through. DONE is not
 * an item, and the end of the file is not DONE: it only says that nobody can write any more.
 *
 * Failure. A stage fails when its work() returns less than 0, or when a signal kills its process.
 *   - the items that it had passed on before still come out at the end, and none after them does;
 *   - the other two end by themselves, soon: they do not work through all that is left;
 *   - DONE, which says "that was all", reaches neither the stage that failed nor any after it;
 *   - `ret_end` says which stage it was, and how it failed. A stage that ends only because its
 *     neighbour has ended has not failed. If several fail by themselves, one of them is reported.
 *
 * Returns 0 and fills `*ret_end`, whether a stage failed or not; or the error number of the
 * system's call that failed (no memory, no process, no descriptor), with nothing left running or
 * open, and then `*ret_end` is untouched. What the caller does on signals is the same after the
 * call as before.
 */
int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES],
    const struct pipeline_record *items, size_t count, const struct pipeline_sink *sink,
    struct pipeline_end *ret_end);

#endif
