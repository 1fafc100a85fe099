/* SPDX-License-Identifier: MIT */
#include <pthread.h>

enum { PHILOSOPHERS = 3 };

static pthread_mutex_t forks[PHILOSOPHERS] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void *dine(void *data)
{
    long seat = (long)data;

    pthread_mutex_lock(&forks[seat]);
    pthread_mutex_lock(&forks[(seat + 1) % PHILOSOPHERS]);
    pthread_mutex_unlock(&forks[(seat + 1) % PHILOSOPHERS]);
    pthread_mutex_unlock(&forks[seat]);
    return NULL;
}

int main(void)
{
    pthread_t threads[PHILOSOPHERS];

    for (long i = 0; i < PHILOSOPHERS; i++)
        pthread_create(&threads[i], NULL, dine, (void *)i);
    for (long i = 0; i < PHILOSOPHERS; i++)
        pthread_join(threads[i], NULL);
}
