// expect: no_wake_up_is_lost@explore DEADLOCK
// why: put and get have a lock each, and both change the count.
#include "bounded_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct queue {
    size_t capacity, first, count;
    bool closed;
    pthread_mutex_t put_lock, get_lock;
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
    pthread_mutex_init(&queue->put_lock, NULL);
    pthread_mutex_init(&queue->get_lock, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    return queue;
}

bool queue_put(struct queue *queue, long item)
{
    pthread_mutex_lock(&queue->put_lock);
    while (queue->count == queue->capacity && !queue->closed)
        pthread_cond_wait(&queue->not_full, &queue->put_lock);
    if (queue->closed) {
        pthread_mutex_unlock(&queue->put_lock);
        return false;
    }
    queue->items[(queue->first + queue->count) % queue->capacity] = item;
    queue->count++;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->put_lock);
    return true;
}

bool queue_get(struct queue *queue, long *ret_item)
{
    pthread_mutex_lock(&queue->get_lock);
    while (queue->count == 0 && !queue->closed)
        pthread_cond_wait(&queue->not_empty, &queue->get_lock);
    if (queue->count == 0) {
        pthread_mutex_unlock(&queue->get_lock);
        return false;
    }
    *ret_item = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    pthread_cond_signal(&queue->not_full);
    pthread_mutex_unlock(&queue->get_lock);
    return true;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->put_lock);
    pthread_mutex_lock(&queue->get_lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->not_full);
    pthread_cond_broadcast(&queue->not_empty);
    pthread_mutex_unlock(&queue->get_lock);
    pthread_mutex_unlock(&queue->put_lock);
}

void queue_free(struct queue *queue)
{
    if (queue == NULL)
        return;
    pthread_cond_destroy(&queue->not_empty);
    pthread_cond_destroy(&queue->not_full);
    pthread_mutex_destroy(&queue->put_lock);
    pthread_mutex_destroy(&queue->get_lock);
    free(queue->items);
    free(queue);
}
