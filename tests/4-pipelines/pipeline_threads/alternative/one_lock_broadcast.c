/* SPDX-License-Identifier: MIT */
/* One lock and one condition for both queues; every change is told to all. */
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

struct queue {
    struct message *slots;
    size_t capacity;
    size_t first;
    size_t count;
    bool abandoned;
};

static void queue_init(struct queue *q, size_t capacity)
{
    *q = (struct queue){.capacity = capacity, .slots = calloc(capacity, sizeof *q->slots)};
}

static void queue_destroy(struct queue *q)
{
    free(q->slots);
}

static bool queue_put(struct queue *q, struct message m)
{
    pthread_mutex_lock(&lock);
    while (q->count == q->capacity && !q->abandoned)
        pthread_cond_wait(&changed, &lock);
    bool taken = !q->abandoned;
    if (taken) {
        q->slots[(q->first + q->count) % q->capacity] = m;
        q->count++;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    return taken;
}

static struct message queue_get(struct queue *q)
{
    pthread_mutex_lock(&lock);
    while (q->count == 0)
        pthread_cond_wait(&changed, &lock);
    struct message m = q->slots[q->first];
    q->first = (q->first + 1) % q->capacity;
    q->count--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return m;
}

static void queue_abandon(struct queue *q)
{
    pthread_mutex_lock(&lock);
    q->abandoned = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
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
