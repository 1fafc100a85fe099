// expect: no_update_is_lost@explore WRONG
// why: all threads get the address of the one loop variable, which goes on changing.
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

static struct {
    struct counter *counter;
    long rounds;
    counter_step *step;
    void *context;
} job;

static void *count_share(void *argument)
{
    int thread = *(int *)argument;

    for (long round = 0; round < job.rounds; round++) {
        job.step(thread, round, job.context);
        counter_add(job.counter, 1);
    }
    return NULL;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

    pthread_t ids[COUNTER_MAX_THREADS];

    job.counter = counter;
    job.rounds = rounds;
    job.step = step;
    job.context = context;
    int i;
    for (i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, count_share, &i);
    for (int j = 0; j < threads; j++)
        pthread_join(ids[j], NULL);
    return 0;
}
