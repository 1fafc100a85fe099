/* SPDX-License-Identifier: MIT */
/*
 * thread_pool - your part. The promises are in thread_pool.h; this is the only file to edit.
 *
 * Each LAB_TODO() is one part still to be written. Replace it, and the `(void)` line above it, by
 * your code.
 */
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/*
 * What the threads and the callers share. Write behind each field by what it is protected, as in
 * `struct counter` of counter_mutex.
 */
struct pool {
    int workers;
};

/*
 * Promise: exactly `workers` threads that wait for tasks; or NULL, errno, and nothing left.
 * Question: a thread may run before pthread_create() returns. What of the pool has to be ready by
 * then? And if the third of four threads cannot be started, what becomes of the first two?
 * See: man 3 pthread_create
 */
struct pool *pool_open(int workers)
{
    (void)workers;
    LAB_TODO();
}

/*
 * Promise: the task is called once, in its turn, by a thread of the pool; a closed pool refuses.
 * Question: who may be asleep because of what you have just changed? And who else may change the
 * queue at the same moment: how many callers and threads can be in there?
 * See: man 3 pthread_cond_signal; README.md, "The picture"
 */
int pool_submit(struct pool *pool, pool_task *task, void *argument)
{
    (void)pool, (void)task, (void)argument;
    LAB_TODO();
}

/*
 * Promise: when it returns the pool was idle.
 * Question: an empty queue is not yet an idle pool. What else does the pool have to remember? And
 * how many callers may be waiting here?
 */
void pool_wait(struct pool *pool)
{
    (void)pool;
    LAB_TODO();
}

/*
 * Promise: nothing goes in any more, what is in still gets done, and nobody sleeps for ever.
 * Question: which threads have to hear about this?
 */
void pool_close(struct pool *pool)
{
    (void)pool;
    LAB_TODO();
}

/*
 * Promise: all tasks done, all threads joined, all memory given back.
 * Question: when does a thread of the pool know that it will never again have anything to do?
 * See: man 3 pthread_join
 */
void pool_join(struct pool *pool)
{
    (void)pool;
    LAB_TODO();
}
