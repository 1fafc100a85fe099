/* SPDX-License-Identifier: MIT */
/* explore 1: nobody is left who would post it */
/* the mutex is taken before the semaphore */
#include <pthread.h>
#include <semaphore.h>

static sem_t slots, items;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int buf[1], in, out;

static void *prod(void *p)
{
    for (int i = 1; i <= 2; i++) {
        pthread_mutex_lock(&m);
        sem_wait(&slots);
        buf[in++ % 1] = i;
        sem_post(&items);
        pthread_mutex_unlock(&m);
    }
    return p;
}

static void *cons(void *p)
{
    int s = 0;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        sem_wait(&items);
        s += buf[out++ % 1];
        sem_post(&slots);
        pthread_mutex_unlock(&m);
    }
    (void)s;
    return p;
}

int main(void)
{
    sem_init(&slots, 0, 1);
    sem_init(&items, 0, 0);
    pthread_t a, b;
    pthread_create(&a, 0, prod, 0);
    pthread_create(&b, 0, cons, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
