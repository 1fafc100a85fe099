/* SPDX-License-Identifier: MIT */
/* Programs with one bug each, of the shapes that benchmarks for schedule explorers have. */
#include "probe.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { MOST = 110 };

static int n_threads;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, two = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* `n` threads with the numbers 0 to n - 1. */
static void run_threads(int n, void *(*function)(void *))
{
    pthread_t ids[MOST];

    n_threads = n;
    for (int i = 0; i < n; i++)
        pthread_create(&ids[i], NULL, function, (void *)(long)i);
    for (int i = 0; i < n; i++)
        pthread_join(ids[i], NULL);
}

static void *cross(void *number)
{
    pthread_mutex_t *first = (long)number == 0 ? &one : &two;
    pthread_mutex_t *second = (long)number == 0 ? &two : &one;

    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
    return NULL;
}

SCENARIO(two_locks)
{
    run_threads(2, cross);
}

static int counter;

static void *increment(void *unused)
{
    counter++;
    return unused;
}

SCENARIO(lost_update)
{
    run_threads(2, increment);
    assert(counter == 2);
}

static bool ready;

/* Looks without the lock, and sleeps through the signal that comes in between. */
static void *wait_or_signal(void *number)
{
    if ((long)number == 0) {
        if (!ready) {
            pthread_mutex_lock(&one);
            pthread_cond_wait(&changed, &one);
            pthread_mutex_unlock(&one);
        }
    } else {
        ready = true;
        pthread_mutex_lock(&one);
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&one);
    }
    return NULL;
}

SCENARIO(lost_wakeup)
{
    run_threads(2, wait_or_signal);
}

static int a, b;

/* The last one checks; all others store a, then b. */
static void *set_or_check(void *number)
{
    if ((long)number < n_threads - 1) {
        a = 1;
        b = -1;
    } else {
        int seen_a = a, seen_b = b;

        assert((seen_a == 0 && seen_b == 0) || (seen_a == 1 && seen_b == -1));
    }
    return NULL;
}

SCENARIO(reorder)
{
    run_threads((int)arg_int("threads"), set_or_check);
}

/* The same in two stages, each under a lock of its own. */
static void *stages_or_check(void *number)
{
    int first, second;

    if ((long)number < n_threads - 1) {
        pthread_mutex_lock(&one);
        a = 1;
        pthread_mutex_unlock(&one);
        pthread_mutex_lock(&two);
        b = a + 1;
        pthread_mutex_unlock(&two);
        return NULL;
    }
    pthread_mutex_lock(&one);
    first = a;
    pthread_mutex_unlock(&one);
    if (first == 0)
        return NULL;
    pthread_mutex_lock(&two);
    second = b;
    pthread_mutex_unlock(&two);
    assert(second == first + 1);
    return NULL;
}

SCENARIO(twostage)
{
    run_threads((int)arg_int("threads"), stages_or_check);
}
