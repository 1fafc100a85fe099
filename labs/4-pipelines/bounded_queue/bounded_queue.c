/* SPDX-License-Identifier: MIT */
/*
 * bounded_queue - your part. The promises are in bounded_queue.h; this is the only file to edit.
 *
 * Each LAB_TODO() is one part still to be written. Replace it, and the `(void)` line above it, by
 * your code.
 */
#include "bounded_queue.h"

#include <errno.h>
#include <stdlib.h>

/*
 * What a queue has to remember, and what protects it. Write behind each field by which lock it is
 * protected, as in `struct counter` of counter_mutex.
 */
struct queue {
    size_t capacity;
};

/*
 * Promise: an open, empty queue, or NULL and the reason in errno.
 * Question: if the third of four steps fails, what became of the first two?
 */
struct queue *queue_new(size_t capacity)
{
    (void)capacity;
    LAB_TODO();
}

/*
 * Promise: the item goes in when there is room; a closed queue takes nothing.
 * Question: you waited for room and were woken up. Who may have run between your wake-up and your
 * next line? And who might be waiting for what you have just done?
 * See: man 3 pthread_cond_wait; README.md, "The picture"
 */
bool queue_put(struct queue *queue, long item)
{
    (void)queue, (void)item;
    LAB_TODO();
}

/*
 * Promise: items come out in the order in which they went in; the end is reached when the queue is
 * closed *and* empty.
 * Question: what exactly are you waiting for? Say it as one condition of C.
 */
bool queue_get(struct queue *queue, long *ret_item)
{
    (void)queue, (void)ret_item;
    LAB_TODO();
}

/*
 * Promise: nobody sleeps on.
 * Question: how many threads may be waiting at this moment, and for how many different things?
 * See: man 3 pthread_cond_broadcast
 */
void queue_close(struct queue *queue)
{
    (void)queue;
    LAB_TODO();
}

/*
 * Promise: all that queue_new() set up is given back, also with items inside.
 */
void queue_free(struct queue *queue)
{
    (void)queue;
    LAB_TODO();
}
