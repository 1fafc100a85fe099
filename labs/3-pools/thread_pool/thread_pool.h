/* SPDX-License-Identifier: MIT */
/*
 * thread_pool - a fixed number of threads that run any number of tasks.
 *
 *     struct pool *pool = pool_open(4);
 *
 *     for (int i = 0; i < 1000; i++)
 *         pool_submit(pool, shrink, &images[i]);
 *     pool_wait(pool);                 // all that were submitted are done; more may follow
 *     …
 *     pool_close(pool);                // no more
 *     pool_join(pool);                 // the rest is done, the threads are gone
 *
 * pool_submit(), pool_wait() and pool_close() may be called by any number of threads at any time
 * between pool_open() and pool_join(); pool_submit() and pool_close() by the tasks themselves, too.
 * `struct pool` is yours to define: callers see pointers only, and may have several pools.
 */
#ifndef THREAD_POOL_H
#define THREAD_POOL_H

#include "interleave.h"

enum { POOL_MAX_WORKERS = 64 };

struct pool;

/* A task: called once, by one of the pool's threads, with the argument that came with it. It may
 * take long, may wait for other tasks, and may submit more. */
typedef void pool_task(void *argument);

/*
 * Starts `workers` threads, and never any more than these. A thread that has nothing to do sleeps.
 *
 * The caller owns the pool and ends it with pool_join(). Returns NULL with errno EINVAL when
 * `workers` is not in 1 … POOL_MAX_WORKERS, or with the error number of the call that failed: then
 * no thread and no memory is left behind.
 */
struct pool *pool_open(int workers);

/*
 * Puts a task behind all those that wait already, and returns without waiting for any of them:
 * there is room for as many as memory can hold. Tasks are started in the order in which they were
 * submitted, and a task waits only while all threads of the pool are busy with tasks.
 *
 * What the caller has written to memory before the call, the task sees.
 *
 * Returns 0; or -1, and the task is never called, with errno ESHUTDOWN when the pool is closed,
 * with ENOMEM when there is no memory. `argument` belongs to the caller and is not looked at.
 */
int pool_submit(struct pool *pool, pool_task *task, void *argument);

/*
 * Waits, asleep, until the pool is idle: no task waits and none runs. So all tasks that were
 * submitted before the call are done, and those that they submitted. What they have written to
 * memory, the caller sees. Not to be called by a task, which would wait for itself.
 */
void pool_wait(struct pool *pool);

/* From now on pool_submit() refuses. Tasks that were taken still run, all of them. Does not wait.
 * Closing twice is fine. */
void pool_close(struct pool *pool);

/*
 * Closes the pool if that was not done, waits until every task is done and every thread has ended
 * and was joined, and gives back all that the pool had. `pool` is no longer valid. Called once, by
 * one thread that is none of the pool's, while no other call is under way.
 */
void pool_join(struct pool *pool);

#endif
