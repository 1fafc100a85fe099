/* SPDX-License-Identifier: MIT */
/*
 * pool_map - a fixed number of worker processes that apply one function to many items.
 *
 *     static int square(const void *item, void *result, void *context) { … return 0; }
 *
 *     struct pool *pool = pool_open(8, square, NULL);
 *
 *     failed = pool_map(pool, items, 1000, sizeof *items, results, sizeof *results, 10, errors);
 *     …as many maps as you like, with the same eight processes…
 *     pool_close(pool);
 *     pool_join(pool);
 *
 * It is the analogue of Python's multiprocessing.Pool.map. Its twin is `thread_pool`; what is new
 * here is that a worker is a process: it has a copy of the memory, speaks through descriptors, and
 * when it crashes the others live on.
 *
 * A pool is used by one thread of the process that opened it. `struct pool` is yours to define:
 * callers see pointers only.
 */
#ifndef POOL_MAP_H
#define POOL_MAP_H

#include "interleave.h"

#include <stddef.h>

enum {
    POOL_MAX_WORKERS = 64,
    POOL_CRASHED = -1, /* in `errors`: the worker ended in the middle of this item */
};

struct pool;

/*
 * What a worker does with one item: reads `item`, writes `result`. Both are the worker's memory,
 * aligned as malloc() aligns. Returns 0; or, when it could not, a positive number that says why.
 * It may also crash, call exit(), or be killed: that is the end of the worker, not of the pool.
 */
typedef int pool_function(const void *item, void *result, void *context);

/*
 * Forks `workers` worker processes that wait for items, asleep. Each of them has a copy of the
 * caller's memory as it was at its fork, so `function` and `context` mean there what they mean
 * here. What was printed but not yet flushed is printed by the caller only.
 *
 * A worker holds open no end of a pipe that is meant for another worker: how many descriptors it
 * has open does not depend on how many workers there are, or were.
 *
 * The caller owns the pool and ends it with pool_close() and pool_join(). Returns NULL with errno
 * EINVAL when `workers` is not in 1 … POOL_MAX_WORKERS, or with the errno of the call that failed:
 * then no process, no descriptor and no memory is left behind.
 */
struct pool *pool_open(int workers, pool_function *function, void *context);

/*
 * Applies the function to items[0] … items[count-1], which are `item_size` bytes each, and waits,
 * asleep, until all is done. Result i is put into results[i] (`result_size` bytes each, at least 1,
 * of any size), whatever the order in which the workers were ready.
 *
 *  - The function is called exactly once for each item, also when there are crashes.
 *  - Items are handed out in their order, `chunk` neighbours at a time to one worker (the last
 * chunk may be shorter), a worker's next chunk only when it is done with the one before: an item
 * waits only while all workers are busy or an earlier item of its own chunk is not done. With
 * `chunk` 0 you choose, so that every worker has something to do.
 *  - errors[i] becomes 0, or what the function returned, or POOL_CRASHED when the worker ended
 *    before it was done with item i. An error costs that item only: its result is left as it was,
 *    all other items of the chunk and of the call get done. `errors` may be NULL.
 *  - A worker that has ended is waited for and replaced; there may be more crashes than workers.
 *
 * All arrays belong to the caller. Returns how many items have an error; with `count` 0 that is 0,
 * and nothing else is looked at. Returns -1 with errno ESHUTDOWN after pool_close(), or with the
 * errno of a call that failed so that the pool cannot go on; then it can only be closed and joined.
 */
long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors);

/* Tells the workers that no more items will come; they end. Does not wait for them. Closing twice
 * is fine. */
void pool_close(struct pool *pool);

/* Closes the pool if that was not done, waits until every worker has ended, and gives back all that
 * the pool had: memory, descriptors, processes. `pool` is no longer valid. */
void pool_join(struct pool *pool);

#endif
