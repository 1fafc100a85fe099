/* SPDX-License-Identifier: MIT */
/* After a failure one flag stops all stages before it from beginning anything, and their messages
 * are taken and thrown away until the last one has come. Nobody ever abandons a queue. */
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

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    struct message *slots;
    size_t capacity;
    size_t first;
    size_t count;
};

static void queue_init(struct queue *q, size_t capacity)
{
    *q = (struct queue){.capacity = capacity, .slots = calloc(capacity, sizeof *q->slots)};
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->not_empty, NULL);
    pthread_cond_init(&q->not_full, NULL);
}

static void queue_destroy(struct queue *q)
{
    pthread_cond_destroy(&q->not_full);
    pthread_cond_destroy(&q->not_empty);
    pthread_mutex_destroy(&q->lock);
    free(q->slots);
}

static bool queue_put(struct queue *q, struct message m)
{
    pthread_mutex_lock(&q->lock);
    while (q->count == q->capacity)
        pthread_cond_wait(&q->not_full, &q->lock);
    q->slots[(q->first + q->count) % q->capacity] = m;
    q->count++;
    pthread_cond_signal(&q->not_empty);
    pthread_mutex_unlock(&q->lock);
    return true;
}

static struct message queue_get(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    while (q->count == 0)
        pthread_cond_wait(&q->not_empty, &q->lock);
    struct message m = q->slots[q->first];
    q->first = (q->first + 1) % q->capacity;
    q->count--;
    pthread_cond_signal(&q->not_full);
    pthread_mutex_unlock(&q->lock);
    return m;
}

struct station {
    _Atomic int *first_failed; /* no stage before this one goes on */
    int number;
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
    bool was_last;

    do {
        m = receive(s);
        was_last = m.kind != ITEM;
        if (m.kind != BROKEN && *s->first_failed > s->number)
            m.kind = BROKEN;
        if (m.kind == ITEM) {
            s->error = stage->work(stage->context, m.item, &m.item);
            if (s->error != 0) {
                m.kind = BROKEN;
                *s->first_failed = s->number;
            }
        } else if (m.kind == DONE) {
            stage->done(stage->context);
        }
    } while (pass_on(s, m) && m.kind == ITEM);

    while (s->in != NULL && !was_last)
        was_last = queue_get(s->in).kind != ITEM;
    return NULL;
}

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end)
{
    struct queue queues[2];
    struct station stations[PIPELINE_STAGES] = {0};
    struct pipeline_end end = {.failed_stage = -1};
    int started = 0, error = 0;
    _Atomic int first_failed = -1;

    if (capacity == 0)
        return EINVAL;
    queue_init(&queues[0], capacity);
    queue_init(&queues[1], capacity);
    for (int i = 0; i < PIPELINE_STAGES && error == 0; i++) {
        struct station *s = &stations[i];

        s->first_failed = &first_failed;
        s->number = i;
        s->stage = &stages[i];
        s->in = i > 0 ? &queues[i - 1] : NULL;
        s->out = i < PIPELINE_STAGES - 1 ? &queues[i] : NULL;
        s->items = items;
        s->items_left = count;
        s->results = results;
        error = pthread_create(&s->id, NULL, station_main, s);
        started += error == 0;
    }
    if (error != 0 && started > 0) {
        first_failed = started;
        while (queue_get(&queues[started - 1]).kind == ITEM)
            ;
    }
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
