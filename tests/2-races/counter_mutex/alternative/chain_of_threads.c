// why: each thread creates the next one and joins it at its own end.
#include "counter_mutex.h"

#include <errno.h>

int counter_init(struct counter *counter)
{
    counter->value = 0;
    return pthread_mutex_init(&counter->lock, NULL);
}

long counter_add(struct counter *counter, long amount)
{
    pthread_mutex_lock(&counter->lock);
    counter->value += amount;
    long after = counter->value;
    pthread_mutex_unlock(&counter->lock);
    return after;
}

long counter_value(struct counter *counter)
{
    pthread_mutex_lock(&counter->lock);
    long value = counter->value;
    pthread_mutex_unlock(&counter->lock);
    return value;
}

void counter_destroy(struct counter *counter)
{
    pthread_mutex_destroy(&counter->lock);
}

struct chain {
    struct counter *counter;
    int threads;
    int next; /* the number of the thread that this one belongs to */
    long rounds;
    counter_step *step;
    void *context;
    int error;
};

static void *work(void *argument)
{
    struct chain *mine = argument;
    struct chain rest = *mine;
    pthread_t id;
    int error = 0; /* not rest.error: the next thread reads `rest` as soon as it begins */

    rest.next++;
    if (rest.next < rest.threads)
        error = pthread_create(&id, NULL, work, &rest);
    int created = rest.next < rest.threads && error == 0;
    for (long round = 0; round < mine->rounds; round++) {
        mine->step(mine->next, round, mine->context);
        counter_add(mine->counter, 1);
    }
    if (created)
        pthread_join(id, NULL);
    mine->error = error != 0 ? error : rest.error;
    return NULL;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

    struct chain all = {counter, threads, 0, rounds, step, context, 0};
    pthread_t first;
    int error = pthread_create(&first, NULL, work, &all);

    if (error != 0)
        return error;
    pthread_join(first, NULL);
    return all.error;
}
