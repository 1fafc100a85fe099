// expect: memory_is_clean@asan MEMERR
// why: the array of threads is smaller than the contract allows.
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

struct share {
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

    pthread_t ids[16];
    struct share shares[16];

    for (int i = 0; i < threads; i++) {
        shares[i] = (struct share){counter, i, rounds, step, context};
        pthread_create(&ids[i], NULL, count_share, &shares[i]);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    return 0;
}
