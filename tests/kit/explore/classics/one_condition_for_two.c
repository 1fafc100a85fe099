/* SPDX-License-Identifier: MIT */
/* explore 1: on `c` (line */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int count;
#define MAX 1

static void *producer(void *p)
{
    (void)p;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        while (count == MAX)
            pthread_cond_wait(&c, &m);
        count++;
        pthread_cond_signal(&c);
        pthread_mutex_unlock(&m);
    }
    return NULL;
}

static void *consumer(void *p)
{
    (void)p;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        while (count == 0)
            pthread_cond_wait(&c, &m);
        count--;
        pthread_cond_signal(&c);
        pthread_mutex_unlock(&m);
    }
    return NULL;
}

int main(void)
{
    pthread_t t[4];
    pthread_create(&t[0], 0, producer, 0);
    pthread_create(&t[1], 0, producer, 0);
    pthread_create(&t[2], 0, consumer, 0);
    pthread_create(&t[3], 0, consumer, 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
    printf("done\n");
    return 0;
}
