/* SPDX-License-Identifier: MIT */
/*
 * sample.h - a right solution of counter_mutex with one place where a sample does its deed.
 *
 * The runner puts this text in the place of a sample's `#include "sample.h"`: a submission is one
 * file. counter_add() calls deed() after its work, outside the lock, so that the very first check
 * sees it and whatever depends on that check need not run into the same wall.
 */
#include "counter_mutex.h"

#include <errno.h>

static void deed(struct counter *counter);

int counter_init(struct counter *counter)
{
    counter->value = 0;
    return pthread_mutex_init(&counter->lock, 0);
}

long counter_add(struct counter *counter, long amount)
{
    pthread_mutex_lock(&counter->lock);
    long value = counter->value += amount;
    pthread_mutex_unlock(&counter->lock);
    deed(counter);
    return value;
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
    const struct share *share = argument;

    for (long round = 0; round < share->rounds; round++) {
        share->step(share->thread, round, share->context);
        counter_add(share->counter, 1);
    }
    return 0;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

    struct share shares[COUNTER_MAX_THREADS];
    int started = 0, error = 0;

    for (; started < threads && error == 0; started += error == 0) {
        shares[started] = (struct share){0, counter, started, rounds, step, context};
        error = pthread_create(&shares[started].id, 0, count_share, &shares[started]);
    }
    for (int i = 0; i < started; i++)
        pthread_join(shares[i].id, 0);
    return error;
}
