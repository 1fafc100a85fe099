// expect: both_sides_wait@plain DEADLOCK
// why: put waits for room with the lock in its hand, and nobody can get in to make room.
#include "bounded_queue.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct queue {
    size_t capacity, first, count;
    bool closed;
    pthread_mutex_t lock;
    sem_t room, inside;
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
    sem_init(&queue->room, 0, (unsigned)capacity);
    sem_init(&queue->inside, 0, 0);
    return queue;
}

bool queue_put(struct queue *queue, long item)
{
    pthread_mutex_lock(&queue->lock);
    sem_wait(&queue->room);
    bool open = !queue->closed;
    if (open) {
        queue->items[(queue->first + queue->count) % queue->capacity] = item;
        queue->count++;
        sem_post(&queue->inside);
    } else {
        sem_post(&queue->room);
    }
    pthread_mutex_unlock(&queue->lock);
    return open;
}

bool queue_get(struct queue *queue, long *ret_item)
{
    sem_wait(&queue->inside);
    pthread_mutex_lock(&queue->lock);
    bool found = queue->count > 0;
    if (found) {
        *ret_item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
        sem_post(&queue->room);
    } else {
        sem_post(&queue->inside);
    }
    pthread_mutex_unlock(&queue->lock);
    return found;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    sem_post(&queue->room);
    sem_post(&queue->inside);
    pthread_mutex_unlock(&queue->lock);
}

void queue_free(struct queue *queue)
{
    if (queue == NULL)
        return;
    sem_destroy(&queue->inside);
    sem_destroy(&queue->room);
    pthread_mutex_destroy(&queue->lock);
    free(queue->items);
    free(queue);
}
