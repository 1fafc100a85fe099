// expect: DEADLOCK
// why: two threads take two locks in opposite orders, and a barrier makes sure of it
#include "sample.h"

#include <stddef.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_barrier_t barrier;

static void *take_both(void *argument)
{
    int first = *(int *)argument;

    pthread_mutex_lock(&locks[first]);
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&locks[1 - first]);
    return NULL;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t ids[2];
    int first[2] = {0, 1};

    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, take_both, &first[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);
}
