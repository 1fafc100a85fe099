/* SPDX-License-Identifier: MIT */
/*
 * bounded_queue - a queue with room for a fixed number of items, between threads that put items in
 * (producers) and threads that get items out (consumers).
 *
 *     struct queue *queue = queue_new(16);
 *
 *     // producers:                           // consumers:
 *     while (more)                            while (queue_get(queue, &item))
 *         queue_put(queue, item);                 use(item);
 *     …when all producers are done:
 *     queue_close(queue);
 *     …when all threads have been joined:
 *     queue_free(queue);
 *
 * queue_put(), queue_get() and queue_close() may be called by any number of threads at any time.
 * The queue is yours to define: `struct queue` lives in bounded_queue.c, callers see pointers only.
 */
#ifndef BOUNDED_QUEUE_H
#define BOUNDED_QUEUE_H

#include "interleave.h"

#include <stdbool.h>
#include <stddef.h>

struct queue;

/* A new, empty, open queue with room for `capacity` items. The caller owns it and ends it with
 * queue_free(). NULL with errno EINVAL when `capacity` is 0, with ENOMEM when there is no memory.
 */
struct queue *queue_new(size_t capacity);

/* Puts `item`, any number at all, at the end of the queue. While `capacity` items are inside it
 * waits for room, asleep. Returns true; or false when the queue is closed, before the call or while
 * it waits: the item is not in the queue then. */
bool queue_put(struct queue *queue, long item);

/* Takes the item at the front of the queue, the one that was put first. While the queue is empty
 * and open it waits for an item, asleep. Returns true and sets `*ret_item`; or false, and leaves
 * `*ret_item` alone, when the queue is closed and nothing is left in it. */
bool queue_get(struct queue *queue, long *ret_item);

/* Closes the queue: no further item goes in, what is inside can still be got, and every thread that
 * waits in queue_put(), or in queue_get() with nothing to get, wakes up. Closing twice is fine. */
void queue_close(struct queue *queue);

/* Ends the queue's life, closed or not, empty or not. No thread uses it any more. NULL is fine. */
void queue_free(struct queue *queue);

#endif
