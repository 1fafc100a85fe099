// expect: both_sides_wait@plain TIMEOUT
// why: the sleepers wake up a thousand times a second, in case that they missed something.
#include "bounded_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct queue {
    size_t capacity, first, count;
    bool closed;
    pthread_mutex_t lock;
    pthread_cond_t not_full, not_empty;
    long *items;
};

struct queue *queue_new(size_t capacity)
{
    struct queue *queue = NULL;

    if (capacity == 0)
        errno = EINVAL;
    else
        queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    queue->capacity = capacity;
    queue->items = malloc(capacity * sizeof *queue->items);
    if (queue->items == NULL) {
        free(queue);
        return NULL;
    }
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    return queue;
}

bool queue_put(struct queue *queue, long item)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == queue->capacity && !queue->closed) {
        struct timespec soon;

        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_nsec += 1000000;
        if (soon.tv_nsec >= 1000000000) {
            soon.tv_nsec -= 1000000000;
            soon.tv_sec++;
        }
        pthread_cond_timedwait(&queue->not_full, &queue->lock, &soon);
    }
    if (queue->closed) {
        pthread_mutex_unlock(&queue->lock);
        return false;
    }
    queue->items[(queue->first + queue->count) % queue->capacity] = item;
    queue->count++;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
    return true;
}

bool queue_get(struct queue *queue, long *ret_item)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && !queue->closed) {
        struct timespec soon;

        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_nsec += 1000000;
        if (soon.tv_nsec >= 1000000000) {
            soon.tv_nsec -= 1000000000;
            soon.tv_sec++;
        }
        pthread_cond_timedwait(&queue->not_empty, &queue->lock, &soon);
    }
    if (queue->count == 0) {
        pthread_mutex_unlock(&queue->lock);
        return false;
    }
    *ret_item = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    pthread_cond_signal(&queue->not_full);
    pthread_mutex_unlock(&queue->lock);
    return true;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
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
