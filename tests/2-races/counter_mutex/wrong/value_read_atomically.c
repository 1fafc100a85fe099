// expect: counts_alone@plain WRONG
// why: counter_value reads atomically, but without the lock: no race, and yet it sees what others
// have half done.
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
    long after = counter->value + amount;

    __atomic_store_n(&counter->value, after, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&counter->lock);
    return after;
}

long counter_value(struct counter *counter)
{
    return __atomic_load_n(&counter->value, __ATOMIC_SEQ_CST);
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
    return NULL;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

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
    for (int i = 0; i < started; i++)
        pthread_join(shares[i].id, NULL);
    return error;
}
