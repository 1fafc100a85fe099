// why: C11 threads that draw their numbers from a second counter; the lock is taken by trylock
// first.
#include "counter_mutex.h"

#include <errno.h>
#include <threads.h>

int counter_init(struct counter *counter)
{
    static const struct counter fresh = {PTHREAD_MUTEX_INITIALIZER, 0};

    *counter = fresh;
    return 0;
}

static void enter(struct counter *counter)
{
    if (pthread_mutex_trylock(&counter->lock) != 0)
        pthread_mutex_lock(&counter->lock);
}

long counter_add(struct counter *counter, long amount)
{
    enter(counter);
    long after = counter->value + amount;
    counter->value = after;
    pthread_mutex_unlock(&counter->lock);
    return after;
}

long counter_value(struct counter *counter)
{
    return counter_add(counter, 0);
}

void counter_destroy(struct counter *counter)
{
    pthread_mutex_destroy(&counter->lock);
}

struct job {
    struct counter numbers;
    struct counter *counter;
    long rounds;
    counter_step *step;
    void *context;
};

static int work(void *argument)
{
    struct job *job = argument;
    int thread = (int)counter_add(&job->numbers, 1) - 1;
    long round = 0;

    while (round < job->rounds) {
        job->step(thread, round++, job->context);
        counter_add(job->counter, 1);
    }
    return 0;
}

int count_together(
    struct counter *counter, int threads, long rounds, counter_step *step, void *context)
{
    if (threads < 1 || threads > COUNTER_MAX_THREADS || rounds < 0)
        return EINVAL;

    struct job job = {.counter = counter, .rounds = rounds, .step = step, .context = context};
    thrd_t ids[threads];
    int started = 0;

    counter_init(&job.numbers);
    while (started < threads && thrd_create(&ids[started], work, &job) == thrd_success)
        started++;
    for (int i = 0; i < started; i++)
        thrd_join(ids[i], NULL);
    counter_destroy(&job.numbers);
    return started == threads ? 0 : EAGAIN;
}
