/* SPDX-License-Identifier: MIT */
/* explore 1: nobody is left who would post it */
/* readers counted without a lock */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static sem_t room;
static int readers, data;

static void *reader(void *p)
{
    if (++readers == 1)
        sem_wait(&room);
    int d = data;
    (void)d;
    if (--readers == 0)
        sem_post(&room);
    return p;
}

static void *writer(void *p)
{
    sem_wait(&room);
    data++;
    sem_post(&room);
    return p;
}

int main(void)
{
    pthread_t a, b, c;
    sem_init(&room, 0, 1);
    pthread_create(&a, 0, reader, 0);
    pthread_create(&b, 0, reader, 0);
    pthread_create(&c, 0, writer, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    pthread_join(c, 0);
    return 0;
}
