/* SPDX-License-Identifier: MIT */
/*
 * pipeline_threads - your part. The promises are in pipeline_threads.h; this is the only file to
 * edit. Add whatever structures and functions you like; three things have to come about, and
 * pipeline_run() is where they meet.
 *
 * 1. What lies between two stages.
 *    Promise: up to `capacity` items wait there, in order; who finds no item, or no room, sleeps.
 *    Question: every `long` is an item, so which number can say DONE? And when a stage has failed
 *    and takes nothing any more, how does the one that waits for room get to know?
 *    See: your bounded_queue; man 3 pthread_cond_wait; README.md, "The picture"
 *
 * 2. What a stage's thread does.
 *    Promise: work() for every item, done() once for DONE, and the next stage learns of both.
 *    Question: who may have run between your wake-up and your next line? What is the last thing
 *    that this thread has to tell its neighbours, on each of the ways by which it can end?
 *
 * 3. What the caller's thread does.
 *    Promise: three threads, all joined; a report; nothing left behind, also after a failure.
 *    Question: what does each thread need to know, and how long must that stay alive?
 *    See: man 3 pthread_create, man 3 pthread_join
 */
#include "pipeline_threads.h"

#include <errno.h>

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end)
{
    (void)stages, (void)capacity, (void)items, (void)count, (void)results, (void)ret_end;
    LAB_TODO();
}
