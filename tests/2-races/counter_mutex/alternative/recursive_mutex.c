// why: a recursive mutex, counter_add on top of itself, shares on the heap.
#include "counter_mutex.h"

#include <errno.h>
#include <stdlib.h>

int counter_init(struct counter *counter)
{
    pthread_mutexattr_t attributes;
    int error = pthread_mutexattr_init(&attributes);

    if (error != 0)
        return error;
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    error = pthread_mutex_init(&counter->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    if (error == 0)
        counter->value = 0;
    return error;
}

long counter_add(struct counter *counter, long amount)
{
    pthread_mutex_lock(&counter->lock);
    long after = counter->value = counter_value(counter) + amount;
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

struct share {
    pthread_t id;
    struct counter *counter;
    int thread;
    long rounds;
    counter_step *step;
    void *context;
};

static void *count_share(void *argument)
{
    struct share *share = argument;

    for (long round = 0; round < share->rounds; round++) {
        share->step(share->thread, round, share->context);
        counter_add(share->counter, 1);
    }
    return NULL;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

    struct share *shares = calloc((size_t)threads, sizeof *shares);
    int started, error = 0;

    if (shares == NULL)
        return ENOMEM;
    for (started = 0; started < threads && error == 0; started++) {
        shares[started].counter = counter;
        shares[started].thread = started;
        shares[started].rounds = rounds;
        shares[started].step = step;
        shares[started].context = context;
        error = pthread_create(&shares[started].id, NULL, count_share, &shares[started]);
    }
    if (error != 0)
        started--;
    while (started-- > 0)
        pthread_join(shares[started].id, NULL);
    free(shares);
    return error;
}
