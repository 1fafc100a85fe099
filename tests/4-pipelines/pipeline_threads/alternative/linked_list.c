/* SPDX-License-Identifier: MIT */
/* The queue is a linked list with a count; what is left in it after a failure is freed at the end.
 */
#include "pipeline_threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum kind { ITEM, DONE, BROKEN };

struct message {
    enum kind kind;
    long item;
};

struct node {
    struct message message;
    struct node *next;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    struct node *oldest;
    struct node **end;
    size_t capacity;
    size_t count;
    bool abandoned;
};

static void queue_init(struct queue *q, size_t capacity)
{
    *q = (struct queue){.capacity = capacity};
    q->end = &q->oldest;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->not_empty, NULL);
    pthread_cond_init(&q->not_full, NULL);
}

static void queue_destroy(struct queue *q)
{
    pthread_cond_destroy(&q->not_full);
    pthread_cond_destroy(&q->not_empty);
    pthread_mutex_destroy(&q->lock);
    while (q->oldest != NULL) {
        struct node *node = q->oldest;

        q->oldest = node->next;
        free(node);
    }
}

static bool queue_put(struct queue *q, struct message m)
{
    struct node *node = malloc(sizeof *node);

    if (node == NULL)
        abort();
    *node = (struct node){.message = m};
    pthread_mutex_lock(&q->lock);
    while (q->count == q->capacity && !q->abandoned)
        pthread_cond_wait(&q->not_full, &q->lock);
    bool taken = !q->abandoned;
    if (taken) {
        *q->end = node;
        q->end = &node->next;
        q->count++;
        pthread_cond_signal(&q->not_empty);
    }
    pthread_mutex_unlock(&q->lock);
    if (!taken)
        free(node);
    return taken;
}

static struct message queue_get(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    while (q->count == 0)
        pthread_cond_wait(&q->not_empty, &q->lock);
    struct node *node = q->oldest;
    struct message m = node->message;
    q->oldest = node->next;
    if (q->oldest == NULL)
        q->end = &q->oldest;
    free(node);
    q->count--;
    pthread_cond_signal(&q->not_full);
    pthread_mutex_unlock(&q->lock);
    return m;
}

static void queue_abandon(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->abandoned = true;
    pthread_cond_signal(&q->not_full);
    pthread_mutex_unlock(&q->lock);
}

struct station {
    pthread_t id;
    const struct pipeline_stage *stage;
    struct queue *in;
    struct queue *out;
    const long *items;
    size_t items_left;
    long *results;
    size_t n_results;
    int error;
};

static struct message receive(struct station *s)
{
    if (s->in != NULL)
        return queue_get(s->in);
    if (s->items_left == 0)
        return (struct message){.kind = DONE};
    s->items_left--;
    return (struct message){.kind = ITEM, .item = *s->items++};
}

static bool pass_on(struct station *s, struct message m)
{
    if (s->out != NULL)
        return queue_put(s->out, m);
    if (m.kind == ITEM)
        s->results[s->n_results++] = m.item;
    return true;
}

static void *station_main(void *argument)
{
    struct station *s = argument;
    const struct pipeline_stage *stage = s->stage;
    struct message m;

    do {
        m = receive(s);
        if (m.kind == ITEM) {
            s->error = stage->work(stage->context, m.item, &m.item);
            if (s->error != 0)
                m.kind = BROKEN;
        } else if (m.kind == DONE) {
            stage->done(stage->context);
        }
    } while (pass_on(s, m) && m.kind == ITEM);

    if (s->in != NULL)
        queue_abandon(s->in);
    return NULL;
}

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end)
{
    struct queue queues[2];
    struct station stations[PIPELINE_STAGES] = {0};
    struct pipeline_end end = {.failed_stage = -1};
    int started = 0, error = 0;

    if (capacity == 0)
        return EINVAL;
    queue_init(&queues[0], capacity);
    queue_init(&queues[1], capacity);
    for (int i = 0; i < PIPELINE_STAGES && error == 0; i++) {
        struct station *s = &stations[i];

        s->stage = &stages[i];
        s->in = i > 0 ? &queues[i - 1] : NULL;
        s->out = i < PIPELINE_STAGES - 1 ? &queues[i] : NULL;
        s->items = items;
        s->items_left = count;
        s->results = results;
        error = pthread_create(&s->id, NULL, station_main, s);
        started += error == 0;
    }
    if (error != 0 && started > 0)
        queue_abandon(&queues[started - 1]);
    for (int i = 0; i < started; i++) {
        pthread_join(stations[i].id, NULL);
        if (stations[i].error != 0) {
            end.failed_stage = i;
            end.error = stations[i].error;
        }
    }
    end.results = stations[2].n_results;
    queue_destroy(&queues[0]);
    queue_destroy(&queues[1]);
    if (error == 0)
        *ret_end = end;
    return error;
}
