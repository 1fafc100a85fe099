/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <semaphore.h>

static sem_t items;

static void *consume(void *unused)
{
    sem_wait(&items);
    return unused;
}

int main(void)
{
    pthread_t a, b;

    sem_init(&items, 0, 0);
    pthread_create(&a, NULL, consume, NULL);
    pthread_create(&b, NULL, consume, NULL);
    sem_post(&items);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
