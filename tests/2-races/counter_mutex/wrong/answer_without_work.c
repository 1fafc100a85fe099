// expect: steps_in_order@plain WRONG
// why: the total is calculated instead of counted, and no step is called.
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

static void *nothing(void *argument)
{
    return argument;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    pthread_t ids[COUNTER_MAX_THREADS];

    (void)step, (void)context;
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;
    for (int i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, nothing, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    counter_add(counter, threads * rounds);
    return 0;
}
