/* SPDX-License-Identifier: MIT */
/* Races in which the thread holds the right lock and main does not. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t pages = PTHREAD_RWLOCK_INITIALIZER;
static long value, seen;

#if CASE == 0 /* main reads without the lock */
static void *right(void *unused)
{
    pthread_mutex_lock(&lock);
    value = 50;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void wrong(void)
{
    seen = value;
}
#else /* main writes under a lock for reading */
static void *right(void *unused)
{
    pthread_rwlock_rdlock(&pages);
    seen = value;
    pthread_rwlock_unlock(&pages);
    return unused;
}

static void wrong(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    pthread_rwlock_rdlock(&pages);
    value = 50;
    pthread_rwlock_unlock(&pages);
}
#endif

int main(void)
{
    pthread_t id;

    pthread_create(&id, NULL, right, NULL);
    wrong();
    pthread_join(id, NULL);
    return seen == 7;
}
