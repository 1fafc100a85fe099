// expect: pipelines_are_apart@plain DEADLOCK
// why: whether somebody still takes items is a static variable: one pipeline that ends stops all
// others.
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

static bool abandoned;
static int queue_init(struct queue *q, size_t capacity)
{
    *q = (struct queue){.capacity = capacity};
    q->slots = calloc(capacity, sizeof *q->slots);
    if (q->slots == NULL)
        return ENOMEM;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->not_empty, NULL);
    pthread_cond_init(&q->not_full, NULL);
    return 0;
}

static void queue_destroy(struct queue *q)
{
    if (q->slots == NULL)
        return;
    pthread_cond_destroy(&q->not_full);
    pthread_cond_destroy(&q->not_empty);
    pthread_mutex_destroy(&q->lock);
    free(q->slots);
}

static bool queue_put(struct queue *q, struct message m)
{
    pthread_mutex_lock(&q->lock);
    while (q->count == q->capacity && !abandoned)
        pthread_cond_wait(&q->not_full, &q->lock);
    bool taken = !abandoned;
    if (taken) {
        q->slots[(q->first + q->count) % q->capacity] = m;
        q->count++;
        pthread_cond_signal(&q->not_empty);
    }
    pthread_mutex_unlock(&q->lock);
    return taken;
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

static void queue_abandon(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    abandoned = true;
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

static struct pipeline_end join_all(struct station *stations, int started)
{
    struct pipeline_end end = {.failed_stage = -1};

    for (int i = 0; i < started; i++) {
        pthread_join(stations[i].id, NULL);
        if (stations[i].error != 0) {
            end.failed_stage = i;
            end.error = stations[i].error;
        }
    }
    end.results = stations[PIPELINE_STAGES - 1].n_results;
    return end;
}

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end)
{
    struct queue queues[PIPELINE_STAGES - 1] = {0};
    struct station stations[PIPELINE_STAGES] = {0};
    int started = 0;
    int error = capacity == 0 ? EINVAL : 0;

    for (int i = 0; i < PIPELINE_STAGES - 1 && error == 0; i++)
        error = queue_init(&queues[i], capacity);
    if (error != 0)
        goto out;

    for (; started < PIPELINE_STAGES; started++) {
        struct station *s = &stations[started];

        s->stage = &stages[started];
        s->in = started > 0 ? &queues[started - 1] : NULL;
        s->out = started < PIPELINE_STAGES - 1 ? &queues[started] : NULL;
        s->items = items;
        s->items_left = count;
        s->results = results;
        error = pthread_create(&s->id, NULL, station_main, s);
        if (error != 0)
            break;
    }
    if (error != 0 && started > 0)
        queue_abandon(&queues[started - 1]);

    struct pipeline_end end = join_all(stations, started);
    if (error == 0)
        *ret_end = end;
out:
    for (int i = 0; i < PIPELINE_STAGES - 1; i++)
        queue_destroy(&queues[i]);
    return error;
}
