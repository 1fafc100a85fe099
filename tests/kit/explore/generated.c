/* SPDX-License-Identifier: MIT */
/*
 * A program that runs a program: the argument says what each thread does, one letter and one digit
 * for each operation, threads separated by '.'. What every thread read is a fact, and so is what is
 * left in memory. For the property test: whatever search strategy, the same set of outcomes.
 */
#include "probe.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, OPERATIONS = 16 };

static int plain[2];
static atomic_int shared[2];
static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t conditions[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
static pthread_rwlock_t locks[2] = {PTHREAD_RWLOCK_INITIALIZER, PTHREAD_RWLOCK_INITIALIZER};
static sem_t semaphores[2];

struct thread {
    const char *code;
    int number;
    int done; /* operations; changes all the time, so that no loop here looks like spinning */
    long seen[OPERATIONS];
};

static long update(int i, int add)
{
    int old = atomic_load(&shared[i]);

    return atomic_compare_exchange_strong(&shared[i], &old, old + add) ? old : -1;
}

static long operate(const struct thread *t, char what, int i)
{
    int value = 10 * (t->number + 1) + t->done;

    switch (what) {
    case 'r':
        return plain[i];
    case 'w':
        plain[i] = value;
        return 0;
    case 'i':
        plain[i]++;
        return 0;
    case 'l':
        return atomic_load(&shared[i]);
    case 's':
        atomic_store(&shared[i], value);
        return 0;
    case 'a':
        return atomic_fetch_add(&shared[i], 1);
    case 'c':
        return update(i, 1);
    case 'L':
        return pthread_mutex_lock(&mutexes[i]);
    case 'U':
        return pthread_mutex_unlock(&mutexes[i]);
    case 'T':
        return pthread_mutex_trylock(&mutexes[i]);
    case 'W':
        return pthread_cond_wait(&conditions[i], &mutexes[0]);
    case 'S':
        return pthread_cond_signal(&conditions[i]);
    case 'B':
        return pthread_cond_broadcast(&conditions[i]);
    case 'p':
        return sem_post(&semaphores[i]);
    case 'q':
        return sem_wait(&semaphores[i]);
    case 't':
        return sem_trywait(&semaphores[i]);
    case 'R':
        return pthread_rwlock_rdlock(&locks[i]);
    case 'X':
        return pthread_rwlock_wrlock(&locks[i]);
    case 'Y':
        return pthread_rwlock_unlock(&locks[i]);
    default:
        return -2;
    }
}

static void *run(void *argument)
{
    struct thread *t = argument;

    for (const char *at = t->code; *at && *at != '.'; at += 2) {
        t->seen[t->done] = operate(t, at[0], at[1] - '0');
        t->done++;
    }
    return NULL;
}

SCENARIO(generated)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    struct thread threads[THREADS] = {{0}};
    pthread_t ids[THREADS];
    int n = 0;

    sem_init(&semaphores[0], 0, 0);
    sem_init(&semaphores[1], 0, 1);
    for (const char *at = arg_str("code"); at && n < THREADS; n++) {
        threads[n].code = at;
        threads[n].number = n;
        at = strchr(at, '.');
        at = at ? at + 1 : NULL;
    }
    for (int i = 0; i < n; i++)
        pthread_create(&ids[i], NULL, run, &threads[i]);
    for (int i = 0; i < n; i++)
        pthread_join(ids[i], NULL);
    for (int i = 0; i < n; i++)
        fact_ints(names[i], threads[i].seen, (size_t)threads[i].done);
    for (int i = 0; i < 2; i++) {
        fact_int("plain", plain[i]);
        fact_int("shared", atomic_load(&shared[i]));
    }
}
