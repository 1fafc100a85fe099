/* SPDX-License-Identifier: MIT */
#include "counter_mutex.h"

#include <errno.h>

int counter_init(struct counter *counter)
{
    /* Nobody else can know the counter yet, so this one write needs no lock. */
    counter->value = 0;
    return pthread_mutex_init(&counter->lock, NULL);
}

long counter_add(struct counter *counter, long amount)
{
    counter->value += amount;
    return counter->value;
}

long counter_value(struct counter *counter)
{
    /* Reading takes the lock too: without it the read is a data race with every addition, and the
     * compiler owes us nothing, not even that the value is read again the next time. */
    pthread_mutex_lock(&counter->lock);
    long value = counter->value;
    pthread_mutex_unlock(&counter->lock);
    return value;
}

void counter_destroy(struct counter *counter)
{
    pthread_mutex_destroy(&counter->lock);
}

/* What one thread has to know. Each thread has a share of its own, never the address of a loop
 * variable that the creator goes on changing. */
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
    const struct share *share = argument;

    for (long round = 0; round < share->rounds; round++) {
        /* Outside the lock: the step may take long, and it may need the other threads. */
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

    /* On this stack the shares live until we return, and we return only after the last join. */
    struct share shares[COUNTER_MAX_THREADS];
    int started = 0;
    int error = 0;

    for (; started < threads; started++) {
        struct share *share = &shares[started];

        share->counter = counter;
        share->thread = started;
        share->rounds = rounds;
        share->step = step;
        share->context = context;
        error = pthread_create(&share->id, NULL, count_share, share);
        if (error != 0)
            break;
    }
    /* A loop of its own: joining inside the first one would run the threads one after another. */
    for (int i = 0; i < started; i++)
        pthread_join(shares[i].id, NULL);
    return error;
}
