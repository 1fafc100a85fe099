/* SPDX-License-Identifier: MIT */
/*
 * pool_map - your part. The promises are in pool_map.h; this is the only file to edit.
 *
 * Each LAB_TODO() is one part still to be written. Replace it, and the `(void)` line above it, by
 * your code.
 */
#include "pool_map.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * What the caller has to know of each worker, and of the pool.
 * Question: which of this do the workers have, too? Is it the same, or a copy?
 */
struct pool {
    int workers;
};

/*
 * Promise: `workers` processes that wait for items; or NULL, errno, and nothing left.
 * Question: the second worker is forked when the pipes of the first one exist already. Which
 * descriptors does it hold without wanting to, and who will wait in vain because of that?
 * And where does a worker's life end: what must it never return to?
 * See: man 2 fork, man 2 pipe, man 2 _exit; README.md, "The picture"
 */
struct pool *pool_open(int workers, pool_function *function, void *context)
{
    (void)workers, (void)function, (void)context;
    LAB_TODO();
}

/*
 * Promise: each item once, each result in its place, an error for the items that have one.
 * Question: several workers may have something to say, and you do not know which. How can you wait
 * for all of them at once? How much does one read() bring, how much does one write() take? And by
 * what do you notice, while you wait, that a worker has died? What exactly is lost with it?
 * See: man 2 poll, man 2 read, man 7 pipe, man 2 waitpid
 */
long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors)
{
    (void)pool, (void)items, (void)count, (void)item_size, (void)results;
    (void)result_size, (void)chunk, (void)errors;
    LAB_TODO();
}

/*
 * Promise: the workers learn that nothing more will come.
 * Question: what does read() return at the end of a pipe? When is that end reached?
 */
void pool_close(struct pool *pool)
{
    (void)pool;
    LAB_TODO();
}

/*
 * Promise: no process, no zombie, no descriptor and no memory is left.
 * Question: a process that has ended is still in the system's table. Who may take it out?
 * See: man 2 waitpid
 */
void pool_join(struct pool *pool)
{
    (void)pool;
    LAB_TODO();
}
