// why: a linked list under C11 mutex and conditions; the signals are sent after the unlock.
#include "bounded_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <threads.h>

struct node {
    struct node *next;
    long item;
};

struct queue {
    mtx_t lock;
    cnd_t room, inside;
    struct node *head, *tail;
    size_t free_places;
    bool closed;
};

struct queue *queue_new(size_t capacity)
{
    if (capacity == 0) {
        errno = EINVAL;
        return NULL;
    }
    struct queue *queue = malloc(sizeof *queue);
    if (queue == NULL)
        return NULL;
    mtx_init(&queue->lock, mtx_plain);
    cnd_init(&queue->room);
    cnd_init(&queue->inside);
    queue->head = queue->tail = NULL;
    queue->free_places = capacity;
    queue->closed = false;
    return queue;
}

bool queue_put(struct queue *queue, long item)
{
    struct node *node = malloc(sizeof *node);

    if (node == NULL)
        abort();
    node->next = NULL;
    node->item = item;
    mtx_lock(&queue->lock);
    for (;;) {
        if (queue->closed) {
            mtx_unlock(&queue->lock);
            free(node);
            return false;
        }
        if (queue->free_places > 0)
            break;
        cnd_wait(&queue->room, &queue->lock);
    }
    if (queue->tail == NULL)
        queue->head = node;
    else
        queue->tail->next = node;
    queue->tail = node;
    queue->free_places--;
    mtx_unlock(&queue->lock);
    cnd_signal(&queue->inside);
    return true;
}

bool queue_get(struct queue *queue, long *ret_item)
{
    mtx_lock(&queue->lock);
    while (queue->head == NULL && !queue->closed)
        cnd_wait(&queue->inside, &queue->lock);
    struct node *node = queue->head;
    if (node != NULL) {
        queue->head = node->next;
        if (queue->head == NULL)
            queue->tail = NULL;
        queue->free_places++;
    }
    mtx_unlock(&queue->lock);
    if (node == NULL)
        return false;
    cnd_signal(&queue->room);
    *ret_item = node->item;
    free(node);
    return true;
}

void queue_close(struct queue *queue)
{
    mtx_lock(&queue->lock);
    queue->closed = true;
    mtx_unlock(&queue->lock);
    cnd_broadcast(&queue->room);
    cnd_broadcast(&queue->inside);
}

void queue_free(struct queue *queue)
{
    if (queue == NULL)
        return;
    while (queue->head != NULL) {
        struct node *node = queue->head;

        queue->head = node->next;
        free(node);
    }
    cnd_destroy(&queue->inside);
    cnd_destroy(&queue->room);
    mtx_destroy(&queue->lock);
    free(queue);
}
