// expect: PASS
// why: sixty threads at the same time, when the test has counted the others
#define counter_destroy end_of_counter
#include "sample.h"
#undef counter_destroy

enum { THREADS = 60 };

static void deed(struct counter *counter)
{
    (void)counter;
}

/* A gate for each: with one for all, explore would try the orders in which sixty pass it. */
static void *pass(void *gate)
{
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return gate;
}

void counter_destroy(struct counter *counter)
{
    pthread_t ids[THREADS];
    pthread_mutex_t gates[THREADS];
    int started = 0;

    for (int i = 0; i < THREADS; i++) {
        pthread_mutex_init(&gates[i], 0);
        pthread_mutex_lock(&gates[i]);
    }
    while (started < THREADS && pthread_create(&ids[started], 0, pass, &gates[started]) == 0)
        started++;
    for (int i = 0; i < THREADS; i++)
        pthread_mutex_unlock(&gates[i]);
    while (started > 0)
        pthread_join(ids[--started], 0);
    for (int i = 0; i < THREADS; i++)
        pthread_mutex_destroy(&gates[i]);
    end_of_counter(counter);
}
