/* SPDX-License-Identifier: MIT */
/*
 * counter_mutex - one counter that many threads change, kept right by one mutex.
 *
 *     struct counter visitors;
 *
 *     if (counter_init(&visitors) == 0) {
 *         count_together(&visitors, 4, 1000, step, NULL);
 *         printf("%ld\n", counter_value(&visitors));      // 4000, always
 *         counter_destroy(&visitors);
 *     }
 *
 * The caller owns the `struct counter`; nothing here is allocated for the caller to free.
 * counter_add() and counter_value() may be called by any thread at any time between counter_init()
 * and counter_destroy().
 */
#ifndef COUNTER_MUTEX_H
#define COUNTER_MUTEX_H

#include "interleave.h"

#include <pthread.h>

enum { COUNTER_MAX_THREADS = 64 };

/*
 * The rule of this structure: `value` is read and written only by the thread that holds `lock`.
 * Other code, not only yours, relies on that rule and takes `lock` by itself.
 */
struct counter {
    pthread_mutex_t lock;
    long value; /* protected by `lock` */
};

/* Makes `*counter`, whatever its bytes were before, a counter that stands at 0 and is not locked.
 * Returns 0, or the error number of the call that failed. */
int counter_init(struct counter *counter);

/* Adds `amount`, which may be negative or 0, and returns the value that the counter had right after
 * this very addition: two threads that add 1 to the same counter never get the same number. */
long counter_add(struct counter *counter, long amount);

/* The value that the counter has at one moment during the call. */
long counter_value(struct counter *counter);

/* Ends the counter's life. No thread uses it any more. */
void counter_destroy(struct counter *counter);

/* Work that is done between two additions. It may take long, may wait for the other threads' steps,
 * and may use the counter. */
typedef void counter_step(int thread, long round, void *context);

/*
 * Counts with `threads` new threads, numbered 0 … threads-1. Each of them does `rounds` times:
 * call step(its number, round, context), then add 1 to `counter`. Rounds are numbered from 0.
 *
 *  - The threads work at the same time, and a step never has to wait for another thread's step:
 *    nobody holds the lock while a step runs.
 *  - An addition is in the counter before the same thread's next step begins.
 *  - When count_together() returns, every thread that it created has ended and was joined.
 *
 * Returns 0; or EINVAL, and has created nothing, when `threads` is not in 1 … COUNTER_MAX_THREADS
 * or `rounds` is negative; or the error number of pthread_create(), with the threads that did start
 * joined and the counter standing wherever they brought it.
 */
int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context);

#endif
