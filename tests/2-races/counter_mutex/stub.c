/* SPDX-License-Identifier: MIT */
/*
 * counter_mutex - your part. The promises are in counter_mutex.h; this is the only file to edit.
 *
 * Each LAB_TODO() is one part still to be written. Replace it, and the `(void)` line above it, by
 * your code. Parts that are done are graded even while others still say LAB_TODO().
 */
#include "counter_mutex.h"

#include <errno.h>

/*
 * Promise: afterwards the counter stands at 0, and its lock works and is free.
 * Question: what is in `*counter` before this call? May anything be taken for granted?
 * See: man 3 pthread_mutex_init
 */
int counter_init(struct counter *counter)
{
    (void)counter;
    LAB_TODO();
}

/*
 * Promise: no addition is ever lost, and the number returned belongs to this addition alone.
 * Question: `value += amount` is one line of C. How many steps is it for the machine, and who may
 * run between them? Until when is the number that you return still yours?
 * See: man 3 pthread_mutex_lock; README.md, "The picture"
 */
long counter_add(struct counter *counter, long amount)
{
    (void)counter, (void)amount;
    LAB_TODO();
}

/*
 * Promise: a value that the counter really had during the call.
 * Question: this function only reads. Is that a reason to do without the rule of the structure?
 */
long counter_value(struct counter *counter)
{
    (void)counter;
    LAB_TODO();
}

/*
 * Promise: what counter_init() set up is given back.
 */
void counter_destroy(struct counter *counter)
{
    (void)counter;
    LAB_TODO();
}

/*
 * Promise: see counter_mutex.h; every point of it is checked.
 * Question: what does each thread need to know, where does that live, and how long must it stay
 * alive and unchanged? What would happen to the others if one step took an hour?
 * See: man 3 pthread_create, man 3 pthread_join
 */
int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    (void)counter, (void)threads, (void)rounds, (void)step, (void)context;
    LAB_TODO();
}
