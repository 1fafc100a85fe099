/* SPDX-License-Identifier: MIT */
/* tsan, helgrind and explore must notice two unordered increments. */
#include "probe.h"

#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static bool locking;

static void *increment(void *unused)
{
    if (locking)
        pthread_mutex_lock(&lock);
    counter++;
    if (locking)
        pthread_mutex_unlock(&lock);
    return unused;
}

static void run_two(bool with_lock)
{
    pthread_t threads[2];

    locking = with_lock;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, increment, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

SCENARIO(planted)
{
    run_two(false);
}

SCENARIO(clean)
{
    run_two(true);
}
