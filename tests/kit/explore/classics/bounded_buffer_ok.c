/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static sem_t slots, items;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int buf[2], in, out;

static void *prod(void *p)
{
    for (int i = 1; i <= 3; i++) {
        sem_wait(&slots);
        pthread_mutex_lock(&m);
        buf[in++ % 2] = i;
        pthread_mutex_unlock(&m);
        sem_post(&items);
    }
    return p;
}

static void *cons(void *p)
{
    int s = 0;
    for (int i = 0; i < 3; i++) {
        sem_wait(&items);
        pthread_mutex_lock(&m);
        s += buf[out++ % 2];
        pthread_mutex_unlock(&m);
        sem_post(&slots);
    }
    assert(s == 6);
    return p;
}

int main(void)
{
    sem_init(&slots, 0, 2);
    sem_init(&items, 0, 0);
    pthread_t a, b;
    pthread_create(&a, 0, prod, 0);
    pthread_create(&b, 0, cons, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
