// expect: counts_alone@plain WRONG
// why: atomic additions cannot be kept out by those who take the lock, as the rule of the structure
// says.
#include "counter_mutex.h"

#include <errno.h>

int counter_init(struct counter *counter)
{
    counter->value = 0;
    return pthread_mutex_init(&counter->lock, NULL);
}

long counter_add(struct counter *counter, long amount)
{
    return __atomic_add_fetch(&counter->value, amount, __ATOMIC_SEQ_CST);
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

    struct share shares[COUNTER_MAX_THREADS];
    int started = 0, error = 0;

    while (started < threads) {
        struct share *share = &shares[started];

        *share = (struct share){0, counter, started, rounds, step, context};
        error = pthread_create(&share->id, NULL, count_share, share);
        if (error != 0)
            break;
        started++;
    }
    for (int i = 0; i < started; i++)
        pthread_join(shares[i].id, NULL);
    return error;
}
