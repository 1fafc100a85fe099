/* SPDX-License-Identifier: MIT */
#include "bounded_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct queue {
    size_t capacity; /* never changes */

    pthread_mutex_t lock;
    pthread_cond_t not_full;  /* an item was taken, or the queue was closed */
    pthread_cond_t not_empty; /* an item was put, or the queue was closed */

    /* protected by `lock` */
    size_t first; /* where the oldest item is */
    size_t count; /* items inside; a count tells full from empty without wasting a place */
    bool closed;
    long *items; /* a ring of `capacity` places */
};

struct queue *queue_new(size_t capacity)
{
    if (capacity == 0) {
        errno = EINVAL;
        return NULL;
    }
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    queue->capacity = capacity;
    queue->items = calloc(capacity, sizeof *queue->items);
    if (queue->items == NULL) {
        free(queue);
        errno = ENOMEM; /* free() may have changed it */
        return NULL;
    }
    /* With default attributes these three cannot fail on Linux. */
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    return queue;
}

bool queue_put(struct queue *queue, long item)
{
    pthread_mutex_lock(&queue->lock);
    /* `while`, not `if`: between the signal and our getting the lock back another producer may have
     * taken the room, and the standard allows a wake-up without any signal. Closing ends the wait
     * as well, so it is part of the condition. */
    while (queue->count == queue->capacity && !queue->closed)
        pthread_cond_wait(&queue->not_full, &queue->lock);

    bool open = !queue->closed;
    if (open) {
        queue->items[(queue->first + queue->count) % queue->capacity] = item;
        queue->count++;
        /* One item, one consumer: a signal is enough, since only consumers wait here. With one
         * condition for both kinds of waiters it could wake a producer, and be lost. It is sent for
         * every item, not only for the first: two consumers may be waiting. */
        pthread_cond_signal(&queue->not_empty);
    }
    pthread_mutex_unlock(&queue->lock);
    return open;
}

bool queue_get(struct queue *queue, long *ret_item)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && !queue->closed)
        pthread_cond_wait(&queue->not_empty, &queue->lock);

    /* Not `!closed`: what was inside when the queue was closed is still to be handed out. */
    bool found = queue->count > 0;
    if (found) {
        *ret_item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
        pthread_cond_signal(&queue->not_full);
    }
    pthread_mutex_unlock(&queue->lock);
    return found;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    /* Everybody has to look again, whatever they wait for. `closed` changes under the lock: a
     * thread that has seen the queue open, but does not sleep yet, would otherwise miss the call.
     */
    pthread_cond_broadcast(&queue->not_full);
    pthread_cond_broadcast(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
}

void queue_free(struct queue *queue)
{
    if (queue == NULL)
        return;
    pthread_cond_destroy(&queue->not_empty);
    pthread_cond_destroy(&queue->not_full);
    pthread_mutex_destroy(&queue->lock);
    free(queue->items);
    free(queue);
}
