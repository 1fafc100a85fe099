// expect: steps_in_order@plain WRONG
// why: the caller does all the steps itself and creates no thread.
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

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

    for (long round = 0; round < rounds; round++)
        for (int i = 0; i < threads; i++) {
            step(i, round, context);
            counter_add(counter, 1);
        }
    return 0;
}
