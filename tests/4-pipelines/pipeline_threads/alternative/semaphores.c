/* SPDX-License-Identifier: MIT */
/* The queue counts its places and its items with two semaphores; a ring with one producer and one
 * consumer needs no lock beside them. */
#include "pipeline_threads.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>

enum kind { ITEM, DONE, BROKEN };

struct message {
    enum kind kind;
    long item;
};

struct queue {
    sem_t items;
    sem_t places;
    struct message *slots;
    size_t capacity;
    size_t head; /* the consumer's */
    size_t tail; /* the producer's */
    _Atomic bool abandoned;
};

static void queue_init(struct queue *q, size_t capacity)
{
    *q = (struct queue){.capacity = capacity, .slots = calloc(capacity, sizeof *q->slots)};
    sem_init(&q->items, 0, 0);
    sem_init(&q->places, 0, (unsigned)capacity);
}

static void queue_destroy(struct queue *q)
{
    sem_destroy(&q->items);
    sem_destroy(&q->places);
    free(q->slots);
}

static bool queue_put(struct queue *q, struct message m)
{
    while (sem_wait(&q->places) != 0)
        ;
    if (q->abandoned)
        return false;
    q->slots[q->tail++ % q->capacity] = m;
    sem_post(&q->items);
    return true;
}

static struct message queue_get(struct queue *q)
{
    while (sem_wait(&q->items) != 0)
        ;
    struct message m = q->slots[q->head++ % q->capacity];
    sem_post(&q->places);
    return m;
}

static void queue_abandon(struct queue *q)
{
    q->abandoned = true;
    sem_post(&q->places);
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
